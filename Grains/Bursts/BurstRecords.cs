using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Svom.Bursts;

/// <summary>Things that happen by themselves when their time has come. Numbers and names stand in stored records.</summary>
public enum BurstDeadline
{
    /// <summary>No slew was asked for in time: says not-slewing.</summary>
    NoSlew = 1,

    /// <summary>Nothing more is expected.</summary>
    Close = 2,

    /// <summary>The first alert was neither accepted nor rejected in time: alarms the advocate.</summary>
    ValidationOverdue = 3,

    /// <summary>The platform slewed and MXT told no position in time: alarms the advocate.</summary>
    PositionOverdue = 4,
}

/// <summary>Which clock made a deadline fire.</summary>
public enum FiredBy
{
    Watermark = 1,
    WallClock = 2,
}

/// <summary>
/// One line of a burst's log. Packets, acts and deadlines are causes; notices, status and alarms follow from them and
/// from the wall time <see cref="At"/> alone, so that a replay of the causes gives the same again.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "$type")]
[JsonDerivedType(typeof(PacketTaken), "packet")]
[JsonDerivedType(typeof(PacketRepeated), "repeat")]
[JsonDerivedType(typeof(PacketIgnored), "ignored")]
[JsonDerivedType(typeof(ActTaken), "act")]
[JsonDerivedType(typeof(ActEffective), "act-effective")]
[JsonDerivedType(typeof(DeadlineFired), "deadline")]
[JsonDerivedType(typeof(BurstLinked), "link")]
[JsonDerivedType(typeof(NoticeMade), "notice")]
[JsonDerivedType(typeof(StatusChanged), "status")]
[JsonDerivedType(typeof(AdvocateAlarmed), "alarm")]
[JsonDerivedType(typeof(MessageClosed), "message-closed")]
[JsonDerivedType(typeof(MessageCompleted), "message-complete")]
public abstract record BurstRecord
{
    /// <summary>Wall time at which the platform took or decided it.</summary>
    public abstract DateTimeOffset At { get; init; }
}

/// <summary>A packet that told something new.</summary>
public sealed record PacketTaken(DateTimeOffset At, HeardPacket Packet) : BurstRecord;

/// <summary>A packet that told nothing new: only its position and its sequence count matter.</summary>
/// <param name="Apid">Application; null in records of before it was kept.</param>
/// <param name="SequenceCount">Modulo 16384; null in records of before it was kept.</param>
/// <param name="Late">True when it came long after it was sent.</param>
/// <param name="Sent">Its packet time; null in records of before it was kept.</param>
public sealed record PacketRepeated(
    DateTimeOffset At, long Position, DateTimeOffset Watermark, int? Apid = null, int? SequenceCount = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool Late = false, DateTimeOffset? Sent = null) : BurstRecord;

/// <summary>A packet whose values cannot be: kept in the feed's log, no evidence.</summary>
public sealed record PacketIgnored(DateTimeOffset At, long Position, DateTimeOffset Watermark, string Why) : BurstRecord;

/// <summary>An act arrived.</summary>
/// <param name="Key">Idempotency key, or a number given by the burst.</param>
/// <param name="Pending">True when it waits for its mission time.</param>
public sealed record ActTaken(DateTimeOffset At, string Key, BurstAct Act, int? Alert, bool Pending) : BurstRecord;

/// <summary>An act took effect.</summary>
/// <param name="Watermark">Mission time then; null before the first packet.</param>
/// <param name="Without">Why it changed nothing; null when it did.</param>
public sealed record ActEffective(DateTimeOffset At, string Key, BurstAct Act, int? Alert, DateTimeOffset? Watermark, string? Without) : BurstRecord;

/// <summary>A deadline passed.</summary>
/// <param name="Due">When it was due, on the clock that fired it.</param>
public sealed record DeadlineFired(DateTimeOffset At, BurstDeadline Rule, FiredBy By, DateTimeOffset Due, DateTimeOffset? Watermark) : BurstRecord;

