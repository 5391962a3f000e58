using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Svom.Workflows;

/// <summary>A load of so many callers at once, each of whom begins the next item when its last one is done.</summary>
internal static class ClosedLoop
{
    /// <returns>Time of each item in ms, and of all of them in seconds.</returns>
    public static async Task<(double[] Latencies, double Seconds)> RunAsync(int count, int callers, Func<int, Task> item)
    {
        var latencies = new double[count];
        var next = -1;
        var began = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Math.Min(callers, count)).Select(_ => Task.Run(async () =>
        {
            for (var i = Interlocked.Increment(ref next); i < count; i = Interlocked.Increment(ref next))
            {
                var start = Stopwatch.GetTimestamp();
                await item(i);
                latencies[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            }
        })));
        return (latencies, Stopwatch.GetElapsedTime(began).TotalSeconds);
    }

    /// <summary>Percentiles as fields of a line.</summary>
    public static IEnumerable<(string Name, JsonNode? Value)> Percentiles(IEnumerable<double> values, params IReadOnlyList<(string Name, double Percent)> wanted)
    {
        var sorted = values.Order().ToArray();
        return wanted.Select(one => (one.Name, (JsonNode?)Math.Round(sorted[Math.Clamp((int)Math.Ceiling(one.Percent / 100 * sorted.Length) - 1, 0, sorted.Length - 1)], 2)));
    }

    public static IEnumerable<(string Name, JsonNode? Value)> EndToEnd(double[] latencies) => Percentiles(latencies, ("p50_ms", 50), ("p99_ms", 99));
}
