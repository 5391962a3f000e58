using System.Collections.Immutable;

namespace Svom.Workflows;

/// <summary>A question that may change the workflow, as its caller asked it.</summary>
/// <param name="UpdateId">The caller's: asked again in the same run, it gets the same answer.</param>
/// <param name="Name">Of the handler.</param>
public sealed record UpdateRequest(string UpdateId, string Name, ImmutableArray<Payload> Input, string Identity, ImmutableSortedDictionary<string, Payload> Headers);

/// <summary>The validator let it pass. A rejected one leaves no event.</summary>
/// <param name="ProtocolInstanceId">Its id on the wire between engine and worker.</param>
/// <param name="AcceptedRequestSequencingEventId">The worker's view of the history when it accepted.</param>
public sealed record WorkflowExecutionUpdateAccepted(
    string ProtocolInstanceId, string AcceptedRequestMessageId, long AcceptedRequestSequencingEventId, UpdateRequest AcceptedRequest) : EventAttributes;

/// <param name="Result">Null when it failed.</param>
/// <param name="Failure">Null when it did not.</param>
public sealed record WorkflowExecutionUpdateCompleted(string UpdateId, string Identity, long AcceptedEventId, ImmutableArray<Payload>? Result, Failure? Failure) : EventAttributes;