/// <summary>A message was closed with parts missing: what comes later still fills it.</summary>
/// <param name="Message">Kind, number and sequence.</param>
/// <param name="Because">quiet or deadline.</param>
/// <param name="Due">When it was due, on the clock that closed it.</param>
public sealed record MessageClosed(DateTimeOffset At, string Message, FiredBy By, string Because, DateTimeOffset Due, DateTimeOffset? Watermark) : BurstRecord;

/// <summary>All parts of a message were heard.</summary>
/// <param name="Message">Kind, number and sequence.</param>
public sealed record MessageCompleted(DateTimeOffset At, string Message) : BurstRecord;

/// <summary>A link to another burst.</summary>
public sealed record BurstLinked(DateTimeOffset At, string Burst) : BurstRecord;

/// <summary>The burst changed its status.</summary>
public sealed record StatusChanged(DateTimeOffset At, BurstStatus Status, string Why) : BurstRecord;

/// <summary>Something that the burst advocate has to look at.</summary>
public sealed record AdvocateAlarmed(DateTimeOffset At, string Code, string Text) : BurstRecord;

/// <summary>Times along a notice's way, UTC; null where unknown. Each step of the latency ledger is the difference to the one before.</summary>
/// <param name="Trigger">End of the detection window on board.</param>
/// <param name="Emission">Packet time.</param>
/// <param name="Station">Station clock at reception.</param>
/// <param name="Ingest">Taken into the log.</param>
/// <param name="Decoded">Taken by the sequencer.</param>
/// <param name="Decided">Decided.</param>
public sealed record NoticeTimes(
    DateTimeOffset? Trigger, DateTimeOffset? Emission, DateTimeOffset? Station, DateTimeOffset? Ingest, DateTimeOffset? Decoded, DateTimeOffset Decided);

/// <summary>A notice, decided once: its bytes never change. Bytes are UTF-8 of <paramref name="Xml"/> and <paramref name="Json"/>.</summary>
/// <param name="Id"><c>{burst}_{type}</c> with the quality, as in the IVORN.</param>
/// <param name="Type">Without quality.</param>
/// <param name="Sent">False when held: made and cited, never published.</param>
/// <param name="HeldBecause">Null when sent.</param>
/// <param name="BurstSequence">1, 2, 3 among the burst's sent notices; null when held.</param>
/// <param name="AlertType">initial, update or retraction.</param>
/// <param name="Reason">A person's reason; null when no act made it.</param>
/// <param name="Cites">Ids of the notices it cites, in its order.</param>
/// <param name="Supersedes">Ids of sent notices whose position this one replaces.</param>
/// <param name="Topics">Instruments of the topics it goes to (grm, eclairs, mxt); empty when held.</param>
/// <param name="MxtSource">On-board number of the MXT source it reports; null for others.</param>
/// <param name="Facts">What it says: the XML and the JSON are two ways to write this.</param>
/// <param name="XmlSha256">Lower-case hex.</param>
/// <param name="JsonSha256">Lower-case hex.</param>
public sealed record NoticeMade(
    DateTimeOffset At, string Id, string Type, int? Quality, string Level, string Instrument, bool Sent, string? HeldBecause, string Ivorn,
    int? BurstSequence, string AlertType, string? Reason, ImmutableArray<string> Cites, ImmutableArray<string> Supersedes,
    ImmutableArray<string> Topics, int? MxtSource, NoticeFacts Facts, string Xml, string Json, string XmlSha256, string JsonSha256, NoticeTimes Times) : BurstRecord
{
    /// <summary>Exact bytes of the VOEvent.</summary>
    public byte[] XmlBytes() => System.Text.Encoding.UTF8.GetBytes(Xml);

    /// <summary>Exact bytes of the GCN object.</summary>
    public byte[] JsonBytes() => System.Text.Encoding.UTF8.GetBytes(Json);
}
