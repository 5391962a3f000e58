namespace Svom.EventStore;

/// <summary>
/// What is due soon, in memory: each stream is woken at its time, not before, without a look at the store. Filled by what this silo
/// commits and by scans of its shards; a later word about a (stream, name) replaces the earlier one. Streams are woken side by side, one
/// stream's wake-ups one after another. It sleeps until the first time comes, and costs nothing while it is empty. Thread-safe.
/// </summary>
internal sealed class DueWheel : IDisposable
{
    /// <summary>Streams woken at one time.</summary>
    public const int MostAtOnce = 256;

    /// <summary>A scan leaves a row that is overdue by less than this to whoever committed it, who is waking it right now.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(250);

    private const int OwnCommit = -1;
    private readonly TimeProvider time;
    private readonly Func<DueRow, Task> wake;
    private readonly Func<int, bool> holds;
    private readonly Lock gate = new();
    private readonly Dictionary<(StreamId Stream, string Name), Entry> waiting = [];
    private readonly DueLines lines = new();

    // May hold entries that were replaced since: they are passed over when their time comes.
    private readonly PriorityQueue<Entry, long> order = new();
    private readonly ITimer timer;
    private long armedFor = long.MaxValue;
    private int scans;
    private bool ended;

    // Names that changed while a scan was reading, which may have seen them as they were before; with a time: only when it saw that one,
    // for which they were woken meanwhile. Null between scans.
    private Dictionary<(StreamId Stream, string Name), DateTimeOffset?>? changed;

