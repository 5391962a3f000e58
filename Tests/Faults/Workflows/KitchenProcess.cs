using System.Globalization;
using Svom.Crash;
using Svom.Support;

namespace Svom.Workflows;

/// <summary>The scenarios in a process of their own, on a data folder of their own.</summary>
internal sealed class KitchenProcess(string? database = null) : IDisposable
{
    private readonly TemporaryFolder folder = new();

    /// <summary>Runs them to their end.</summary>
    public async Task<(ScenarioReport[] Reports, int Instances)> RunAsync(string way, params string[] words)
    {
        var (lines, exitCode) = await StartAsync(["way=" + way, .. words]);
        Assert.Equal(0, exitCode);
        var instances = int.Parse(lines.Last(static line => line.StartsWith("instances ", StringComparison.Ordinal))[10..], CultureInfo.InvariantCulture);
        return (ScenarioReport.Read(folder.File("report.json")), instances);
    }

    /// <summary>Runs them into a wall, where the process kills itself.</summary>
    /// <returns>Scenarios that stood there; 0 when none has so many appends, and the process ended well.</returns>
    public async Task<int> DieAsync(int wall, WallSide side, params string[] words)
    {
        var (lines, exitCode) = await StartAsync(["way=killed", $"wall={wall}", side == WallSide.After ? "side=after" : "side=before", .. words]);
        var stopped = int.Parse(lines.Last(static line => line.StartsWith("stopped ", StringComparison.Ordinal))[8..], CultureInfo.InvariantCulture);
        Assert.Equal(stopped == 0, exitCode == 0);
        return stopped;
    }

    public void Dispose() => folder.Dispose();

    private Task<(string[] Lines, int ExitCode)> StartAsync(string[] words) =>
        CrashingProcess.RunAsync(["workflows", folder.Path, .. words, .. database is null ? [] : new[] { $"database={database}" }]);
}
