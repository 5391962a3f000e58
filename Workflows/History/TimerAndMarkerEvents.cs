using System.Collections.Immutable;

namespace Svom.Workflows;

public sealed record TimerStarted(string TimerId, TimeSpan StartToFire, long TaskCompletedEventId) : EventAttributes;

public sealed record TimerFired(string TimerId, long StartedEventId) : EventAttributes;

public sealed record TimerCanceled(string TimerId, long StartedEventId, long TaskCompletedEventId, string Identity) : EventAttributes;

/// <summary>What the workflow's code recorded for its own replay: a version it took, a side effect's result, a local activity's end.</summary>
public sealed record MarkerRecorded(
    string MarkerName, ImmutableSortedDictionary<string, ImmutableArray<Payload>> Details, long TaskCompletedEventId,
    ImmutableSortedDictionary<string, Payload> Headers, Failure? Failure) : EventAttributes;