    /// <param name="time">Clock; its timers decide how exact the wheel is.</param>
    /// <param name="wake">Wakes a stream's owner. What it throws is dropped: the row stays in the store and the next scan finds it.</param>
    /// <param name="holds">Whether this silo holds a shard now.</param>
    public DueWheel(TimeProvider time, Func<DueRow, Task> wake, Func<int, bool> holds)
    {
        (this.time, this.wake, this.holds) = (time, wake, holds);
        timer = time.CreateTimer(static wheel => ((DueWheel)wheel!).TimeHasCome(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Rows that wait for their time.</summary>
    public int Waiting
    {
        get
        {
            lock (gate)
            {
                return waiting.Count;
            }
        }
    }

    /// <summary>Streams being woken.</summary>
    public int Waking
    {
        get
        {
            lock (gate)
            {
                return lines.Running;
            }
        }
    }

    /// <summary>Takes up what this silo just committed. Whatever comes after <paramref name="until"/> is left to a later scan.</summary>
    public void TakeUpLanded(StreamId stream, IReadOnlyList<DueChange> changes, DateTimeOffset until)
    {
        lock (gate)
        {
            foreach (var change in changes)
            {
                if (changed is not null)
                {
                    changed[(stream, change.Name)] = null;
                }

                if (change.At is { } at && at <= until)
                {
                    Set(new(new(stream, change.Name, at), at, OwnCommit));
                }
                else
                {
                    waiting.Remove((stream, change.Name));
                }
            }

            Arm();
        }
    }

    /// <summary>To be called before the rows of a scan are read.</summary>
    public void BeginScan()
    {
        lock (gate)
        {
            changed = [];
        }
    }

    /// <summary>Takes up what the scan read.</summary>
    /// <param name="rows">Rows of the shards that this silo holds.</param>
    /// <param name="whole">They are all there are: what earlier scans found and this one did not is gone.</param>
    public void EndScan(IEnumerable<DueRow> rows, bool whole)
    {
        lock (gate)
        {
            var now = time.GetUtcNow();
            scans++;
            foreach (var row in rows.Where(row => !IsStale(row) && !lines.IsRunning(row)))
            {
                var at = row.At > now ? row.At : row.At + Grace;
                if (waiting.TryGetValue((row.Stream, row.Name), out var known) && known.Row.At == row.At)
                {
                    known.Scan = scans;
                }
                else
                {
                    Set(new(row, at, row.Stream.Shard) { Scan = scans });
                }
            }

            changed = null;
            if (whole)
            {
                foreach (var gone in waiting.Values.Where(entry => entry.Shard >= 0 && entry.Scan != scans).ToArray())
                {
                    waiting.Remove((gone.Row.Stream, gone.Row.Name));
                }
            }

            armedFor = long.MaxValue; // Measured anew: the wall clock may have been set.
            Arm();
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            ended = true;
            waiting.Clear();
        }

        timer.Dispose();
    }

    /// <summary>The scan read what is not so any more.</summary>
    private bool IsStale(DueRow row) =>
        changed is not null && changed.TryGetValue((row.Stream, row.Name), out var woken) && (woken is null || woken == row.At);

    private void Set(Entry entry)
    {
        if (!ended)
        {
            waiting[(entry.Row.Stream, entry.Row.Name)] = entry;
            order.Enqueue(entry, entry.At.UtcTicks);
            if (order.Count > (2 * waiting.Count) + 64)
            {
                order.Clear();
                order.EnqueueRange(waiting.Values.Where(static known => !known.Queued).Select(static known => (known, known.At.UtcTicks)));
            }
        }
    }

    /// <summary>Sets the timer for the first entry. A timer that fires early is set again.</summary>
    private void Arm()
    {
        if (!ended && order.TryPeek(out _, out var first) && first < armedFor)
        {
            armedFor = first;
            var left = TimeSpan.FromTicks(first - time.GetUtcNow().UtcTicks);
            if (left > TimeSpan.Zero)
            {
                timer.Change(left, Timeout.InfiniteTimeSpan);
            }
            else
            {
                _ = Task.Run(TimeHasCome);
            }
        }
    }

    private void TimeHasCome()
    {
        lock (gate)
        {
            armedFor = long.MaxValue;
            var now = time.GetUtcNow().UtcTicks;
            while (order.TryPeek(out var entry, out var at) && at <= now)
            {
                order.Dequeue();
                if (IsCurrent(entry))
                {
                    entry.Queued = true;
                    lines.Add(entry);
                }
            }

            while (lines.Running < MostAtOnce && TakeNext() is { } next)
            {
                _ = Task.Run(() => RunAsync(next));
            }

            Arm();
        }
    }

    private async Task RunAsync(Entry? entry)
    {
        while (entry is not null)
        {
            try
            {
                await wake(entry.Row);
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                // Told by who wakes; the next scan finds the row where it was.
            }

            lock (gate)
            {
                changed?.TryAdd((entry.Row.Stream, entry.Row.Name), entry.Row.At);
                lines.Done(entry);
                entry = TakeNext();
            }
        }
    }

    /// <returns>Whom to wake next; null when nobody is left who is not being woken already.</returns>
    private Entry? TakeNext()
    {
        while (lines.Take() is { } entry)
        {
            // Between its time and its turn the name may have moved, or the shard may have gone to another silo.
            if (IsCurrent(entry) && waiting.Remove((entry.Row.Stream, entry.Row.Name)) && (entry.Shard < 0 || holds(entry.Shard)))
            {
                return entry;
            }

            lines.Done(entry);
        }

        return null;
    }

    private bool IsCurrent(Entry entry) => waiting.TryGetValue((entry.Row.Stream, entry.Row.Name), out var current) && ReferenceEquals(current, entry);

    /// <summary>A row that waits.</summary>
    /// <param name="row">As it stands in the store.</param>
    /// <param name="at">When to wake; not before the row's own time.</param>
    /// <param name="shard">For rows of a scan, which count only while the shard is held; -1 for own commits.</param>
    internal sealed class Entry(DueRow row, DateTimeOffset at, int shard)
    {
        public DueRow Row => row;

        public DateTimeOffset At => at;

        public int Shard => shard;

        /// <summary>Scan that saw it last.</summary>
        public int Scan { get; set; }

        /// <summary>Its time has come.</summary>
        public bool Queued { get; set; }
    }
}
