using Svom.Workflows;

namespace Svom.Bursts;

/// <summary>What the follow-through does outside its own code.</summary>
public sealed class FollowThroughActivities(IGrainFactory grains)
{
    /// <summary>Keeps a summary. A repeat, or one older than what is kept, changes nothing.</summary>
    [Activity]
    public Task KeepSummaryAsync(FollowThroughSummary summary) =>
        grains.GetGrain<IBurstSummaryKeeperGrain>(summary.Burst).KeepAsync(summary, ActivityExecutionContext.Current.CancellationToken);
}
