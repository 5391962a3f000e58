using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Svom.Support;

namespace Svom.Architecture;

/// <summary>A figure of ours as the source declares it.</summary>
/// <param name="Exported">Its name at <c>/metrics</c>.</param>
internal sealed record Figure(string Name, string Exported, string Kind, string Unit, string About);

/// <summary>A line of the log as the source declares it.</summary>
internal sealed record LogEvent(int Id, string Level, string Text, string Place);

/// <summary>docs/operating/telemetry.md lists figures and log lines as the source declares them, so that it cannot say otherwise.</summary>
public sealed partial class TelemetryReferenceTests
{
    private const string Page = "docs/operating/telemetry.md";

    [Fact]
    public void The_page_lists_every_figure_and_every_line_of_the_log()
    {
        var page = File.ReadAllText(Path.Combine(SolutionFolder.Path, Page));
        var figures = new StringBuilder("| at `/metrics` | kind | unit | what |\n|---|---|---|---|\n");
        foreach (var figure in Figures())
        {
            figures.Append(CultureInfo.InvariantCulture, $"| `{figure.Exported}` | {figure.Kind} | {figure.Unit} | {figure.About} |\n");
        }

        var lines = new StringBuilder("| id | level | line | written by |\n|---|---|---|---|\n");
        foreach (var line in LogEvents())
        {
            lines.Append(CultureInfo.InvariantCulture, $"| {line.Id} | {line.Level} | {line.Text.Replace("|", "\\|", StringComparison.Ordinal)} | `{line.Place}` |\n");
        }

        GoldenFile.IsAt(Page, Between(Between(page, "figures", figures.ToString()), "log", lines.ToString()));
    }

    [Fact] // Whoever filters or alarms by an id must get one line.
    public void No_two_lines_of_the_log_have_one_event_id()
    {
        var events = LogEvents();
        Assert.True(events.Count > 40, "The lines were not found.");
        Assert.Empty(events.GroupBy(static line => line.Id).Where(static id => id.Count() > 1).Select(static id => $"{id.Key}: {string.Join(", ", id.Select(static line => line.Place))}"));
    }

    [Fact] // The list above reads the source; a line declared in another form would not be on it.
    public void Every_logger_message_that_was_compiled_is_on_the_list()
    {
        var compiled = new[] { typeof(Bursts.BurstGrain), typeof(EventStore.SqliteEventStore), typeof(Hosting.Platform), typeof(Hosting.GatewayRegistration) }
            .SelectMany(static type => type.Assembly.GetTypes()).SelectMany(static type => type.GetMethods(AllMethods))
            .SelectMany(static method => method.GetCustomAttributes(typeof(LoggerMessageAttribute), inherit: false).Cast<LoggerMessageAttribute>())
            .Select(static message => message.EventId).Order();
        Assert.Equal(compiled, LogEvents().Select(static line => line.Id));
    }

    [Fact]
    public void A_figure_is_declared_once_and_says_what_it_is()
    {
        var figures = Figures();
        Assert.True(figures.Count > 25, "The figures were not found.");
        Assert.Equal(figures.DistinctBy(static figure => figure.Name), figures);
        Assert.All(figures, static figure => Assert.EndsWith(".", figure.About, StringComparison.Ordinal));
    }

    internal static IReadOnlyList<Figure> Figures() => [.. Sources().SelectMany(static file => Declarations().Matches(file.Text)).Select(ToFigure).OrderBy(static figure => figure.Exported, StringComparer.Ordinal)];

    private const System.Reflection.BindingFlags AllMethods = System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.Static
        | System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.DeclaredOnly;

    private static IReadOnlyList<LogEvent> LogEvents() => [.. Sources().SelectMany(static file => Messages().Matches(file.Text)
        .Select(message => new LogEvent(int.Parse(message.Groups["id"].Value, CultureInfo.InvariantCulture), message.Groups["level"].Value, message.Groups["text"].Value, file.Name)))
        .OrderBy(static line => line.Id)];

    private static Figure ToFigure(Match declaration)
    {
        var (name, kind) = (declaration.Groups["name"].Value, declaration.Groups["kind"].Value);
        var words = Literals().Matches(declaration.Groups["rest"].Value).Select(static literal => literal.Groups["text"].Value).ToArray();
        var unit = kind == "Durations" || words.Length == 1 ? "s" : words[^2].Trim('{', '}');
        var exported = name.Replace('.', '_') + (unit == "s" ? "_seconds" : "") + (kind == "Counter" ? "_total" : "");
        return new(name, exported, kind switch { "Counter" => "counter", "ObservableGauge" => "gauge", _ => "histogram" }, unit, words[^1]);
    }

    private static string Between(string page, string section, string text)
    {
        var (begin, end) = ($"<!-- {section}: written from the source -->\n", $"<!-- end of {section} -->");
        var (from, to) = (page.IndexOf(begin, StringComparison.Ordinal) + begin.Length, page.IndexOf(end, StringComparison.Ordinal));
        Assert.True(from >= begin.Length && to >= from, $"{Page} has no section {section}.");
        return page[..from] + text + page[to..];
    }

    private static IEnumerable<(string Name, string Text)> Sources() =>
        from project in (string[])["Gateway", "Grains", "Silo", "Storage"]
        from file in Directory.EnumerateFiles(Path.Combine(SolutionFolder.Path, project), "*.cs", SearchOption.AllDirectories)
        where !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal)
        select (Path.GetFileNameWithoutExtension(file), File.ReadAllText(file));

    [GeneratedRegex(@"\[LoggerMessage\((?<id>\d+), LogLevel\.(?<level>\w+), ""(?<text>(\\.|[^""\\])*)""\)\]", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex Messages();

    [GeneratedRegex(@"meter\.Create(?<kind>Counter|ObservableGauge|Histogram|Durations)(<\w+>)?\(""(?<name>svom\.[a-z._]+)""(?<rest>(""[^""]*""|[^;""])*);", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex Declarations();

    [GeneratedRegex(@"""(?<text>[^""]*)""", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex Literals();
}
