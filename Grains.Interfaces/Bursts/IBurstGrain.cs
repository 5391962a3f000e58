using System.Collections.Immutable;
using Svom.Outcomes;

namespace Svom.Bursts;

/// <summary>Follows one alert sequence from first packet to last notice. Key: the burst id, for example <c>sb26042105</c>.</summary>
[Alias("svom.burst")]
public interface IBurstGrain : IGrainWithStringKey
{
    /// <summary>The burst as it stands after the last commit.</summary>
    /// <returns><see cref="RefusalCode.NotFound"/> for an unknown burst.</returns>
    [Alias("get")]
    Task<Outcome<BurstView>> GetAsync(CancellationToken cancellationToken);

    /// <summary>An act of an expert or advocate. It becomes a record of the burst, so a replay repeats it.</summary>
    /// <returns>
    /// The burst afterwards, and what the act made. The same idempotency key again does nothing and answers the burst as it stands;
    /// <see cref="RefusalCode.KeyReused"/> when it comes with another content; <see cref="RefusalCode.Conflict"/> when
    /// <see cref="BurstAct.IfVersion"/> is not the burst's; <see cref="RefusalCode.NotPossibleNow"/> when its state forbids it; <see cref="RefusalCode.Overloaded"/>
    /// when as many acts wait for their time as may; <see cref="RefusalCode.Invalid"/> for an act that breaks a rule; <see cref="RefusalCode.NotFound"/> for an unknown burst.
    /// </returns>
    [Alias("act")]
    Task<Outcome<ActAnswer>> ActAsync(BurstAct act, CancellationToken cancellationToken);

    /// <summary>What happened, oldest first.</summary>
    /// <returns><see cref="RefusalCode.NotFound"/> for an unknown burst.</returns>
    [Alias("timeline")]
    Task<Outcome<ImmutableArray<TimelineEntry>>> TimelineAsync(CancellationToken cancellationToken);

    /// <summary>Messages of several packets: light curves, images, lists. In order of kind and number.</summary>
    /// <returns><see cref="RefusalCode.NotFound"/> for an unknown burst.</returns>
    [Alias("messages")]
    Task<Outcome<ImmutableArray<BurstMessageView>>> MessagesAsync(CancellationToken cancellationToken);

    /// <summary>One message with what is here of it.</summary>
    /// <param name="observation">Which sequence's; null: the one that began first, of a burst with more than one.</param>
    /// <returns><see cref="RefusalCode.NotFound"/> when there is no such burst, or no part of such a message was heard.</returns>
    [Alias("message")]
    Task<Outcome<BurstMessageParts>> MessageAsync(string kind, int number, string? observation, CancellationToken cancellationToken);

    /// <summary>For each possible notice: made, or what it waits for, in sentences. Then each message of several packets.</summary>
    /// <returns><see cref="RefusalCode.NotFound"/> for an unknown burst.</returns>
    [Alias("explain")]
    Task<Outcome<ImmutableArray<NoticeExplanation>>> ExplainAsync(CancellationToken cancellationToken);
}

/// <summary>Finds bursts. Stateless; key 0.</summary>
[Alias("svom.burst-query")]
public interface IBurstQueryGrain : IGrainWithIntegerKey
{
    /// <summary>A page of bursts, first heard last, newest first.</summary>
    /// <returns><see cref="RefusalCode.Invalid"/> for a cursor that is none of ours.</returns>
    [Alias("find")]
    Task<Outcome<Page<BurstView>>> FindAsync(BurstSearch search, CancellationToken cancellationToken);
}

