using Svom.EventStore;
using Svom.Storage;

namespace Svom.Support;

/// <summary>Stops, fails or spoils a store's writer at its steps. Shared by all adapters that have those steps.</summary>
internal sealed class WriterFaults : IStorageFaults, IDisposable
{
    private readonly ManualResetEventSlim _open = new(initialState: true);
    private StorageStep _holdAt;
    private TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _failing;
    private int _losing;

    /// <summary>An append that cannot be written.</summary>
    public Guid? Poison { get; set; }

    /// <summary>The writer stops at a step until <see cref="Release"/>; the task completes when it stands there.</summary>
    public Task Hold(StorageStep step = StorageStep.BeforeBegin)
    {
        _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _holdAt = step;
        _open.Reset();
        return _held.Task;
    }

    public void Release() => _open.Set();

    /// <summary>The next commits break off before they are durable.</summary>
    public void FailCommits(int count) => Volatile.Write(ref _failing, count);

    /// <summary>The next commits are durable and nobody hears of it.</summary>
    public void LoseAnswers(int count) => Volatile.Write(ref _losing, count);

    public void Dispose() => _open.Dispose();

    /// <summary>Keeps the writer's own thread at its step until something else is done.</summary>
    public static void StandStill(Task until)
    {
        using var done = new ManualResetEventSlim();
        _ = until.ContinueWith(_ => done.Set(), TaskScheduler.Default);
        done.Wait();
    }

    public void At(StorageStep step, object? subject)
    {
        if (!_open.IsSet && step == _holdAt)
        {
            _held.TrySetResult();
            _open.Wait();
        }

        if (Poison is { } poison && subject is Append append && append.Id == poison && step == StorageStep.EventWritten)
        {
            throw new InvalidOperationException("Poison.");
        }

        FailWhile(ref _failing, step == StorageStep.BeforeCommit);
        FailWhile(ref _losing, step == StorageStep.AfterCommit);
    }

    private static void FailWhile(ref int left, bool here)
    {
        if (here && Volatile.Read(ref left) > 0)
        {
            Interlocked.Decrement(ref left);
            throw new IOException("The disk says no.");
        }
    }
}
