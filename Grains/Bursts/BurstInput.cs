using System.Collections.Immutable;

namespace Svom.Bursts;

/// <summary>A packet of a burst as the sequencer hands it on.</summary>
/// <param name="Position">Place in the feed's log: the order of everything.</param>
/// <param name="Watermark">The feed's mission-time watermark when this packet was handled, this packet included.</param>
/// <param name="Station">Who heard its first copy.</param>
/// <param name="ReceivedAt">Station clock.</param>
/// <param name="IngestedAt">Taken into the log.</param>
/// <param name="DecodedAt">Taken by the sequencer.</param>
/// <param name="PacketId">Identity of the octets, where known.</param>
/// <param name="Apid">Application; null in records of before it was kept.</param>
/// <param name="SequenceCount">Modulo 16384; null in records of before it was kept.</param>
[GenerateSerializer, Immutable, Alias("svom.heard-packet")]
public sealed record HeardPacket(
    [property: Id(0)] long Position, [property: Id(1)] Evidence Evidence, [property: Id(2)] DateTimeOffset Watermark,
    [property: Id(3)] string Station, [property: Id(4)] DateTimeOffset ReceivedAt, [property: Id(5)] DateTimeOffset IngestedAt,
    [property: Id(6)] DateTimeOffset DecodedAt, [property: Id(7)] string? PacketId = null,
    [property: Id(8)] int? Apid = null, [property: Id(9)] int? SequenceCount = null)
{
    // Ten minutes of mission time: what the timeline calls late.
    private static readonly TimeSpan LateArrival = TimeSpan.FromMinutes(10);

    /// <summary>True when it came long after it was sent.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool Late => Watermark - Evidence.PacketTime > LateArrival;
}

/// <summary>Everything that can reach a burst.</summary>
[GenerateSerializer, Immutable, Alias("svom.burst-input")]
public abstract record BurstInput;

/// <summary>Packets in log order. What lies at or below the burst's last position changes nothing.</summary>
[GenerateSerializer, Immutable, Alias("svom.burst-input.packets")]
public sealed record PacketsHeard([property: Id(0)] ImmutableArray<HeardPacket> Packets) : BurstInput;

/// <summary>An act of a person. <see cref="BurstAct.IfVersion"/> and <see cref="BurstAct.Preview"/> are the caller's business.</summary>
/// <param name="Alert">For validate: message count of the alert that the notice shall report; null reports the best.</param>
[GenerateSerializer, Immutable, Alias("svom.burst-input.act")]
public sealed record ActReceived([property: Id(0)] BurstAct Act, [property: Id(1)] int? Alert = null) : BurstInput;

/// <summary>The feed's mission time has come this far.</summary>
[GenerateSerializer, Immutable, Alias("svom.burst-input.watermark")]
public sealed record WatermarkReached([property: Id(0)] DateTimeOffset Watermark) : BurstInput;

/// <summary>A wall-clock wake-up.</summary>
[GenerateSerializer, Immutable, Alias("svom.burst-input.wall-clock")]
public sealed record WallClockReached([property: Id(0)] DateTimeOffset Time) : BurstInput;

/// <summary>Another burst turned out to be linked after both had their ids.</summary>
[GenerateSerializer, Immutable, Alias("svom.burst-input.link")]
public sealed record LinkFound([property: Id(0)] string Burst) : BurstInput;

/// <summary>What a decision may know beside state and input.</summary>
/// <param name="DecidedAt">Wall time of the decision: the Date of the notices that follow.</param>
public sealed record DecisionContext(DateTimeOffset DecidedAt, BurstOptions Options);
