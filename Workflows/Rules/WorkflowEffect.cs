using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Svom.Workflows;

/// <summary>What must be done once the records that it came with are durable.</summary>
public abstract record WorkflowEffect;

/// <summary>An attempt of an activity may begin now; whoever takes it says <see cref="BeginAttempt"/>.</summary>
/// <param name="RunId">The run that it belongs to.</param>
public sealed record OfferAttempt(long ScheduledEventId, int Attempt, string RunId) : WorkflowEffect;

/// <summary>A running attempt is asked to stop, or its result is of no more use.</summary>
/// <param name="RunId">The run that it belongs to.</param>
public sealed record StopAttempt(long ScheduledEventId, int Attempt, string RunId) : WorkflowEffect;

/// <summary>Owed to another workflow, at least once; the receiver knows a repeat.</summary>
public sealed record Tell(string Namespace, string WorkflowId, WorkflowMessage Message) : WorkflowEffect;

/// <summary>An update got further; its callers may be waiting.</summary>
/// <param name="Accepted">True from the acceptance on.</param>
/// <param name="Result">Null until it succeeded.</param>
/// <param name="Failure">Null unless it was rejected or failed.</param>
public sealed record UpdateAnswered(string UpdateId, bool Accepted, ImmutableArray<Payload>? Result, Failure? Failure) : WorkflowEffect;

/// <summary>The run closed.</summary>
public sealed record RunClosed(string RunId, EventAttributes Outcome) : WorkflowEffect;

/// <summary>From one workflow to another.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "$type")]
[JsonDerivedType(typeof(StartChildMessage), "startChildMessage")]
[JsonDerivedType(typeof(InputMessage), "inputMessage")]
public abstract record WorkflowMessage;

/// <summary>Starts a child. The sender waits for <see cref="ChildBegan"/> or <see cref="ChildNotBegun"/>.</summary>
public sealed record StartChildMessage(StartRequest Request) : WorkflowMessage;

/// <summary>An input for the receiver's rules. When <paramref name="ReplyTo"/> is given, the answer goes there.</summary>
public sealed record InputMessage(WorkflowInput Input, ReplyAddress? ReplyTo = null) : WorkflowMessage;

/// <param name="InitiatedEventId">Event of the sender that waits for the answer.</param>
/// <param name="Cancel">True: a request to cancel; false: a signal.</param>
public sealed record ReplyAddress(string Namespace, WorkflowRunKey Run, long InitiatedEventId, bool Cancel);
