using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Svom.Workflows;

/// <summary>Why something did not succeed: what a workflow's code sees as an exception. Causes form a chain.</summary>
/// <param name="Message">For people.</param>
/// <param name="StackTrace">Of the code that failed; empty when unknown.</param>
/// <param name="Cause">What led to it; null at the root.</param>
/// <param name="EncodedAttributes">Message and stack trace as a codec hid them; then the plain ones say only that they are hidden.</param>
public abstract record Failure(string Message, string StackTrace, Failure? Cause, Payload? EncodedAttributes)
{
    /// <summary>The first of all causes: what a list of failed work shows.</summary>
    public Failure Root => Cause?.Root ?? this;

    // Without the root: the root's own root is itself, and printing it would never end.
    protected virtual bool PrintMembers(StringBuilder builder)
    {
        builder.Append(CultureInfo.InvariantCulture, $"{nameof(Message)} = {Message}, {nameof(StackTrace)} = {StackTrace}, {nameof(Cause)} = {Cause}, {nameof(EncodedAttributes)} = {EncodedAttributes}");
        return true;
    }
}

/// <summary>Thrown by an author's code.</summary>
/// <param name="Type">Its kind, by which a retry policy may refuse to try again; empty when it has none.</param>
/// <param name="NonRetryable">True when the author says that trying again is useless.</param>
/// <param name="Details">More for the caller.</param>
/// <param name="NextRetryDelay">The pause before the next attempt, in place of the policy's.</param>
public sealed record ApplicationFailure(
    string Message, string Type, bool NonRetryable, ImmutableArray<Payload> Details, TimeSpan? NextRetryDelay = null,
    string StackTrace = "", Failure? Cause = null, Payload? EncodedAttributes = null) : Failure(Message, StackTrace, Cause, EncodedAttributes);

/// <summary>Took longer than it may.</summary>
/// <param name="Kind">Which of the times ran out.</param>
/// <param name="LastHeartbeatDetails">What the attempt told of its progress last.</param>
public sealed record TimeoutFailure(
    string Message, TimeoutKind Kind, ImmutableArray<Payload> LastHeartbeatDetails,
    string StackTrace = "", Failure? Cause = null, Payload? EncodedAttributes = null) : Failure(Message, StackTrace, Cause, EncodedAttributes);

/// <summary>Was asked to stop and did.</summary>
public sealed record CancelledFailure(
    string Message, ImmutableArray<Payload> Details, string StackTrace = "", Failure? Cause = null, Payload? EncodedAttributes = null)
    : Failure(Message, StackTrace, Cause, EncodedAttributes);

/// <summary>Was ended from outside, without being asked.</summary>
public sealed record TerminatedFailure(string Message, string StackTrace = "", Failure? Cause = null, Payload? EncodedAttributes = null)
    : Failure(Message, StackTrace, Cause, EncodedAttributes);

/// <summary>The platform itself could not do it.</summary>
public sealed record ServerFailure(string Message, bool NonRetryable, string StackTrace = "", Failure? Cause = null, Payload? EncodedAttributes = null)
    : Failure(Message, StackTrace, Cause, EncodedAttributes);

/// <summary>An activity did not succeed; the cause says why.</summary>
/// <param name="ScheduledEventId">Event that scheduled it.</param>
/// <param name="StartedEventId">Event that started its last attempt.</param>
public sealed record ActivityFailure(
    string Message, long ScheduledEventId, long StartedEventId, string Identity, string ActivityType, string ActivityId, RetryState RetryState,
    string StackTrace = "", Failure? Cause = null, Payload? EncodedAttributes = null) : Failure(Message, StackTrace, Cause, EncodedAttributes);

/// <summary>A child workflow did not succeed; the cause says why.</summary>
public sealed record ChildWorkflowFailure(
    string Message, string Namespace, WorkflowRunKey Run, string WorkflowType, long InitiatedEventId, long StartedEventId, RetryState RetryState,
    string StackTrace = "", Failure? Cause = null, Payload? EncodedAttributes = null) : Failure(Message, StackTrace, Cause, EncodedAttributes);

/// <summary>Which time ran out. Numbers stand in stored records and never change.</summary>
public enum TimeoutKind
{
    /// <summary>An attempt took longer than it may.</summary>
    StartToClose = 1,

    /// <summary>Nobody began it in time.</summary>
    ScheduleToStart = 2,

    /// <summary>All attempts together took longer than they may.</summary>
    ScheduleToClose = 3,

    /// <summary>An attempt gave no sign of life.</summary>
    Heartbeat = 4,
}
