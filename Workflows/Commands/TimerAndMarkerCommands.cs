using System.Collections.Immutable;

namespace Svom.Workflows;

/// <param name="TimerId">Unique among the run's open timers.</param>
/// <param name="StartToFire">Positive.</param>
public sealed record StartTimer(string TimerId, TimeSpan StartToFire, UserMetadata? UserMetadata = null) : Command(UserMetadata);

public sealed record CancelTimer(string TimerId) : Command;

/// <summary>Keeps what the code must find again when it is replayed: a version it took, a side effect's result, a local activity's end.</summary>
public sealed record RecordMarker(
    string MarkerName, ImmutableSortedDictionary<string, ImmutableArray<Payload>> Details, ImmutableSortedDictionary<string, Payload> Headers,
    Failure? Failure = null, UserMetadata? UserMetadata = null) : Command(UserMetadata);

public sealed record UpsertSearchAttributes(ImmutableSortedDictionary<string, Payload> SearchAttributes) : Command;

/// <param name="UpsertedMemo">An entry without octets takes the old one away.</param>
public sealed record ModifyProperties(ImmutableSortedDictionary<string, Payload> UpsertedMemo) : Command;

/// <summary>Here, among the commands, the message with this id takes effect.</summary>
public sealed record PlaceMessage(string MessageId) : Command;
