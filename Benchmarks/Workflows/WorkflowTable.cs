using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Svom.Workflows;

/// <summary>Puts lines of several engines into one table for people: joined on bench and conc, the last of equal lines counts.</summary>
internal static class WorkflowTable
{
    private sealed record Column(string Head, Func<JsonObject, string?> Value);

    private sealed record Section(string Title, string[] Benches, Column[] Columns);

    private static readonly Column Machine = new("others' CPU s", Of("cpu_others_s"));

    private static readonly Section[] Sections =
    [
        new("Ten steps", ["steps10"],
        [
            new("workflows/s", Of("wf_per_s")), new("steps/s", Of("steps_per_s")), new("p50 ms", Of("p50_ms")), new("p99 ms", Of("p99_ms")),
            new("CPU ms/wf", static line => Each(line, Cpu(line, "cpu_", "_s"), 1_000)), new("appends/wf", Of("appends_per_wf")), new("commits/wf", Of("commits_per_wf")), new("syncs/wf", Of("syncs_per_wf")), Machine,
        ]),
        new("Start, signal at once, result", ["signal_full"], [new("workflows/s", Of("wf_per_s")), new("p50 ms", Of("p50_ms")), new("p99 ms", Of("p99_ms")), new("syncs/wf", Of("syncs_per_wf")), Machine]),
        new("Signal to a workflow that waits: from sending to the result", ["signal_wake"], [new("p50 ms", Of("p50_ms")), new("p99 ms", Of("p99_ms")), Machine]),
        new("Sleep of 100 ms", ["sleep100"],
            [new("late p50 ms", Of("late_p50_ms")), new("late p99 ms", Of("late_p99_ms")), new("latest ms", Of("late_max_ms")), new("start to result p50 ms", Of("e2e_p50_ms")), new("p99 ms", Of("e2e_p99_ms")), Machine]),
        new("Asleep for an hour", ["idle10k", "idle1m"],
        [
            new("asleep", Of("n")), new("accepted in s", Of("accept_s")), new("MiB added per 10,000", Of("delta_MiB_per_10k")),
            new("MiB in all", static line => Sum(line, static name => name.EndsWith("_pss_MiB", StringComparison.Ordinal))), new("most MiB", Of("pss_MiB_most")), new("disk MiB", Of("disk_delta_MiB")),
            new("CPU s until 20 s after", static line => Sum(line, static name => name.StartsWith("start_cpu_", StringComparison.Ordinal))),
            new("CPU % while asleep", static line => Sum(line, static name => name.StartsWith("idle_cpu_", StringComparison.Ordinal))),
        ]),
        new("Killed with 1,000 under way", ["crash1000"],
        [
            new("victim", Of("victim")), new("workflows", Of("n")), new("kill to all done s", Of("kill_to_all_done_s")), new("restart to half done s", Of("restart_to_p50_done_s")), new("finished", Of("finished")),
            new("lost", Of("lost")), new("wrong results", Of("wrong_result")), new("step bodies run twice", Of("step_duplicates")), new("steps missing", Of("steps_missing")),
        ]),
    ];

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
            lines.AddRange((await File.ReadAllLinesAsync(file.FullName, cancellationToken)).Where(static line => line.StartsWith('{')).Select(static line => JsonNode.Parse(line)!.AsObject()));
        }

        foreach (var section in Sections)
        {
            var rows = lines.Where(line => section.Benches.Contains(Text(line, "bench")) && line.ContainsKey("engine")).GroupBy(Key).Select(static same => same.Last())
                .OrderBy(static line => Number(line, "conc")).ThenBy(static line => Text(line, "engine") == "svom" ? 0 : 1).ThenBy(Engine, StringComparer.Ordinal).ToArray();
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

    private static string Markdown(Section section, JsonObject[] rows)
    {
        var byCallers = rows.Any(static row => row.ContainsKey("conc"));
        Column[] columns = [.. section.Columns.Where(column => rows.Any(row => column.Value(row) is not null))];
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

    private static Func<JsonObject, string?> Of(string field) => line => Text(line, field);

    private static string? Text(JsonObject line, string field) =>
        line[field] is not { } value ? null : value.GetValueKind() is System.Text.Json.JsonValueKind.Number ? value.ToJsonString() : value.ToString();

    private static double Number(JsonObject line, string field) => line[field]?.GetValue<double>() ?? 0;

    /// <summary>CPU seconds of all processes of the engine and of its load.</summary>
    private static double? Cpu(JsonObject line, string prefix, string suffix)
    {
        var own = line.Where(field => field.Key.StartsWith(prefix, StringComparison.Ordinal) && field.Key.EndsWith(suffix, StringComparison.Ordinal) && field.Key != "cpu_others_s").ToArray();
        return own.Length == 0 ? null : own.Sum(static field => field.Value!.GetValue<double>());
    }

    private static string? Each(JsonObject line, double? seconds, double scale) =>
        seconds is { } value ? Math.Round(value * scale / Number(line, "n"), 2).ToString(CultureInfo.InvariantCulture) : null;

    private static string? Sum(JsonObject line, Func<string, bool> wanted)
    {
        var values = line.Where(field => wanted(field.Key)).Select(static field => field.Value!.GetValue<double>()).ToArray();
        return values.Length == 0 ? null : Math.Round(values.Sum(), 2).ToString(CultureInfo.InvariantCulture);
    }
}