/// <param name="Observation">On-board Observation ID, decimal.</param>
/// <param name="From">First heard not before.</param>
/// <param name="To">First heard before.</param>
/// <param name="Status">active, retracted or closed.</param>
/// <param name="Session">A rehearsal's bursts; null: live and rehearsed ones.</param>
[GenerateSerializer, Immutable, Alias("svom.burst-search")]
public sealed record BurstSearch(
    [property: Id(0)] string? Observation = null, [property: Id(1)] DateTimeOffset? From = null, [property: Id(2)] DateTimeOffset? To = null,
    [property: Id(3)] BurstStatus? Status = null, [property: Id(4)] string? Session = null, [property: Id(5)] string? Cursor = null,
    [property: Id(6)] int Limit = 50);

/// <summary>Where a burst stands.</summary>
public enum BurstStatus
{
    Active = 0,
    Retracted = 1,
    Closed = 2,
}

/// <summary>What the platform knows of a burst. Angles in degrees, ICRS; times UTC.</summary>
/// <param name="Id">For example <c>sb26042105</c>; a rehearsal's begins <c>tb</c>.</param>
/// <param name="Session">Rehearsal; null is live.</param>
/// <param name="Version">Version of the burst's stream: the ETag.</param>
/// <param name="Observation">On-board Observation ID, decimal; null until an ECLAIRs packet was heard.</param>
/// <param name="T0">One per instrument.</param>
/// <param name="SlewStatus">not-requested, requested, accepted or rejected; null for GRM only.</param>
/// <param name="Classification">As classified by a person; null before.</param>
/// <param name="AcknowledgedBy">Who took charge; null before.</param>
/// <param name="Validated">accepted, rejected, or null while open.</param>
/// <param name="Best">Best position; null without one.</param>
/// <param name="Positions">Ladder of positions, best first.</param>
/// <param name="Completeness">Packets by kind.</param>
/// <param name="Notices">In order of making, held ones too.</param>
/// <param name="Related">Bursts that turned out to be linked after both had published.</param>
/// <param name="FirstHeard">When the first packet of it was taken in.</param>
/// <param name="Updated">When it last changed.</param>
/// <param name="NextDeadline">Next mission time at which something happens by itself; null when nothing does.</param>
/// <param name="Messages">Messages of several packets in short; null in a view of before they were read.</param>
[GenerateSerializer, Immutable, Alias("svom.burst-view")]
public sealed record BurstView(
    [property: Id(0)] string Id, [property: Id(1)] string? Session, [property: Id(2)] long Version, [property: Id(3)] BurstStatus Status,
    [property: Id(4)] string? Observation, [property: Id(5)] BurstT0 T0, [property: Id(6)] string? SlewStatus, [property: Id(7)] string? Classification,
    [property: Id(8)] string? AcknowledgedBy, [property: Id(9)] string? Validated, [property: Id(10)] BurstPosition? Best,
    [property: Id(11)] ImmutableArray<BurstPosition> Positions, [property: Id(12)] ImmutableArray<PacketCount> Completeness,
    [property: Id(13)] ImmutableArray<NoticeReference> Notices, [property: Id(14)] ImmutableArray<string> Related,
    [property: Id(15)] DateTimeOffset FirstHeard, [property: Id(16)] DateTimeOffset Updated, [property: Id(17)] DateTimeOffset? NextDeadline,
    [property: Id(18)] MessageSummary? Messages = null);

/// <summary>T0 of each instrument that triggered, UTC.</summary>
[GenerateSerializer, Immutable, Alias("svom.burst-t0")]
public sealed record BurstT0([property: Id(0)] DateTimeOffset? Grm, [property: Id(1)] DateTimeOffset? Eclairs);

/// <param name="Instrument">GRM, ECLAIRs, MXT or VT.</param>
/// <param name="Ra">Right ascension, degrees.</param>
/// <param name="Dec">Declination, degrees.</param>
/// <param name="RaDecError">90 % radius, degrees; null for GRM, whose error is systematic and tens of degrees.</param>
/// <param name="Snr">Signal to noise.</param>
/// <param name="At">Time of the detection.</param>
[GenerateSerializer, Immutable, Alias("svom.burst-position")]
public sealed record BurstPosition(
    [property: Id(0)] string Instrument, [property: Id(1)] double Ra, [property: Id(2)] double Dec, [property: Id(3)] double? RaDecError,
    [property: Id(4)] double Snr, [property: Id(5)] DateTimeOffset At);

