using System.Collections.Concurrent;

namespace Svom.EventStore;

/// <summary>
/// Wakes those who wait for an archive or an index to grow, from the writer's own thread as the append lands. It hears of this process's appends
/// only: beside other silos a wait is cut into pieces of a second, each with a look at the store.
/// </summary>
internal sealed class ArchiveWatch(TimeProvider time) : IAppendObserver
{
    /// <summary>Longer waits would outlast the answer time of a call between silos.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan SafetyNet = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, Signal> _signals = new(StringComparer.Ordinal);

    public void Landed(LandedAppend landed)
    {
        if (landed.Append.Archive.Count == 0 && landed.Append.Index.Count == 0)
        {
            return;
        }

        foreach (var (_, signal) in _signals)
        {
            if (landed.Append.Archive.Any(entry => entry.Archive == signal.Archive) || landed.Append.Index.Any(change => change.Index == signal.Index))
            {
                signal.Raise();
            }
        }
    }

    /// <summary>Reads, and again each time that the archive or the index grew, until something is there or the time is up.</summary>
    /// <param name="archive">Name of an archive.</param>
    /// <param name="index">Name of an index beside it; null: none. Always the same for one archive.</param>
    /// <param name="alone">False when other silos write, too.</param>
    /// <param name="read">Also tells after what time to look again although nothing grew; null: only then.</param>
    public async Task<T> ReadAsync<T>(
        string archive, string? index, bool alone, TimeSpan atMost, Func<Task<(T Found, bool Any, TimeSpan? Again)>> read, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var signal = _signals.GetOrAdd(archive, static (archive, index) => new(archive, index), index);
        atMost = atMost < Longest ? atMost : Longest;
        while (true)
        {
            var raised = signal.Raised; // Taken before the read: what lands between the two is not slept through.
            var (found, any, again) = await read();
            var left = atMost - time.GetElapsedTime(began);
            if (any || left <= TimeSpan.Zero)
            {
                return found;
            }

            var piece = again is { } sooner && sooner < left ? sooner : left;
            try
            {
                await raised.WaitAsync(alone || piece < SafetyNet ? piece : SafetyNet, time, cancellationToken);
            }
            catch (TimeoutException)
            {
                // Nothing grew: one more look.
            }
        }
    }

    /// <summary>A task that completes when something lands; then there is a new one.</summary>
    private sealed class Signal(string archive, string? index)
    {
        private TaskCompletionSource _raised = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public string Archive => archive;

        public string? Index => index;

        public Task Raised => Volatile.Read(ref _raised).Task;

        public void Raise() => Interlocked.Exchange(ref _raised, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }
}
