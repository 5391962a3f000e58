namespace Svom.Workflows;

/// <summary>A named measurement of workflows on one store; it prints lines of its own kind.</summary>
/// <param name="InAll">False: only when asked for by its name.</param>
internal sealed record WorkflowBenchmark(string Name, string Says, Func<WorkflowStage, CancellationToken, Task> RunAsync, bool InAll = true);

/// <summary>The measurements of workflows, and how they are run.</summary>
/// <param name="Stores">On which stores, one after the other.</param>
internal sealed record WorkflowBenchmarks(IReadOnlyList<string> Stores)
{
    public static IReadOnlyList<WorkflowBenchmark> All { get; } =
    [
        new("wf-steps10", "A workflow of ten steps, 1, 64 and 512 at once, in three forms: local, activity, batched.", ShortWorkflows.StepsAsync),
        new("wf-signal", "Start, signal, result; and a signal to a workflow that waits.", ShortWorkflows.SignalsAsync),
        new("wf-sleep100", "How late a sleep of 100 ms ends.", ShortWorkflows.SleepsAsync),
        new("wf-crash1000", "1,000 workflows under way when the platform, or its database, is killed: until all are done, and what ran twice.", KilledWorkflows.RunAsync),
        new("wf-idle10k", "10,000 workflows asleep: time to accept them, memory, disk, CPU.", SleepingWorkflows.TenThousandAsync),
        new("wf-idle1m", "A million asleep; not part of all.", SleepingWorkflows.AMillionAsync, InAll: false),
    ];

    /// <summary>Runs what a name means: one measurement, "wf" for all of them, or "all".</summary>
    /// <returns>False when it means none of these.</returns>
    public async Task<bool> RunAsync(string name, FileInfo? json, TimeProvider time, CancellationToken cancellationToken)
    {
        var chosen = All.Where(one => one.Name == name || (one.InAll && name is ("wf" or "all"))).ToArray();
        foreach (var store in chosen.Length > 0 ? Stores : [])
        {
            await using var stage = await WorkflowStage.OpenAsync(store, json, time);
            foreach (var benchmark in chosen)
            {
                await benchmark.RunAsync(stage, cancellationToken);
            }
        }

        return chosen.Length > 0;
    }
}
