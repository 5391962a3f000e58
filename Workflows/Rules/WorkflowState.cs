using System.Collections.Immutable;

namespace Svom.Workflows;

/// <summary>A workflow id with its newest run. The fold of its records; small: history events are not in it.</summary>
public sealed record WorkflowState
{
    public static WorkflowState Unknown(string ns, string workflowId) => new() { Namespace = ns, WorkflowId = workflowId };

    public required string Namespace { get; init; }

    public required string WorkflowId { get; init; }

    /// <summary>The newest run, open or closed; null when the id was never used.</summary>
    public RunState? Run { get; init; }

    /// <summary>Starts before that of the newest run, newest last: a start that is asked again long after still finds its run. Only so many are kept.</summary>
    public ImmutableList<EarlierStart> EarlierStarts { get; init; } = [];
}

/// <param name="RequestId">Of the start.</param>
/// <param name="RunId">The run that began with it; null: it was refused for ever.</param>
public sealed record EarlierStart(string RequestId, string? RunId);

/// <summary>How a run stands. Numbers as on Temporal's wire.</summary>
public enum RunStatus
{
    Running = 1,
    Completed = 2,
    Failed = 3,
    Canceled = 4,
    Terminated = 5,
    ContinuedAsNew = 6,
    TimedOut = 7,
}

/// <summary>One run as it stands.</summary>
public sealed record RunState
{
    public required string RunId { get; init; }

    /// <summary>Request that began it.</summary>
    public required string RequestId { get; init; }

    public required bool InProcess { get; init; }

    public required DateTimeOffset BeganAt { get; init; }

    /// <summary>What its first event says.</summary>
    public WorkflowExecutionStarted Started { get; init; } = null!;

    public RunStatus Status { get; init; } = RunStatus.Running;

    /// <summary>The event that closed it; null while it is open.</summary>
    public EventAttributes? Outcome { get; init; }

    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>Number of the next event.</summary>
    public long NextEventId { get; init; } = 1;

    /// <summary>Time of the last event: the next is never before it.</summary>
    public DateTimeOffset LastEventAt { get; init; }

    /// <summary>Rough octets of the history: payloads and a fixed share for each event.</summary>
    public long HistorySize { get; init; }

    /// <summary>The workflow task that is scheduled or begun; null: the code has seen everything.</summary>
    public WorkflowTaskState? Task { get; init; }

    /// <summary>Local activities that ended within the begun task, in their order.</summary>
    public ImmutableList<LocalStep> LocalSteps { get; init; } = [];

    /// <summary>News that waits until the begun task is over, in its order.</summary>
    public ImmutableList<EventBuffered> Buffered { get; init; } = [];

    /// <summary>Open activities by the event that scheduled them.</summary>
    public ImmutableSortedDictionary<long, ActivityState> Activities { get; init; } = ImmutableSortedDictionary<long, ActivityState>.Empty;

    /// <summary>Events that scheduled the open activities, by activity id.</summary>
    public ImmutableSortedDictionary<string, long> ActivityIds { get; init; } = ImmutableSortedDictionary.Create<string, long>(StringComparer.Ordinal);

    /// <summary>Open timers by timer id.</summary>
    public ImmutableSortedDictionary<string, TimerState> Timers { get; init; } = ImmutableSortedDictionary.Create<string, TimerState>(StringComparer.Ordinal);

    /// <summary>Ids of the open timers, by the event that started each.</summary>
    public ImmutableSortedDictionary<long, string> TimerIds { get; init; } = ImmutableSortedDictionary<long, string>.Empty;

    /// <summary>Open children by the event that asked for them.</summary>
    public ImmutableSortedDictionary<long, ChildState> Children { get; init; } = ImmutableSortedDictionary<long, ChildState>.Empty;

    /// <summary>Signals to others that wait for an answer.</summary>
    public ImmutableSortedDictionary<long, SignalExternalWorkflowExecutionInitiated> ExternalSignals { get; init; } =
        ImmutableSortedDictionary<long, SignalExternalWorkflowExecutionInitiated>.Empty;

    /// <summary>Requests to cancel others that wait for an answer.</summary>
    public ImmutableSortedDictionary<long, RequestCancelExternalWorkflowExecutionInitiated> ExternalCancels { get; init; } =
        ImmutableSortedDictionary<long, RequestCancelExternalWorkflowExecutionInitiated>.Empty;

