using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Svom.EventStore;

namespace Svom.Workflows;

/// <summary>
/// Takes up workflows that were in the hands of silos that are gone: the oldest first, a bounded number at once, on whichever silo
/// Orleans places them. What sleeps or waits needs no recovery: its wake-up stands in the store.
/// </summary>
internal sealed class WorkflowRecovery(
    IEventStore store, IGrainFactory grains, IOptions<WorkflowEngineOptions> options, ILogger<WorkflowRecovery> logger)
{
    private const int Page = 100_000;

    /// <param name="ranges">Shards [from, to) that this silo looks after.</param>
    /// <param name="isGone">Whether an incarnation is dead or unknown.</param>
    /// <param name="cancellationToken">Ends it; what is left is found by the next look.</param>
    /// <returns>True when everything found was taken up.</returns>
    public async Task<bool> RecoverAsync(IReadOnlyList<(int From, int To)> ranges, Func<string, bool> isGone, CancellationToken cancellationToken)
    {
        var found = new List<HandRow>();
        foreach (var (from, to) in ranges)
        {
            found.AddRange((await WorkflowIndex.InHandAsync(store, from, to, Page, cancellationToken)).Where(row => isGone(row.Silo)));
        }

        if (found.Count == 0)
        {
            return true;
        }

        logger.LogTakenUp(found.Count);
        var whole = true;
        await Parallel.ForEachAsync(
            found.OrderBy(static row => row.Since), new ParallelOptions { MaxDegreeOfParallelism = options.Value.Recoveries, CancellationToken = cancellationToken },
            async (row, token) =>
            {
                try
                {
                    await grains.GetGrain<IWorkflowMessageGrain>(row.Address.ToString()).TakeUpAsync(token);
                }
                catch (Exception failure) when (failure is not OperationCanceledException)
                {
                    whole = false;
                    logger.LogNotTakenUp(row.Address, failure);
                }
            });
        return whole && found.Count < Page;
    }
}
