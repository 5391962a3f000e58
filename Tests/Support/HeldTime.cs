namespace Svom.Support;

/// <summary>A clock that stands still: nothing that waits by it ever goes on by itself. Tells when something waits, and when it no longer does.</summary>
public sealed class HeldTime(DateTimeOffset now) : TimeProvider
{
    private readonly TaskCompletionSource waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource left = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Something waits.</summary>
    public Task Waiting => waiting.Task;

    /// <summary>What waited was told to go.</summary>
    public Task Left => left.Task;

    public override DateTimeOffset GetUtcNow() => now;

    public override long GetTimestamp() => now.UtcTicks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        waiting.TrySetResult();
        return new Timer(left);
    }

    private sealed class Timer(TaskCompletionSource left) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => true;

        public void Dispose() => left.TrySetResult();

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