/// <param name="Kind">Packet kind.</param>
/// <param name="Heard">Distinct packets heard.</param>
/// <param name="Missing">Known to be missing (message counts below the highest heard or described, what curves and answers speak of, parts of messages); null where nothing tells.</param>
/// <param name="Apid">Application; null in a view of before it was kept.</param>
/// <param name="Expected">Packets of the application sent from the first to the last one heard, by their sequence counts, less those that the feed heard for others.</param>
/// <param name="Present">Of those, packets heard, whole or recovered.</param>
/// <param name="Late">Of those, packets that came more than ten minutes of mission time after they were sent.</param>
/// <param name="Recovered">How many of <paramref name="Heard"/> nobody heard whole: majorities of broken copies. One whole copy takes its packet off.</param>
/// <param name="Gaps">Counts of <paramref name="Expected"/> of which the feed's log has not been asked yet whether they were others'; null in an answer.</param>
[GenerateSerializer, Immutable, Alias("svom.packet-count")]
public sealed record PacketCount([property: Id(0)] string Kind, [property: Id(1)] int Heard, [property: Id(2)] int? Missing,
    [property: Id(3)] int? Apid = null, [property: Id(4)] int Expected = 0, [property: Id(5)] int Present = 0, [property: Id(6)] int Late = 0, [property: Id(7)] int Recovered = 0,
    [property: Id(8)] CountGaps? Gaps = null);

/// <summary>Sequence counts that a burst's packets of one application leave out between them.</summary>
/// <param name="From">Packet time of the earliest of them.</param>
/// <param name="To">Packet time of the latest.</param>
/// <param name="Runs">The first 64 runs of such counts.</param>
[GenerateSerializer, Immutable, Alias("svom.count-gaps")]
public sealed record CountGaps([property: Id(0)] DateTimeOffset From, [property: Id(1)] DateTimeOffset To, [property: Id(2)] ImmutableArray<CountGap> Runs);

/// <param name="First">First count of the run, modulo 16384.</param>
/// <param name="Length">How many there are; the run may wrap.</param>
[GenerateSerializer, Immutable, Alias("svom.count-gap")]
public sealed record CountGap([property: Id(0)] int First, [property: Id(1)] int Length);

/// <param name="Id">Notice id.</param>
/// <param name="Type">Notice type without quality.</param>
/// <param name="Sent">False when held.</param>
/// <param name="Decided">When it was made.</param>
[GenerateSerializer, Immutable, Alias("svom.notice-reference")]
public sealed record NoticeReference([property: Id(0)] string Id, [property: Id(1)] string Type, [property: Id(2)] bool Sent, [property: Id(3)] DateTimeOffset Decided);

/// <param name="At">Wall time of the record.</param>
/// <param name="Mission">Mission time it speaks of; null where it has none.</param>
/// <param name="Kind">packet, message, act, deadline, notice or status.</param>
/// <param name="Text">One sentence.</param>
[GenerateSerializer, Immutable, Alias("svom.timeline-entry")]
public sealed record TimelineEntry([property: Id(0)] DateTimeOffset At, [property: Id(1)] DateTimeOffset? Mission, [property: Id(2)] string Kind, [property: Id(3)] string Text);

/// <param name="Type">Notice type, or kind and number of a message: <c>grm-light-curve/0</c>.</param>
/// <param name="State">Of a notice sent, held, waiting or impossible; of a message waiting, complete or partial.</param>
/// <param name="Why">Sentences: what made it, or what it waits for.</param>
[GenerateSerializer, Immutable, Alias("svom.notice-explanation")]
public sealed record NoticeExplanation([property: Id(0)] string Type, [property: Id(1)] string State, [property: Id(2)] ImmutableArray<string> Why);
