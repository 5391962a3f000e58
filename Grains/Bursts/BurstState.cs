using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Svom.Bursts;

/// <summary>How a piece of evidence reached us, for the latency ledger.</summary>
/// <param name="Watermark">The feed's mission time then; null in records of before it was kept.</param>
public sealed record Hearing(
    long Position, string Station, DateTimeOffset ReceivedAt, DateTimeOffset IngestedAt, DateTimeOffset DecodedAt, DateTimeOffset? Watermark = null);

/// <summary>An act that waits for its mission time.</summary>
public sealed record PendingAct(string Key, BurstAct Act, int? Alert);

/// <summary>An idempotency key and the digest of what came with it.</summary>
public sealed record RememberedAct(string Key, string Digest);

/// <summary>What later decisions must know of a made notice.</summary>
/// <param name="Name">Type with quality, for example <c>mxt-initial_qf2</c>.</param>
/// <param name="SlewStatus">As it says; null where it says none.</param>
/// <param name="Withdrawn">True once a retraction took it back.</param>
public sealed record MadeNoticeMemory(
    string Name, string Type, int? Quality, string Ivorn, string Instrument, bool Sent, string? HeldBecause, DateTimeOffset Decided,
    bool HasPosition, string? SlewStatus, int? MxtSource, bool Withdrawn);

/// <summary>A burst: the fold of its records. Bounded whatever arrives.</summary>
/// <param name="Id">For example <c>sb26042105</c>; a rehearsal's begins <c>tb</c>.</param>
public sealed record BurstState(string Id)
{
    /// <summary>Timeline entries kept: the first half and the last half.</summary>
    public const int MaxTimeline = 400;

    /// <summary>Idempotency keys remembered.</summary>
    public const int MaxActs = 256;

    /// <summary>Acts that may wait at once.</summary>
    public const int MaxPending = 64;

    /// <summary>Linked bursts kept.</summary>
    public const int MaxRelated = 32;

    public long LastPosition { get; init; }

    public DateTimeOffset? Watermark { get; init; }

    /// <summary>Wall time of the first packet.</summary>
    public DateTimeOffset? FirstHeard { get; init; }

    /// <summary>Wall time of the first ECLAIRs alert: the wall-clock deadline counts from it.</summary>
    public DateTimeOffset? EclairsFirstHeard { get; init; }

    /// <summary>When it changed last; closing is no change.</summary>
    public DateTimeOffset? Updated { get; init; }

    public ScientificState Science { get; init; } = ScientificState.Nothing;

    public ImmutableSortedDictionary<string, Hearing> Hearings { get; init; } = ImmutableSortedDictionary.Create<string, Hearing>(StringComparer.Ordinal);

    public ImmutableList<PendingAct> Pending { get; init; } = [];

    public ImmutableList<RememberedAct> Acts { get; init; } = [];

    /// <summary>Acts ever taken.</summary>
    public int ActCount { get; init; }

    public ImmutableList<MadeNoticeMemory> Notices { get; init; } = [];

    public BurstStatus Status { get; init; }

    public string? Classification { get; init; }

    public string? AcknowledgedBy { get; init; }

    /// <summary>accepted or rejected by a person or the criteria; null while open.</summary>
    public string? Validated { get; init; }

    /// <summary>Deadlines that fired.</summary>
    public ImmutableList<BurstDeadline> Fired { get; init; } = [];

    public ImmutableList<string> Related { get; init; } = [];

    /// <summary>How far each message has come, by <see cref="MessagePart.Message"/>.</summary>
    public ImmutableSortedDictionary<string, MessageProgress> Messages { get; init; } = ImmutableSortedDictionary.Create<string, MessageProgress>(StringComparer.Ordinal);

    /// <summary>Packets taken, by application.</summary>
    public ImmutableSortedDictionary<int, ArrivedPackets> Arrived { get; init; } = ImmutableSortedDictionary<int, ArrivedPackets>.Empty;

    public ImmutableList<TimelineEntry> Timeline { get; init; } = [];

    /// <summary>Entries dropped from the middle of the timeline.</summary>
    public int TimelineDropped { get; init; }

    [JsonIgnore]
    public bool Rehearsal => Id.StartsWith("tb", StringComparison.Ordinal);

    /// <summary>The first ECLAIRs publication, made: a wakeup or a catalogue notice.</summary>
    [JsonIgnore]
    public MadeNoticeMemory? FirstEclairs => Notices.Find(static n => n.Type is NoticeTypes.Wakeup or NoticeTypes.Catalog);

    public bool Made(string type) => Notices.Exists(n => n.Type == type);
}
