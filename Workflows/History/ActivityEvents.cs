using System.Collections.Immutable;

namespace Svom.Workflows;

/// <param name="ActivityId">The author's or the kit's; unique among a run's open ones.</param>
/// <param name="Timeouts">Every time said.</param>
public sealed record ActivityTaskScheduled(
    string ActivityId, string ActivityType, string TaskQueue, ImmutableArray<Payload> Input, ActivityTimeouts Timeouts, long TaskCompletedEventId,
    RetryPolicy? RetryPolicy, ImmutableSortedDictionary<string, Payload> Headers) : EventAttributes;

/// <summary>Written only when the activity ends, for the attempt that ended it; earlier attempts leave nothing in the history.</summary>
/// <param name="LastFailure">Of the attempt before; null for the first.</param>
public sealed record ActivityTaskStarted(long ScheduledEventId, string Identity, string RequestId, int Attempt, Failure? LastFailure) : EventAttributes;

public sealed record ActivityTaskCompleted(ImmutableArray<Payload> Result, long ScheduledEventId, long StartedEventId, string Identity) : EventAttributes;

public sealed record ActivityTaskFailed(Failure Failure, long ScheduledEventId, long StartedEventId, string Identity, RetryState RetryState) : EventAttributes;

/// <param name="StartedEventId">0 when nobody ever began it.</param>
public sealed record ActivityTaskTimedOut(Failure Failure, long ScheduledEventId, long StartedEventId, RetryState RetryState) : EventAttributes;

public sealed record ActivityTaskCancelRequested(long ScheduledEventId, long TaskCompletedEventId) : EventAttributes;

public sealed record ActivityTaskCanceled(
    ImmutableArray<Payload> Details, long LatestCancelRequestedEventId, long ScheduledEventId, long StartedEventId, string Identity) : EventAttributes;
