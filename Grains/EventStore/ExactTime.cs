namespace Svom.EventStore;

/// <summary>
/// The system's clock with timers that fire within a millisecond. The runtime's own timers go by a coarse clock and are several
/// milliseconds off, early or late; these wait on a thread of their own, which sleeps while nothing is set. For few timers only.
/// </summary>
internal sealed class ExactTime : TimeProvider
{
    /// <returns>A timer that fires once each time it is set; periods are not offered.</returns>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(period, Timeout.InfiniteTimeSpan);
        return new WaitingThread(this, callback, state, dueTime);
    }

    private sealed class WaitingThread : ITimer
    {
        private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);
        private readonly ExactTime clock;
        private readonly TimerCallback callback;
        private readonly object? state;
        private readonly object gate = new(); // Waited on, which the newer lock does not offer.
        private long setAt;
        private TimeSpan? wanted;
        private bool ended;

        public WaitingThread(ExactTime clock, TimerCallback callback, object? state, TimeSpan dueTime)
        {
            (this.clock, this.callback, this.state) = (clock, callback, state);
            Change(dueTime, Timeout.InfiniteTimeSpan);
            new Thread(Run, maxStackSize: 256 * 1024) { IsBackground = true, Name = nameof(ExactTime) }.Start();
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (gate)
            {
                (setAt, wanted) = (clock.GetTimestamp(), dueTime == Timeout.InfiniteTimeSpan ? null : dueTime);
                Monitor.Pulse(gate);
                return !ended;
            }
        }

        public void Dispose()
        {
            lock (gate)
            {
                ended = true;
                Monitor.Pulse(gate);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Run()
        {
            while (WaitUntilDue())
            {
                callback(state);
            }
        }

        /// <returns>False when the timer has ended.</returns>
        private bool WaitUntilDue()
        {
            lock (gate)
            {
                while (!ended)
                {
                    var left = wanted is { } due ? due - clock.GetElapsedTime(setAt) : LongestWait;
                    if (left <= TimeSpan.Zero)
                    {
                        wanted = null;
                        return true;
                    }

                    // Whole milliseconds, rounded up: what is left of one would be spun away.
                    Monitor.Wait(gate, (int)Math.Ceiling(Math.Min(left.TotalMilliseconds, LongestWait.TotalMilliseconds)));
                }

                return false;
            }
        }
    }
}
