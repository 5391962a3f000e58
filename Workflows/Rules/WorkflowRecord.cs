using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Svom.Workflows;

/// <summary>
/// What is written down of a workflow: history events, and internal records that no viewer sees. The state is the fold of all
/// of them, the history the projection of the events.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "$type")]
[JsonDerivedType(typeof(RunBegan), "runBegan")]
[JsonDerivedType(typeof(EventRecorded), "eventRecorded")]
[JsonDerivedType(typeof(EventBuffered), "eventBuffered")]
[JsonDerivedType(typeof(BufferEmptied), "bufferEmptied")]
[JsonDerivedType(typeof(TaskScheduled), "taskScheduled")]
[JsonDerivedType(typeof(TaskBegun), "taskBegun")]
[JsonDerivedType(typeof(TaskEnded), "taskEnded")]
[JsonDerivedType(typeof(LocalStepEnded), "localStepEnded")]
[JsonDerivedType(typeof(UpdatesAsked), "updatesAsked")]
[JsonDerivedType(typeof(AttemptBegun), "attemptBegun")]
[JsonDerivedType(typeof(AttemptRetried), "attemptRetried")]
[JsonDerivedType(typeof(AttemptReady), "attemptReady")]
[JsonDerivedType(typeof(AttemptBeaten), "attemptBeaten")]
[JsonDerivedType(typeof(StartRefused), "startRefused")]
[JsonDerivedType(typeof(Remembered), "remembered")]
[JsonDerivedType(typeof(RequestTaken), "requestTaken")]
public abstract record WorkflowRecord;

/// <summary>A run begins: what follows, up to the next of these, is its segment. The <see cref="WorkflowExecutionStarted"/> event comes next.</summary>
/// <param name="RequestId">Of the start; for a run that goes on from another, that one's id.</param>
/// <param name="InProcess">The silo itself runs its code.</param>
public sealed record RunBegan(string RunId, string RequestId, bool InProcess, DateTimeOffset At) : WorkflowRecord;

/// <summary>An event of the run's history.</summary>
public sealed record EventRecorded(HistoryEvent Event) : WorkflowRecord;

/// <summary>News that waits until the begun task is over; it gets its number then.</summary>
public sealed record EventBuffered(EventAttributes Attributes, DateTimeOffset At) : WorkflowRecord;

/// <summary>The waiting news is written or dropped: the buffer is empty.</summary>
public sealed record BufferEmptied : WorkflowRecord;

/// <summary>A workflow task that has no event (a further attempt, or one that may leave no trace) is scheduled.</summary>
/// <param name="NotBefore">Pause before a further attempt.</param>
public sealed record TaskScheduled(int Attempt, DateTimeOffset At, DateTimeOffset? NotBefore, bool Speculative) : WorkflowRecord;

/// <summary>Somebody runs the code.</summary>
/// <param name="At">What the code takes for the time; begun again after its silo died, the task keeps it.</param>
/// <param name="HistorySize">Octets of the history before it, as the code is told.</param>
/// <param name="SuggestContinueAsNew">True when the history is long, as the code is told.</param>
public sealed record TaskBegun(
    string Identity, string RequestId, bool InProcess, DateTimeOffset At, long HistorySize = 0, bool SuggestContinueAsNew = false) : WorkflowRecord;

/// <summary>The task is over. Its events, if it has any, stand beside it.</summary>
public sealed record TaskEnded : WorkflowRecord;

/// <summary>A local activity ended, before the code went on.</summary>
public sealed record LocalStepEnded(LocalStep Step) : WorkflowRecord;

/// <summary>Updates that the code was asked in a task that lasts: it began work for them, and has to be asked the same again.</summary>
public sealed record UpdatesAsked(ImmutableArray<UpdateRequest> Requests) : WorkflowRecord;

/// <summary>An attempt of an activity begins.</summary>
public sealed record AttemptBegun(long ScheduledEventId, int Attempt, string Worker, string RequestId, DateTimeOffset At) : WorkflowRecord;

/// <summary>An attempt is over and another follows.</summary>
/// <param name="Next">When it begins.</param>
public sealed record AttemptRetried(long ScheduledEventId, int Attempt, Failure Failure, DateTimeOffset Next) : WorkflowRecord;

/// <summary>The pause before an attempt is over: it may begin.</summary>
public sealed record AttemptReady(long ScheduledEventId, int Attempt, DateTimeOffset At) : WorkflowRecord;

/// <summary>A sign of life.</summary>
public sealed record AttemptBeaten(long ScheduledEventId, int Attempt, ImmutableArray<Payload> Details, DateTimeOffset At) : WorkflowRecord;

/// <summary>A start that another workflow asked for is refused for ever: asked again when the id is free, it would begin a child that nobody waits for.</summary>
public sealed record StartRefused(string RequestId) : WorkflowRecord;

/// <summary>What a run has to know of those before it, so that nothing counts twice. Stands in snapshots alone, behind the run's beginning.</summary>
/// <param name="Starts">Of the workflow id.</param>
/// <param name="RequestIds">Of the run that this one goes on from.</param>
public sealed record Remembered(ImmutableArray<EarlierStart> Starts, ImmutableArray<string> RequestIds) : WorkflowRecord;

/// <summary>A request that must not count twice has been taken.</summary>
public sealed record RequestTaken(string RequestId) : WorkflowRecord;
