using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Svom.Storage;

/// <summary>
/// The only writer of one store in this process, on its own thread: takes everything queued, commits it at once, answers. After an
/// error a batch is tried again in parts, so that only the work that cannot be written fails.
/// </summary>
internal abstract class WriterLoop<TWork>(string name, int lanes, WriteLimits limits) : IAsyncDisposable
    where TWork : QueuedWork
{
    private readonly WriteQueue<TWork> _queue = new(lanes, limits);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WriterMetrics? _metrics;

    public long LastTicket => _queue.LastTicket;

    /// <summary>Works that wait, those that ride along not counted.</summary>
    public int Waiting => _queue.Waiting;

    /// <summary>True from the moment that it is asked to end: nothing should be waited for any more.</summary>
    protected bool Closing => _queue.Closed;

    /// <summary>False when the lane is full; nothing was done.</summary>
    public bool TryAdd(TWork work)
    {
        if (_queue.TryAdd(work))
        {
            return true;
        }

        _metrics?.Refused();
        return false;
    }

    /// <summary>Counts and times commits from now on.</summary>
    /// <param name="meters">Null: nobody wants to know.</param>
    /// <param name="store">Name of the store in the figures.</param>
    public void Measure(IMeterFactory? meters, string store) => _metrics = meters is null ? null : new(meters, store, () => Waiting);

    /// <summary>Adds work that rides on the next commit.</summary>
    public void AddLazy(TWork work) => _queue.AddLazy(work);

    /// <summary>Commits what is queued, then stops.</summary>
    public async ValueTask DisposeAsync()
    {
        _queue.Close();
        await _ended.Task;
    }

    /// <summary>To be called once, when the store is open.</summary>
    protected void Start() => new Thread(Loop) { IsBackground = true, Name = $"writer of {name}" }.Start();

    /// <summary>Writes a batch, all or nothing.</summary>
    /// <returns>Null when it is durable.</returns>
    protected abstract WriteFailure<TWork>? TryWrite(TWork[] batch);

    /// <summary>House-keeping between two batches. Must not throw.</summary>
    protected virtual void KeepHouse()
    {
    }

    /// <summary>Nothing comes any more.</summary>
    protected abstract void CloseStore();

    private void Loop()
    {
        try
        {
            var batch = new List<TWork>();
            while (_queue.Take(batch))
            {
                DropCancelled(batch);
                Commit([.. batch]);
                batch.Clear();
                KeepHouse();
            }

            CloseStore();
            _queue.Dispose();
            _ended.TrySetResult();
        }
        catch (Exception failure)
        {
            // Only closing can fail here; every commit answers for itself.
            _ended.TrySetException(failure);
        }
    }

    private static void DropCancelled(List<TWork> batch) =>
        batch.RemoveAll(static work =>
        {
            if (!work.CancellationToken.IsCancellationRequested)
            {
                return false;
            }

            work.Cancelled();
            return true;
        });

    private void Commit(TWork[] batch)
    {
        if (batch.Length == 0)
        {
            return;
        }

        var began = Stopwatch.GetTimestamp();
        var failed = TryWrite(batch);
        var took = Stopwatch.GetElapsedTime(began);
        if (failed is not { } failure)
        {
            Array.ForEach(batch, static work => work.Committed());
        }
        else if (failure.Parts.Count < 2)
        {
            Array.ForEach(batch, work => work.Failed(failure.Cause));
        }
        else
        {
            foreach (var part in failure.Parts)
            {
                Commit(part);
            }
        }

        _metrics?.Committed(batch.Length, took, failed is null); // Last: who waits for the commit does not wait for its figures.
    }
}

/// <summary>A batch that was not written, or of which nobody knows.</summary>
/// <param name="Cause">What its callers are told.</param>
/// <param name="Parts">Parts of it to be tried by themselves; none when all of it fails.</param>
internal sealed record WriteFailure<TWork>(Exception Cause, IReadOnlyList<TWork[]> Parts)
{
    /// <summary>All callers are told.</summary>
    public static WriteFailure<TWork> OfAll(Exception cause) => new(cause, []);

    /// <summary>Nothing was written: each half is tried by itself, down to the one work that cannot be written.</summary>
    public static WriteFailure<TWork> InHalves(Exception cause, TWork[] batch) =>
        batch.Length < 2 ? OfAll(cause) : new(cause, [batch[..(batch.Length / 2)], batch[(batch.Length / 2)..]]);
}
