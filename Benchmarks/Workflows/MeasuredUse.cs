using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Svom.Workflows;

/// <summary>What processes use from its making on, and the garbage of this one.</summary>
/// <param name="processes">By the name in the line: app, postgres.</param>
internal sealed class MeasuredUse(IReadOnlyList<(string Name, int Id)> processes)
{
    private readonly double busy = ProcessAccounts.MachineBusy();
    private readonly double[] before = [.. processes.Select(static process => ProcessAccounts.Cpu(process.Id))];
    private readonly (TimeSpan Pause, long Octets) garbage = (GC.GetTotalPauseDuration(), GC.GetTotalAllocatedBytes());
    private readonly long began = Stopwatch.GetTimestamp();

    public double Seconds => Stopwatch.GetElapsedTime(began).TotalSeconds;

    /// <summary>CPU seconds of each process.</summary>
    public IReadOnlyList<(string Name, double Seconds)> Cpu => [.. processes.Select((process, i) => (process.Name, ProcessAccounts.Cpu(process.Id) - before[i]))];

    /// <summary>Fields of a line.</summary>
    public IReadOnlyList<(string Name, JsonNode? Value)> Fields()
    {
        var (seconds, cpu) = (Seconds, Cpu);
        var others = Math.Max(0, ProcessAccounts.MachineBusy() - busy - cpu.Sum(static one => one.Seconds));
        return
        [
            .. cpu.Select(static one => ($"cpu_{one.Name}_s", (JsonNode?)Math.Round(one.Seconds, 2))),
            ("wall_s", Math.Round(seconds, 2)),
            ("cpu_others_s", Math.Round(others, 2)),
            ("gc_pause_s", Math.Round((GC.GetTotalPauseDuration() - garbage.Pause).TotalSeconds, 2)),
            ("allocated_MiB", Math.Round((GC.GetTotalAllocatedBytes() - garbage.Octets) / 1048576d, 1)),
        ];
    }
}
