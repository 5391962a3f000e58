using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Svom.EventStore;

namespace Svom.Workflows;

/// <summary>
/// Takes up workflows that were in the hands of silos that are gone: the oldest first, a bounded number at once, on whichever silo
/// Orleans places them. What sleeps or waits needs no recovery: its wake-up stands in the store.
/// </summary>
internal sealed class WorkflowRecovery(
    IEventStore store, IGrainFactory grains, IOptions<WorkflowEngineOptions> options, ILogger<WorkflowRecovery> logger) : IShardRecovery
{
    private const int Most = 1_000_000;

    public async Task RecoverAsync(IReadOnlyList<(int From, int To)> held, IReadOnlySet<string> liveSilos, CancellationToken cancellationToken)
    {
        var found = new List<HandRow>();
        foreach (var (from, to) in held)
        {
            found.AddRange((await WorkflowIndex.InHandAsync(store, from, to, Most, cancellationToken)).Where(row => !liveSilos.Contains(row.Silo)));
        }

        if (found.Count == 0)
        {
            return;
        }

        logger.LogTakenUp(found.Count);
        var left = 0;
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
                    Interlocked.Increment(ref left);
                    logger.LogNotTakenUp(row.Address, failure);
                }
            });
        if (left > 0)
        {
            throw new InvalidOperationException($"{left} of {found.Count} workflows could not be taken up."); // Whoever called calls again.
        }
    }
}
