using System.Text.RegularExpressions;
using Svom.Architecture;
using Svom.Support;

namespace Svom.EndToEnd.Monitoring;

/// <summary>The rules that ring somebody, as Prometheus' own tool reads them.</summary>
public sealed partial class PrometheusRulesTests
{
    private static readonly string Folder = Path.Combine(SolutionFolder.Path, "deploy", "prometheus");

    [Fact] // A rule on a figure that is no more would never ring.
    public void Rules_speak_of_figures_that_there_are()
    {
        var there = Figures();
        var named = Names().Matches(File.ReadAllText(Path.Combine(Folder, "svom.rules.yml"))).Select(static name => name.Value).Distinct(StringComparer.Ordinal).ToList();
        Assert.True(named.Count >= 8, "The rules name no figures.");
        Assert.Empty(named.Except(there, StringComparer.Ordinal));
    }

    [Fact]
    public async Task Promtool_takes_the_configuration_and_its_rules()
    {
        var (exit, output, errors) = await Tool.RunAsync(Tool.Require("promtool", "prometheus"), ["check", "config", Path.Combine(Folder, "prometheus.yml")]);
        Assert.True(exit == 0, output + errors);
    }

    [Fact]
    public async Task Rules_ring_when_they_should_and_are_silent_when_they_should()
    {
        var (exit, output, errors) = await Tool.RunAsync(Tool.Require("promtool", "prometheus"), ["test", "rules", Path.Combine(Folder, "svom.rules.test.yml")]);
        Assert.True(exit == 0, output + errors);
    }

    private static HashSet<string> Figures() =>
        [.. TelemetryReferenceTests.Figures().SelectMany(static figure => figure.Kind == "histogram"
            ? (string[])[figure.Exported, figure.Exported + "_bucket", figure.Exported + "_sum", figure.Exported + "_count"] : [figure.Exported])];

    [GeneratedRegex(@"(?<![\w.])svom_[a-z_]+", RegexOptions.None, 5_000)]
    private static partial Regex Names();
}
