using System.Collections.Concurrent;

namespace Svom.Packets;

/// <summary>Committed heads in memory, and who waits for them: an append wakes its readers without a query.</summary>
internal sealed class FeedHeads(TimeProvider time)
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1); // Timers take no more than some weeks.

    private readonly Lock _raising = new();
    private readonly ConcurrentDictionary<FeedId, Signal> _feeds = [];
    private readonly Signal _any = new(1); // A first ticket is 0, so a first call returns at once.

    public long Head(FeedId feed) => _feeds.TryGetValue(feed, out var signal) ? signal.Value : 0;

    public IReadOnlyList<FeedId> Feeds => [.. _feeds.Where(static feed => feed.Value.Value > 0).Select(static feed => feed.Key)];

    /// <summary>Called by the writer, and by whoever hears of other writers: a lower head than the known one is late news.</summary>
    public void Publish(FeedId feed, long head)
    {
        lock (_raising)
        {
            if (_feeds.GetOrAdd(feed, static _ => new(0)).Raise(head))
            {
                _any.Raise(_any.Value + 1);
            }
        }
    }

    // A ticket from another life of the process is above the count: that too is a change.
    public async Task<long> WaitAnyAsync(long ticket, TimeSpan atMost, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        atMost = atMost < Longest ? atMost : Longest;
        while (true)
        {
            var raised = _any.Raised;
            var left = atMost - time.GetElapsedTime(began);
            if (_any.Value != ticket || left <= TimeSpan.Zero)
            {
                return _any.Value;
            }

            try
            {
                await raised.WaitAsync(left, time, cancellationToken);
            }
            catch (TimeoutException)
            {
                return _any.Value;
            }
        }
    }

    /// <summary>A growing number with a task that completes when it next grows. Raised by one at a time.</summary>
    private sealed class Signal(long value)
    {
        private TaskCompletionSource _raised = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private long _value = value;

        public long Value => Volatile.Read(ref _value);

        /// <summary>Taken before the value is looked at, so that no growth is missed.</summary>
        public Task Raised => Volatile.Read(ref _raised).Task;

        public bool Raise(long value)
        {
            if (value <= _value)
            {
                return false;
            }

            Volatile.Write(ref _value, value);
            Interlocked.Exchange(ref _raised, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
            return true;
        }
    }
}
