using System.Collections.Immutable;

namespace Svom.Workflows;

/// <summary>
/// The signs of life of one attempt. An activity may give them as often as it likes: they are written down a few times within the time
/// that it has between two of them, and the last unsent one goes along with a failure.
/// </summary>
internal sealed class Heartbeats(ActivityState activity, string worker, TimeProvider time, Action<AttemptBeat> tell) : IDisposable
{
    private static readonly TimeSpan Rarest = TimeSpan.FromSeconds(30);
    private readonly TimeSpan pause = activity.Scheduled.Timeouts.Heartbeat is { } limit && limit / 4 < Rarest ? limit / 4 : Rarest;
    private readonly Lock gate = new();
    private ImmutableArray<Payload>? unsent;
    private long? told;
    private ITimer? later;

    /// <summary>Details that nobody was told yet; null: none.</summary>
    public ImmutableArray<Payload>? Unsent
    {
        get
        {
            lock (gate)
            {
                return unsent;
            }
        }
    }

    public void Take(ImmutableArray<Payload> details)
    {
        lock (gate)
        {
            if (told is { } last && time.GetElapsedTime(last) is var passed && passed < pause)
            {
                // Told a little later: it counts from then on, so that it can't run out before its time.
                unsent = details;
                later ??= time.CreateTimer(_ => TellUnsent(), null, pause - passed, Timeout.InfiniteTimeSpan);
                return;
            }

            (unsent, told) = (null, time.GetTimestamp());
        }

        Tell(details);
    }

    public void Dispose()
    {
        lock (gate)
        {
            later?.Dispose();
        }
    }

    private void TellUnsent()
    {
        ImmutableArray<Payload>? details;
        lock (gate)
        {
            later?.Dispose();
            (details, unsent, later, told) = (unsent, null, null, time.GetTimestamp());
        }

        if (details is { } last)
        {
            Tell(last);
        }
    }

    private void Tell(ImmutableArray<Payload> details) => tell(new(activity.ScheduledEventId, activity.Attempt, worker, details));
}
