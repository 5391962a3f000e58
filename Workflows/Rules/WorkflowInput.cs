using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Svom.Workflows;

/// <summary>Something that happened outside, on which the rules decide. Every input names what it needs; nothing is read from a clock or a random source.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "$type")]
[JsonDerivedType(typeof(Start), "start")]
[JsonDerivedType(typeof(Signal), "signal")]
[JsonDerivedType(typeof(RequestCancel), "requestCancel")]
[JsonDerivedType(typeof(Terminate), "terminate")]
[JsonDerivedType(typeof(TimeDue), "timeDue")]
[JsonDerivedType(typeof(BeginTask), "beginTask")]
[JsonDerivedType(typeof(KeepTask), "keepTask")]
[JsonDerivedType(typeof(FinishTask), "finishTask")]
[JsonDerivedType(typeof(EndLocalStep), "endLocalStep")]
[JsonDerivedType(typeof(BeginAttempt), "beginAttempt")]
[JsonDerivedType(typeof(AttemptSucceeded), "attemptSucceeded")]
[JsonDerivedType(typeof(AttemptFailed), "attemptFailed")]
[JsonDerivedType(typeof(AttemptCanceled), "attemptCanceled")]
[JsonDerivedType(typeof(AttemptBeat), "attemptBeat")]
[JsonDerivedType(typeof(AttemptHandedOn), "attemptHandedOn")]
[JsonDerivedType(typeof(AttemptLost), "attemptLost")]
[JsonDerivedType(typeof(ChildBegan), "childBegan")]
[JsonDerivedType(typeof(ChildNotBegun), "childNotBegun")]
[JsonDerivedType(typeof(ChildClosed), "childClosed")]
[JsonDerivedType(typeof(ExternalSignalAnswered), "externalSignalAnswered")]
[JsonDerivedType(typeof(ExternalCancelAnswered), "externalCancelAnswered")]
public abstract record WorkflowInput;

/// <summary>A run is asked for. Asked again with the same request id, it is the same start.</summary>
/// <param name="RequestId">The caller's; by it a repeat is known.</param>
/// <param name="TaskTimeout">Null: 10 s.</param>
/// <param name="Delay">Pause before the first workflow task; null: none.</param>
/// <param name="Parent">The workflow whose child it is; null: none.</param>
/// <param name="InProcess">True: the silo itself runs its code. False: workers poll for it.</param>
public sealed record StartRequest(
    string RequestId, string WorkflowType, string TaskQueue, ImmutableArray<Payload> Input, TimeSpan? ExecutionTimeout, TimeSpan? RunTimeout, TimeSpan? TaskTimeout,
    WorkflowIdReusePolicy IdReusePolicy, WorkflowIdConflictPolicy IdConflictPolicy, RetryPolicy? RetryPolicy, TimeSpan? Delay, ParentReference? Parent, string Identity,
    ImmutableSortedDictionary<string, Payload> Memo, ImmutableSortedDictionary<string, Payload> SearchAttributes, ImmutableSortedDictionary<string, Payload> Headers,
    bool InProcess = true, UserMetadata? UserMetadata = null);

/// <summary>Starts a run; with a signal, sends it to the run that is open or to the one that this begins, in the same transition.</summary>
/// <param name="Signal">Null: no signal.</param>
public sealed record Start(StartRequest Request, Signal? Signal = null) : WorkflowInput;

/// <param name="RunId">The run it is meant for; null: the one that is open.</param>
/// <param name="RequestId">By it a repeat is known; null: every call counts.</param>
/// <param name="ChildOf">The run that sends it to its own child alone; null: anybody.</param>
public sealed record Signal(
    string SignalName, ImmutableArray<Payload> Input, string Identity, ImmutableSortedDictionary<string, Payload> Headers, string? RequestId = null,
    string? RunId = null, WorkflowRunKey? ChildOf = null) : WorkflowInput;

/// <summary>Asks a run to stop; its code decides how.</summary>
public sealed record RequestCancel(
    string Cause, string Identity, string? RequestId = null, string? RunId = null, WorkflowRunKey? ExternalRun = null, long? ExternalInitiatedEventId = null,
    WorkflowRunKey? ChildOf = null) : WorkflowInput;

/// <summary>Ends a run at once.</summary>
public sealed record Terminate(string Reason, ImmutableArray<Payload> Details, string Identity, string? RunId = null, WorkflowRunKey? ChildOf = null) : WorkflowInput;

/// <summary>Time has gone by: everything due up to the context's time is taken, in its order.</summary>
public sealed record TimeDue : WorkflowInput;

/// <summary>
/// Somebody begins the workflow task. When none is scheduled, one begins that leaves no trace unless it has a consequence
/// (<see cref="WorkflowTaskState.Speculative"/>): so updates are asked.
/// </summary>
/// <param name="RequestId">Of the poll that took it; for the silo itself any.</param>
/// <param name="InProcess">True: the silo itself runs the code, and no time limit of a task holds. A task that a dead silo began is begun again so.</param>
/// <param name="RunId">The run it is meant for; null: the one that is open.</param>
public sealed record BeginTask(string Identity, string RequestId, bool InProcess, string? RunId = null) : WorkflowInput;

