using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Svom.Workflows;

/// <summary>What came of running a workflow's code on its news.</summary>
/// <param name="Identity">Who ran it.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "$type")]
[JsonDerivedType(typeof(TaskDone), "taskDone")]
[JsonDerivedType(typeof(TaskFailed), "taskFailed")]
public abstract record TaskOutcome(string Identity);

/// <summary>The code ran until it had to wait, or to its end.</summary>
/// <param name="Commands">What it wants, in its order.</param>
/// <param name="Messages">What it says of updates.</param>
/// <param name="LocalWork">True while it waits for something that its own executor runs: a crash must bring it back at once, since no event will.</param>
/// <param name="SdkMetadata">What the kit recorded of itself, kept octet by octet.</param>
public sealed record TaskDone(
    string Identity, ImmutableArray<Command> Commands, ImmutableArray<UpdateMessage> Messages, bool LocalWork = false,
    ReadOnlyMemory<byte> SdkMetadata = default) : TaskOutcome(Identity);

/// <summary>The code could not be run, or went another way than its history: it is tried again, and the run waits.</summary>
public sealed record TaskFailed(string Identity, WorkflowTaskFailedCause Cause, Failure Failure) : TaskOutcome(Identity);

/// <summary>What a workflow's code says of an update.</summary>
/// <param name="MessageId">By which a <see cref="PlaceMessage"/> names it.</param>
/// <param name="UpdateId">The caller's.</param>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "$type")]
[JsonDerivedType(typeof(UpdateAccepted), "updateAccepted")]
[JsonDerivedType(typeof(UpdateRejected), "updateRejected")]
[JsonDerivedType(typeof(UpdateDone), "updateDone")]
public abstract record UpdateMessage(string MessageId, string UpdateId);

/// <summary>The validator let it pass.</summary>
/// <param name="SequencingEventId">The last event that the validator knew.</param>
public sealed record UpdateAccepted(string MessageId, string UpdateId, long SequencingEventId) : UpdateMessage(MessageId, UpdateId);

/// <summary>The validator refused: no trace of it stays.</summary>
public sealed record UpdateRejected(string MessageId, string UpdateId, Failure Failure) : UpdateMessage(MessageId, UpdateId);

/// <param name="Result">Null when it failed.</param>
/// <param name="Failure">Null when it did not.</param>
public sealed record UpdateDone(string MessageId, string UpdateId, ImmutableArray<Payload>? Result, Failure? Failure) : UpdateMessage(MessageId, UpdateId);
