using System.Text.Json.Nodes;

namespace Svom.Workflows;

/// <summary>What workflows cost that sleep for an hour: the platform is a process of its own.</summary>
internal static class SleepingWorkflows
{
    private const int AnHour = 3_600_000;
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(20);

    // By then the runtime has compiled what the start and the acceptance made hot.
    private static readonly TimeSpan Settled = TimeSpan.FromMinutes(3);

    public static Task TenThousandAsync(WorkflowStage stage, CancellationToken cancellationToken) =>
        RunAsync(stage, "idle10k", WorkflowStage.Count(10_000, 1), cancellationToken);

    public static Task AMillionAsync(WorkflowStage stage, CancellationToken cancellationToken) =>
        RunAsync(stage, "idle1m", WorkflowStage.Count(1_000_000, 1), cancellationToken);

    private static async Task RunAsync(WorkflowStage stage, string bench, int count, CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("svom-bench-").FullName;
        try
        {
            await using var platform = await WorkflowProcess.StartAsync(folder, "", await stage.FreshAsync(), cancellationToken);
            (string Name, int Id)[] processes = [("app", platform.Id), .. stage.Database is { } server ? [("postgres", server.Id)] : Array.Empty<(string, int)>()];
            var disk = stage.Database?.DataFolder ?? folder;
            await platform.AcceptAsync("steps", "warm", 20, 0, 4, cancellationToken);
            await Task.Delay(TimeSpan.FromSeconds(3), TimeProvider.System, cancellationToken);
            var before = processes.Select(static process => ProcessAccounts.PssMiB(process.Id)).ToArray();
            var diskBefore = await ProcessAccounts.DiskMiBAsync(disk, cancellationToken);

            var starting = new MeasuredUse(processes);
            using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var most = MostAsync(processes, done.Token);
            var accepted = await platform.AcceptAsync("sleep", "z", count, AnHour, 64, cancellationToken);
            await Task.Delay(Watched, TimeProvider.System, cancellationToken);
            var startCpu = starting.Cpu;
            var idle = new MeasuredUse(processes);
            await Task.Delay(Watched, TimeProvider.System, cancellationToken);
            var idleShares = Shares("idle", idle);
            await done.CancelAsync();
            var after = processes.Select(static process => ProcessAccounts.PssMiB(process.Id)).ToArray();

            await Task.Delay(Settled, TimeProvider.System, cancellationToken);
            var later = new MeasuredUse(processes);
            await Task.Delay(2 * Watched, TimeProvider.System, cancellationToken);
            var laterShares = Shares("later", later);

            var diskAfter = await ProcessAccounts.DiskMiBAsync(disk, cancellationToken);
            var live = await platform.LiveMiBAsync(cancellationToken); // Last, for it changes what it looks at.
            await stage.SayAsync(bench,
            [
                ("n", count), ("accept_s", Math.Round(accepted, 2)),
                .. processes.SelectMany((process, i) => ((string, JsonNode?)[])[($"{process.Name}_pss_MiB_before", before[i]), ($"{process.Name}_pss_MiB", after[i])]),
                ("pss_MiB_most", await most),
                ("delta_MiB_per_10k", Math.Round((after.Sum() - before.Sum()) * 10_000 / count, 1)),
                ("disk_delta_MiB", Math.Round(diskAfter - diskBefore, 1)), ("app_live_MiB", live), ("app_pss_MiB_collected", ProcessAccounts.PssMiB(platform.Id)),
                .. startCpu.Select(static one => ($"start_cpu_{one.Name}_s", (JsonNode?)Math.Round(one.Seconds, 2))),
                .. idleShares, .. laterShares,
            ]);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>CPU of each process in % of a core.</summary>
    private static (string Name, JsonNode? Value)[] Shares(string when, MeasuredUse use)
    {
        var seconds = use.Seconds;
        return [.. use.Cpu.Select(one => ($"{when}_cpu_{one.Name}_pct", (JsonNode?)Math.Round(100 * one.Seconds / seconds, 2)))];
    }

    /// <summary>Most memory of all processes together, looked at every 2 s until told to stop.</summary>
    private static async Task<double> MostAsync((string Name, int Id)[] processes, CancellationToken stop)
    {
        var most = 0d;
        while (!stop.IsCancellationRequested)
        {
            most = Math.Max(most, processes.Sum(static process => ProcessAccounts.PssMiB(process.Id)));
            await Task.Delay(TimeSpan.FromSeconds(2), TimeProvider.System, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return Math.Round(most, 1);
    }
}