/// <summary>The begun task will last longer than this transition: a speculative one is written down from here on.</summary>
/// <param name="RunId">The run it is meant for; null: the one that is open.</param>
public sealed record KeepTask(string? RunId = null) : WorkflowInput
{
    /// <summary>Updates that the code was asked in it: they are kept, so that it is asked the same when its silo dies.</summary>
    public ImmutableArray<UpdateRequest> Asked { get; init; } = [];
}

/// <summary>What came of the begun task.</summary>
/// <param name="Asked">Updates that the code was asked in it, as their callers asked them.</param>
/// <param name="RunId">The run it is meant for; null: the one that is open.</param>
/// <param name="RequestId">Of the poll that took the task; null: whichever is begun.</param>
public sealed record FinishTask(TaskOutcome Outcome, ImmutableArray<UpdateRequest> Asked, string? RunId = null, string? RequestId = null) : WorkflowInput;

/// <summary>A local activity of the begun task ended: durable before the code goes on.</summary>
/// <param name="RunId">The run it is meant for; null: the one that is open.</param>
public sealed record EndLocalStep(LocalStep Step, string? RunId = null) : WorkflowInput;

/// <summary>Somebody begins an attempt of an activity.</summary>
/// <param name="Worker">Incarnation of the silo that runs it, or a remote worker's identity.</param>
/// <param name="RunId">The run it is meant for; null: the one that is open.</param>
public sealed record BeginAttempt(long ScheduledEventId, int Attempt, string Worker, string RequestId, string? RunId = null) : WorkflowInput;

/// <summary>How an attempt ended, or a sign of life of it. Refused when that attempt is over.</summary>
/// <param name="ScheduledEventId">Event that scheduled it.</param>
/// <param name="Attempt">Null: whichever is running (completion by the activity's id).</param>
public abstract record AttemptNews(long ScheduledEventId, int? Attempt, string Identity) : WorkflowInput
{
    /// <summary>The run it is meant for: event numbers of one run mean nothing in the next. Null: the one that is open.</summary>
    public string? RunId { get; init; }
}

public sealed record AttemptSucceeded(long ScheduledEventId, int? Attempt, string Identity, ImmutableArray<Payload> Result) : AttemptNews(ScheduledEventId, Attempt, Identity);

public sealed record AttemptFailed(long ScheduledEventId, int? Attempt, string Identity, Failure Failure, ImmutableArray<Payload>? LastHeartbeat = null)
    : AttemptNews(ScheduledEventId, Attempt, Identity);

/// <summary>It stopped since it was asked to. Where nobody asked, it counts as failed.</summary>
public sealed record AttemptCanceled(long ScheduledEventId, int? Attempt, string Identity, ImmutableArray<Payload> Details) : AttemptNews(ScheduledEventId, Attempt, Identity);

/// <summary>A sign of life. The answer says whether the activity should stop.</summary>
public sealed record AttemptBeat(long ScheduledEventId, int? Attempt, string Identity, ImmutableArray<Payload> Details) : AttemptNews(ScheduledEventId, Attempt, Identity);

/// <summary>The attempt goes on elsewhere: whoever has its token ends it. The life of the silo that began it no longer matters.</summary>
public sealed record AttemptHandedOn(long ScheduledEventId, int? Attempt, string Identity) : AttemptNews(ScheduledEventId, Attempt, Identity)
{
    /// <summary>The worker of such an attempt.</summary>
    public const string Elsewhere = "elsewhere";
}

/// <summary>The silo that ran it is dead: the next attempt begins at once, without a pause; it counts as an attempt.</summary>
public sealed record AttemptLost(long ScheduledEventId, int? Attempt, string Identity) : AttemptNews(ScheduledEventId, Attempt, Identity);

/// <summary>News of something that a run asked another workflow for. A repeat changes nothing, nor does news for a run that is over.</summary>
/// <param name="InitiatedEventId">Event of the run that asked.</param>
public abstract record AnswerNews(long InitiatedEventId) : WorkflowInput
{
    /// <summary>The run that asked: event numbers of one run mean nothing in the next. Null: the one that is open.</summary>
    public string? AskingRunId { get; init; }
}

/// <summary>A child began.</summary>
public sealed record ChildBegan(long InitiatedEventId, string RunId) : AnswerNews(InitiatedEventId);

/// <summary>A child could not begin.</summary>
public sealed record ChildNotBegun(long InitiatedEventId, StartChildFailedCause Cause) : AnswerNews(InitiatedEventId);

/// <summary>The last run of a child closed.</summary>
/// <param name="RunId">Of the child's first run.</param>
/// <param name="Outcome">The event that closed it: completed, failed, cancelled, timed out or terminated.</param>
public sealed record ChildClosed(long InitiatedEventId, string RunId, EventAttributes Outcome) : AnswerNews(InitiatedEventId);

/// <summary>A signal to another workflow arrived there, or did not.</summary>
/// <param name="Cause">Null: it arrived.</param>
public sealed record ExternalSignalAnswered(long InitiatedEventId, ExternalFailedCause? Cause) : AnswerNews(InitiatedEventId);

/// <summary>A request to cancel another workflow arrived there, or did not.</summary>
/// <param name="Cause">Null: it arrived.</param>
public sealed record ExternalCancelAnswered(long InitiatedEventId, ExternalFailedCause? Cause) : AnswerNews(InitiatedEventId);
