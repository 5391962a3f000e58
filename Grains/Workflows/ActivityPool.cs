using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace Svom.Workflows;

/// <summary>An attempt of an activity, as this silo knows it while it runs.</summary>
internal readonly record struct AttemptKey(WorkflowAddress Address, string RunId, long ScheduledEventId, int Attempt);

/// <summary>
/// Places for the activities of this silo: a bounded number runs at once, the others wait for a place in the order of their coming.
/// It also knows what runs, so that a workflow that was loaded anew does not take a running attempt for a lost one.
/// </summary>
internal sealed class ActivityPool(IOptions<WorkflowEngineOptions> options, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim places = new(options.Value.Activities);
    private readonly SemaphoreSlim localPlaces = new(options.Value.LocalActivities);
    private readonly ConcurrentDictionary<AttemptKey, byte> running = new();
    private readonly ConcurrentDictionary<string, LocalPace> paces = new(StringComparer.Ordinal);

    /// <summary>Attempts that run now.</summary>
    public int Running => running.Count;

    /// <summary>Takes a place if one is free and nobody waits.</summary>
    public bool TryTakePlace() => places.Wait(0);

    /// <summary>Waits for a place.</summary>
    public Task TakePlaceAsync(CancellationToken cancellationToken) => places.WaitAsync(cancellationToken);

    public void GivePlaceBack() => places.Release();

    /// <summary>Runs a local activity when there is room for it.</summary>
    public async Task<T> RunLocalAsync<T>(string activityType, Func<Task<T>> run, CancellationToken cancellationToken)
    {
        await localPlaces.WaitAsync(cancellationToken);
        try
        {
            return await paces.GetOrAdd(activityType, _ => new(time)).RunAsync(run);
        }
        finally
        {
            localPlaces.Release();
        }
    }

    public bool IsRunning(AttemptKey attempt) => running.ContainsKey(attempt);

    public void Began(AttemptKey attempt) => running.TryAdd(attempt, 0);

    public void Ended(AttemptKey attempt) => running.TryRemove(attempt, out _);

    public void Dispose()
    {
        places.Dispose();
        localPlaces.Dispose();
    }
}
