using System.Diagnostics;

namespace Svom.Storage;

/// <param name="Works">Works a lane holds before it refuses.</param>
/// <param name="Octets">Octets a lane holds before it refuses; one work always fits into an empty lane.</param>
/// <param name="BatchWorks">Works taken into one commit.</param>
/// <param name="BatchOctets">Octets after which a commit takes no more.</param>
/// <param name="LazyDelay">Longest that lazy work waits for a commit to ride on.</param>
internal sealed record WriteLimits(int Works, long Octets, int BatchWorks, long BatchOctets, TimeSpan LazyDelay);

/// <summary>What waits for the writer: bounded lanes, and lazy work that rides on the next commit.</summary>
internal sealed class WriteQueue<TWork>(int lanes, WriteLimits limits) : IDisposable
    where TWork : QueuedWork
{
    // A writer with a caller or two is asked again within some hundred microseconds, or not for long: woken from sleep it would begin 0.1 ms
    // later, a quarter of a commit. One with many callers has more to write as soon as it is done, and would take a core from those whose work it waits for: it sleeps at once.
    private const int FewWorks = 2;
    private static readonly TimeSpan StaysAwake = TimeSpan.FromMicroseconds(300);

    private readonly Lock _gate = new();
    private readonly AutoResetEvent _wake = new(false);
    private readonly Queue<TWork>[] _lanes = [.. Enumerable.Range(0, lanes).Select(static _ => new Queue<TWork>())];
    private readonly long[] _octets = new long[lanes];
    private List<TWork> _lazy = [];
    private long _tickets;
    private volatile bool _closed;
    private int _lastBatch;
    private volatile Waits _waits;

    /// <summary>How the writer waits for work.</summary>
    private enum Waits
    {
        Not,
        Awake,
        Asleep,
    }

    /// <summary>Ticket of the newest work.</summary>
    public long LastTicket => Interlocked.Read(ref _tickets);

    public bool Closed => _closed;

    /// <summary>Works in the lanes.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _lanes.Sum(static lane => lane.Count);
            }
        }
    }

    /// <summary>False when its lane is full. Throws when the store is closed.</summary>
    public bool TryAdd(TWork work)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            var lane = _lanes[work.Lane];
            if (lane.Count > 0 && (lane.Count >= limits.Works || _octets[work.Lane] + work.Octets > limits.Octets))
            {
                return false;
            }

            work.Ticket = ++_tickets;
            lane.Enqueue(work);
            _octets[work.Lane] += work.Octets;
            Wake();
            return true;
        }
    }

    /// <summary>Adds work that costs no commit of its own unless nothing else comes within the delay.</summary>
    public void AddLazy(TWork work)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_closed, this);
            _lazy.Add(work);
            if (_lazy.Count == 1)
            {
                Wake();
            }
        }
    }

    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            Wake();
        }
    }

    /// <summary>Blocks the writer's own thread until there is something to commit.</summary>
    /// <returns>False when closed and empty.</returns>
    public bool Take(List<TWork> batch)
    {
        var patience = false; // True once lazy work has waited as long as it may.
        var awake = _lastBatch is > 0 and <= FewWorks;
        while (true)
        {
            bool lazy;
            lock (_gate)
            {
                _waits = Waits.Not;
                TakeQueued(batch);
                lazy = _lazy.Count > 0;
                if (batch.Count > 0 || (lazy && (patience || _closed)))
                {
                    _lastBatch = batch.Count;
                    batch.AddRange(_lazy);
                    _lazy = [];
                    return true;
                }

                if (_closed)
                {
                    return false;
                }

                _waits = awake ? Waits.Awake : Waits.Asleep;
            }

            if (awake)
            {
                StayAwake();
                awake = false;
            }
            else
            {
                patience = !_wake.WaitOne(lazy ? limits.LazyDelay : Timeout.InfiniteTimeSpan);
            }
        }
    }

    public void Dispose() => _wake.Dispose();

    private void TakeQueued(List<TWork> batch)
    {
        long octets = 0;
        for (var n = 0; n < _lanes.Length; n++)
        {
            while (batch.Count < limits.BatchWorks && octets < limits.BatchOctets && _lanes[n].TryDequeue(out var work))
            {
                octets += work.Octets;
                _octets[n] -= work.Octets;
                batch.Add(work);
            }
        }
    }

    private void StayAwake()
    {
        var spin = default(SpinWait);
        for (var began = Stopwatch.GetTimestamp(); _waits == Waits.Awake && Stopwatch.GetElapsedTime(began) < StaysAwake;)
        {
            spin.SpinOnce(sleep1Threshold: -1);
        }
    }

    private void Wake()
    {
        if (_waits == Waits.Asleep)
        {
            _wake.Set();
        }

        _waits = Waits.Not;
    }
}
