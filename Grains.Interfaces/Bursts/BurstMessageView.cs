using System.Collections.Immutable;

namespace Svom.Bursts;

/// <summary>Where a message of several packets stands.</summary>
public enum MessageState
{
    /// <summary>Parts are missing and may come.</summary>
    Open = 0,

    /// <summary>All parts are here.</summary>
    Complete = 1,

    /// <summary>Closed with parts missing; what comes later still fills it.</summary>
    Partial = 2,
}

/// <summary>A message: what several packets of a burst say together.</summary>
/// <param name="Kind">For example <c>grm-light-curve</c>.</param>
/// <param name="Number">Counts the messages of a kind in a sequence, from 0.</param>
/// <param name="Observation">Sequence of GRM for its light curves, else of ECLAIRs, decimal.</param>
/// <param name="Expected">Parts of the whole.</param>
/// <param name="Have">Parts that are here.</param>
/// <param name="Missing">Numbers of the parts that are not, from 1.</param>
/// <param name="Conflict">True when parts contradict each other.</param>
/// <param name="Version">0 while it is open, 1 when it is closed; each later part counts one up.</param>
/// <param name="ClosedAt">When it was complete or closed with parts missing; null while it is open.</param>
/// <param name="ClosedBecause">complete, quiet or deadline; null while it is open.</param>
/// <param name="Due">Mission time at which it is closed if nothing more comes; null when it is closed.</param>
/// <param name="FirstSent">Earliest packet time of its parts.</param>
/// <param name="LastSent">Latest packet time of its parts.</param>
/// <param name="Recovered">Numbers of the parts that nobody heard whole: majorities of broken copies. A whole copy takes its part off.</param>
[GenerateSerializer, Immutable, Alias("svom.burst-message-view")]
public sealed record BurstMessageView(
    [property: Id(0)] string Kind, [property: Id(1)] int Number, [property: Id(2)] string Observation, [property: Id(3)] int Expected, [property: Id(4)] int Have,
    [property: Id(5)] ImmutableArray<int> Missing, [property: Id(6)] MessageState State, [property: Id(7)] bool Conflict, [property: Id(8)] int Version,
    [property: Id(9)] DateTimeOffset? ClosedAt, [property: Id(10)] string? ClosedBecause, [property: Id(11)] DateTimeOffset? Due,
    [property: Id(12)] DateTimeOffset FirstSent, [property: Id(13)] DateTimeOffset LastSent, [property: Id(14)] ImmutableArray<int> Recovered);

/// <summary>A message with what its parts hold.</summary>
/// <param name="Payloads">Octets of the parts that are here, in their order, each between packet time and CRC: the formats read them.</param>
[GenerateSerializer, Immutable, Alias("svom.burst-message-parts")]
public sealed record BurstMessageParts([property: Id(0)] BurstMessageView Message, [property: Id(1)] ImmutableArray<byte[]> Payloads);

/// <summary>Messages of a burst in short.</summary>
/// <param name="Open">Messages whose parts are still coming.</param>
/// <param name="Complete">Messages of which all is here.</param>
/// <param name="Partial">Messages closed with parts missing.</param>
/// <param name="PartsExpected">Parts of all of them.</param>
/// <param name="PartsHave">Parts that are here.</param>
/// <param name="PartsRecovered">Of those, parts that nobody heard whole.</param>
[GenerateSerializer, Immutable, Alias("svom.message-summary")]
public sealed record MessageSummary(
    [property: Id(0)] int Open, [property: Id(1)] int Complete, [property: Id(2)] int Partial, [property: Id(3)] int PartsExpected, [property: Id(4)] int PartsHave,
    [property: Id(5)] int PartsRecovered = 0);