    /// <summary>Accepted updates by their id, with the answer once there is one; for the life of the run.</summary>
    public ImmutableSortedDictionary<string, UpdateState> Updates { get; init; } = ImmutableSortedDictionary.Create<string, UpdateState>(StringComparer.Ordinal);

    /// <summary>Requests that must not count twice.</summary>
    public ImmutableHashSet<string> RequestIds { get; init; } = ImmutableHashSet.Create<string>(StringComparer.Ordinal);

    /// <summary>Those of the run that this one goes on from: a word sent twice may arrive on both sides of the border.</summary>
    public ImmutableHashSet<string> EarlierRequestIds { get; init; } = ImmutableHashSet.Create<string>(StringComparer.Ordinal);

    /// <summary>End of the pause before the first workflow task; null: there is none, or it is over.</summary>
    public DateTimeOffset? FirstTaskAt { get; init; }

    public bool CancelRequested { get; init; }

    public int SignalCount { get; init; }

    public ImmutableSortedDictionary<string, Payload> Memo { get; init; } = ImmutableSortedDictionary.Create<string, Payload>(StringComparer.Ordinal);

    public ImmutableSortedDictionary<string, Payload> SearchAttributes { get; init; } = ImmutableSortedDictionary.Create<string, Payload>(StringComparer.Ordinal);

    /// <summary>Everything that becomes due, in one order.</summary>
    public DeadlineList Deadlines { get; init; } = DeadlineList.Empty;

    public bool IsOpen => Status == RunStatus.Running;
}

/// <summary>The workflow task.</summary>
/// <param name="Attempt">1, 2, 3, …</param>
/// <param name="ScheduledEventId">Its event; 0 for a further attempt or a speculative one, which get theirs when they end.</param>
/// <param name="StartedEventId">Its event; 0 while not begun. Of one without events the number that it will have, should it get them.</param>
/// <param name="NotBefore">Pause before a further attempt; null: it may begin.</param>
/// <param name="Begun">Who runs the code; null: nobody yet.</param>
/// <param name="Speculative">It leaves no trace unless it has a consequence.</param>
public sealed record WorkflowTaskState(
    int Attempt, long ScheduledEventId, DateTimeOffset ScheduledAt, DateTimeOffset? NotBefore, bool Speculative, long StartedEventId = 0, TaskBegun? Begun = null)
{
    /// <summary>Updates that the code was asked in it, once the task lasts.</summary>
    public ImmutableArray<UpdateRequest> Asked { get; init; } = [];
}

/// <summary>An open activity.</summary>
/// <param name="Scheduled">As scheduled, every time said.</param>
/// <param name="Attempt">The attempt that runs or comes next.</param>
/// <param name="ReadyAt">When this attempt may begin or could.</param>
/// <param name="Begun">Who runs it; null: nobody.</param>
/// <param name="LastFailure">Of the attempt before.</param>
/// <param name="LastHeartbeat">Of the attempt that runs; null: none yet.</param>
/// <param name="CancelRequestedEventId">0: nobody asked it to stop.</param>
/// <param name="Pausing">True during the pause before the attempt, which ends at <paramref name="ReadyAt"/>.</param>
public sealed record ActivityState(
    long ScheduledEventId, ActivityTaskScheduled Scheduled, DateTimeOffset ScheduledAt, int Attempt, DateTimeOffset ReadyAt, AttemptBegun? Begun, Failure? LastFailure,
    ImmutableArray<Payload> HeartbeatDetails, DateTimeOffset? LastHeartbeat, long CancelRequestedEventId, bool Pausing = false);

/// <param name="StartedEventId">Event that started it.</param>
/// <param name="FiresAt">When it fires.</param>
public sealed record TimerState(long StartedEventId, DateTimeOffset FiresAt);

/// <param name="StartedEventId">0 until it began.</param>
/// <param name="RunId">Null until it began.</param>
public sealed record ChildState(StartChildWorkflowExecutionInitiated Initiated, long StartedEventId, string? RunId);

/// <param name="AcceptedEventId">Event of the acceptance.</param>
/// <param name="Completed">Null until it is answered.</param>
public sealed record UpdateState(long AcceptedEventId, UpdateRequest Request, WorkflowExecutionUpdateCompleted? Completed);
