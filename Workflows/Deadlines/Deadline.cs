using System.Collections.Immutable;

namespace Svom.Workflows;

/// <summary>
/// What becomes due. Numbers stand in stored records and order what is due at one instant: the run's own end comes first, since
/// nothing after it counts; then the time for all attempts before the time of one; then what lets the workflow go on.
/// </summary>
public enum DeadlineKind
{
    ExecutionTimeout = 10,
    RunTimeout = 20,
    WorkflowTaskTimeout = 30,
    WorkflowTaskBackoff = 40,
    ActivityScheduleToStart = 50,
    ActivityScheduleToClose = 60,
    ActivityStartToClose = 70,
    ActivityHeartbeat = 80,
    ActivityRetry = 90,
    Timer = 100,
}

/// <summary>One thing that becomes due.</summary>
/// <param name="At">When, UTC.</param>
/// <param name="Kind">What.</param>
/// <param name="EventId">Event it belongs to: that which scheduled the activity or started the timer; 0 for the run itself.</param>
/// <param name="Attempt">Attempt it belongs to: a deadline of an attempt that is over means nothing.</param>
public readonly record struct Deadline(DateTimeOffset At, DeadlineKind Kind, long EventId, int Attempt) : IComparable<Deadline>
{
    public int CompareTo(Deadline other)
    {
        var order = At.CompareTo(other.At);
        order = order != 0 ? order : ((int)Kind).CompareTo((int)other.Kind); // An enumeration's own comparison boxes both.
        order = order != 0 ? order : EventId.CompareTo(other.EventId);
        return order != 0 ? order : Attempt.CompareTo(other.Attempt);
    }

    public static bool operator <(Deadline left, Deadline right) => left.CompareTo(right) < 0;

    public static bool operator >(Deadline left, Deadline right) => left.CompareTo(right) > 0;

    public static bool operator <=(Deadline left, Deadline right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Deadline left, Deadline right) => left.CompareTo(right) >= 0;
}

/// <summary>
/// All deadlines of a run in one order. There are no timers beside it: the run has one due time, the first of these, and what is due
/// together is taken in this order, so that two times that run out at once always end the same way.
/// </summary>
public sealed record DeadlineList
{
    public static DeadlineList Empty { get; } = new([]);

    private readonly ImmutableSortedSet<Deadline> all;

    private DeadlineList(ImmutableSortedSet<Deadline> all) => this.all = all;

    public static DeadlineList Of(IEnumerable<Deadline> deadlines) => new([.. deadlines]);

    /// <summary>In their order.</summary>
    public Deadline[] ToArray() => [.. all];

    /// <summary>When the run has to be woken; null: by nothing but news.</summary>
    public DateTimeOffset? First => all.IsEmpty ? null : all.Min.At;

    public int Count => all.Count;

    public DeadlineList With(Deadline deadline) => new(all.Add(deadline));

    public DeadlineList Without(Deadline deadline) => new(all.Remove(deadline));

    public DeadlineList Without(DeadlineKind kind, long eventId) => Without(deadline => deadline.Kind == kind && deadline.EventId == eventId);

    /// <summary>Everything of one activity or timer.</summary>
    public DeadlineList WithoutEvent(long eventId) => Without(deadline => deadline.EventId == eventId);

    /// <returns>The first that is due; null: none is.</returns>
    public Deadline? Due(DateTimeOffset now) => !all.IsEmpty && all.Min.At <= now ? all.Min : null;

    public bool Equals(DeadlineList? other) => other is not null && all.SetEquals(other.all);

    public override int GetHashCode() => HashCode.Combine(all.Count, all.IsEmpty ? default : all.Min);

    private DeadlineList Without(Func<Deadline, bool> gone)
    {
        var rest = all;
        foreach (var deadline in all)
        {
            if (gone(deadline))
            {
                rest = rest.Remove(deadline);
            }
        }

        return rest == all ? this : new(rest);
    }
}
