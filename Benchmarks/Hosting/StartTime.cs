namespace Svom.Hosting;

/// <summary>How long a platform takes from the start of its process to ready: on an empty folder, and again on the same one.</summary>
internal static class StartTime
{
    public static async Task<IEnumerable<BenchmarkFigure>> RunAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("svom-bench-").FullName;
        try
        {
            var (first, again) = (await StartAsync(folder, cancellationToken), await StartAsync(folder, cancellationToken));
            var done = $"process start to the first 200 of /health/ready, asked each 5 ms; {PlatformProcess.Form}, files in the page cache";
            return
            [
                new("start.again", again.TotalSeconds, "s", $"{done}; a data folder used before", Durability),
                new("start.first", first.TotalSeconds, "s", $"{done}; an empty data folder", Durability),
            ];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private const string Durability = "ready after both stores are open and checked";

    private static async Task<TimeSpan> StartAsync(string folder, CancellationToken cancellationToken)
    {
        await using var platform = await PlatformProcess.StartAsync(folder, cancellationToken);
        return platform.StartedIn;
    }
}
