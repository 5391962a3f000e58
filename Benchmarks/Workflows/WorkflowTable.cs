using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using static Svom.Workflows.WorkflowSections;

namespace Svom.Workflows;

/// <summary>Puts lines of several engines into one table for people: joined on bench and conc, the last of equal lines counts.</summary>
internal static class WorkflowTable
{
    public static System.CommandLine.Command Command()
    {
        var files = new Argument<FileInfo[]>("files") { Description = "Lines of this platform and of other engines.", Arity = ArgumentArity.OneOrMore };
        var command = new System.CommandLine.Command("wf-table", "Joins lines of workflow figures and prints tables for docs/.") { files };
        command.SetAction((parsed, cancellation) => PrintAsync(parsed.GetRequiredValue(files), cancellation));
        return command;
    }

    private static async Task<int> PrintAsync(FileInfo[] files, CancellationToken cancellationToken)
    {
        var lines = new List<JsonObject>();
        foreach (var file in files)
        {
            var read = await File.ReadAllLinesAsync(file.FullName, cancellationToken);
            lines.AddRange(read.Where(static line => line.StartsWith('{')).Select(static line => JsonNode.Parse(line)!.AsObject()));
        }

        foreach (var section in All)
        {
            var rows = lines.Where(line => section.Benches.Contains(Text(line, "bench")) && line.ContainsKey("engine"))
                .GroupBy(Key).Select(static same => same.Last())
                .OrderBy(static line => Number(line, "conc"))
                .ThenBy(static line => Text(line, "engine") == "svom" ? 0 : 1).ThenBy(Engine, StringComparer.Ordinal).ToArray();
            if (rows.Length > 0)
            {
                await Console.Out.WriteLineAsync(Markdown(section, rows));
            }
        }

        foreach (var note in lines.SelectMany(Notes).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            await Console.Out.WriteLineAsync($"- {note}");
        }

        return 0;
    }

    private static string Markdown(WorkflowSection section, JsonObject[] rows)
    {
        var byCallers = rows.Any(static row => row.ContainsKey("conc"));
        WorkflowColumn[] columns = [.. section.Columns.Where(column => rows.Any(row => column.Value(row) is not null))];
        string[] heads = ["engine", .. byCallers ? ["at once"] : Array.Empty<string>(), .. columns.Select(static column => column.Head)];
        var text = new StringBuilder($"### {section.Title}\n\n").Append(Row(heads)).Append(Row(heads.Select(static _ => "---")));
        foreach (var row in rows)
        {
            text.Append(Row([Engine(row), .. byCallers ? [Text(row, "conc") ?? ""] : Array.Empty<string>(), .. columns.Select(column => column.Value(row) ?? "")]));
        }

        return text.ToString();
    }

    private static string Row(IEnumerable<string> cells) => $"| {string.Join(" | ", cells)} |\n";

    private static string Engine(JsonObject line)
    {
        string?[] more = [Text(line, "store"), Text(line, "form"), Text(line, "mode"), Text(line, "partitions") is { } partitions ? $"{partitions} partitions" : null];
        return string.Join(", ", (string[])[$"{Text(line, "engine")} {Text(line, "version")}", .. more.OfType<string>()]);
    }

    private static string Key(JsonObject line) => string.Join('/', Engine(line), Text(line, "bench"), Text(line, "conc"), Text(line, "victim"));

    private static IEnumerable<string> Notes(JsonObject line)
    {
        var engine = string.Join(", ", ((string?[])[Text(line, "engine"), Text(line, "store")]).OfType<string>());
        foreach (var field in (string[])["durability", "host", "settings", "syncs_counted", "machine"])
        {
            if (Text(line, field) is { } said)
            {
                yield return $"{engine}: {field.Replace('_', ' ')}: {said}";
            }
        }

        if (Text(line, "date") is { } date)
        {
            yield return $"{engine}: measured on {date[..10]}";
        }
    }
}
