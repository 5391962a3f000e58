namespace Svom.Workflows;

/// <summary>What an activity does when it is asked to stop, as its workflow sees it. Numbers as on Temporal's wire.</summary>
public enum ActivityCancellationType
{
    /// <summary>It is asked to stop, and the workflow goes on at once.</summary>
    TryCancel = 0,

    /// <summary>It is asked to stop, and the workflow waits for its end.</summary>
    WaitCancellationCompleted = 1,

    /// <summary>It is not asked; the workflow goes on at once.</summary>
    Abandon = 2,
}

/// <summary>How an activity is run. One of <see cref="ScheduleToCloseTimeout"/> and <see cref="StartToCloseTimeout"/> must be said.</summary>
public sealed record ActivityOptions
{
    /// <summary>All attempts with their pauses.</summary>
    public TimeSpan? ScheduleToCloseTimeout { get; init; }

    /// <summary>Until somebody begins it.</summary>
    public TimeSpan? ScheduleToStartTimeout { get; init; }

    /// <summary>One attempt.</summary>
    public TimeSpan? StartToCloseTimeout { get; init; }

    /// <summary>Longest time without a sign of life.</summary>
    public TimeSpan? HeartbeatTimeout { get; init; }

    /// <summary>Null: the default policy, which tries again without end.</summary>
    public RetryPolicy? RetryPolicy { get; init; }

    public ActivityCancellationType CancellationType { get; init; }

    /// <summary>Null: the workflow's own.</summary>
    public CancellationToken? CancellationToken { get; init; }

    /// <summary>Unique among the run's open activities; null: 1, 2, 3, …</summary>
    public string? ActivityId { get; init; }

    /// <summary>Null: the workflow's own.</summary>
    public string? TaskQueue { get; init; }

    /// <summary>One line for people.</summary>
    public string? Summary { get; init; }
}

/// <summary>How a local activity is run: by whoever runs the workflow's code, without events of its own. For short steps.</summary>
public sealed record LocalActivityOptions
{
    /// <summary>All attempts with their pauses; null: no limit.</summary>
    public TimeSpan? ScheduleToCloseTimeout { get; init; }

    /// <summary>
    /// One attempt, from when it begins; null: no limit but the other. An activity that does not hear of it through its token is left to itself and what it
    /// returns is not asked for: the next attempt may run beside it.
    /// </summary>
    public TimeSpan? StartToCloseTimeout { get; init; }

    /// <summary>Null: the default policy.</summary>
    public RetryPolicy? RetryPolicy { get; init; }

    public ActivityCancellationType CancellationType { get; init; }

    /// <summary>Null: the workflow's own.</summary>
    public CancellationToken? CancellationToken { get; init; }
}
