using System.Collections.Immutable;
using Svom.Workflows;

namespace Svom.Bursts;

/// <summary>
/// Follows one burst from its first packet to its end and keeps its summary: a step each time the burst tells something. Deadlines are the
/// burst's own, in mission time: it fires them and tells, so that this waits for nothing but its burst.
/// </summary>
[Workflow]
public sealed class BurstFollowThrough
{
    private static readonly ActivityOptions Keeping = new() { StartToCloseTimeout = TimeSpan.FromSeconds(30) };
    private readonly List<FollowNews> unread = [];
    private FollowThroughSummary summary = FollowThroughRules.Begin("");

    [WorkflowQuery]
    public FollowThroughSummary Summary => summary;

    [WorkflowQuery]
    public FollowPhase Phase => summary.Phase;

    /// <summary>What it waits for.</summary>
    [WorkflowQuery]
    public ImmutableArray<FollowedStep> Awaited => [.. FollowThroughRules.Awaited(summary)];

    [WorkflowSignal]
    public Task TellAsync(FollowNews news)
    {
        unread.Add(news);
        return Task.CompletedTask;
    }

    /// <param name="begun">What the burst knew when it was opened; of a later run, the summary so far.</param>
    /// <returns>The last summary.</returns>
    [WorkflowRun]
    public async Task<FollowThroughSummary> RunAsync(FollowThroughSummary begun)
    {
        summary = begun;
        if (begun.Number == 0)
        {
            await KeepAsync(begun);
        }

        while (summary.Ended is null)
        {
            await Workflow.WaitConditionAsync(() => unread.Count > 0);
            var next = unread.Aggregate(summary, FollowThroughRules.Apply);
            unread.Clear();
            if (!ReferenceEquals(next, summary))
            {
                await KeepAsync(next);
            }

            if (Workflow.ContinueAsNewSuggested && unread.Count == 0 && summary.Ended is null)
            {
                throw Workflow.CreateContinueAsNewException((BurstFollowThrough run) => run.RunAsync(summary));
            }
        }

        return summary;
    }

    private async Task KeepAsync(FollowThroughSummary next)
    {
        summary = next with { Number = summary.Number + 1 };
        var kept = summary;
        await Workflow.ExecuteActivityAsync((FollowThroughActivities activities) => activities.KeepSummaryAsync(kept), Keeping);
    }
}
