using System.Text.Json.Serialization;
using Svom.EventStore;

namespace Svom.Notifications;

/// <summary>What an outlet did with the archive. One stream an outlet.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "$type")]
[JsonDerivedType(typeof(Enveloped), "enveloped")]
[JsonDerivedType(typeof(Confirmed), "confirmed")]
internal abstract record OutletRecord(long Sequence)
{
    /// <summary>The envelope of a notice was fixed; it is published after this is durable, so that a repeat has the same bytes.</summary>
    internal sealed record Enveloped(long Sequence, string Notice, DateTimeOffset Published, byte[] Envelope) : OutletRecord(Sequence);

    /// <summary>The notice came back over a real connection; everything up to its sequence is done.</summary>
    internal sealed record Confirmed(long Sequence, DateTimeOffset? Echoed) : OutletRecord(Sequence);
}

/// <summary>Where an outlet stands.</summary>
/// <param name="Cursor">Everything up to this archive sequence went out and came back.</param>
/// <param name="Fixed">The envelope beyond the cursor, if one is fixed already.</param>
internal sealed record OutletState(long Cursor, OutletRecord.Enveloped? Fixed)
{
    // Two transitions a notice: an activation reads what the last sixteen left.
    private const int SnapshotEvery = 32;
    private const byte SnapshotVersion = 1;

    public static readonly OutletState Empty = new(0, null);

    /// <summary>The outlet of a name, to be loaded.</summary>
    public static EventSourced<OutletState, OutletRecord> Open(IEventStore store, string name, TimeProvider time) => new(
        store, new($"outlet/{name}"), Empty, Apply, new(NoticeJson.Default.OutletRecordArray), time,
        SnapshotFormat<OutletState>.Json(NoticeJson.Default.OutletState, SnapshotVersion, SnapshotEvery));

    public static OutletState Apply(OutletState state, OutletRecord record) => record switch
    {
        OutletRecord.Enveloped enveloped => state with { Fixed = enveloped },
        OutletRecord.Confirmed confirmed => new(confirmed.Sequence, null),
        _ => state,
    };
}

/// <summary>What a burst tells the outlets after a commit; the notices themselves stand in the archive.</summary>
[GenerateSerializer, Immutable, Alias("svom.outlet-news")]
internal sealed record OutletNews([property: Id(0)] string Burst, [property: Id(1)] BurstEventMessage[] Events);

/// <summary>One line of a burst's ordered log.</summary>
[GenerateSerializer, Immutable, Alias("svom.burst-event")]
internal sealed record BurstEventMessage(
    [property: Id(0)] string Burst, [property: Id(1)] long Version, [property: Id(2)] int N,
    [property: Id(3), JsonConverter(typeof(MissionTimeConverter))] DateTimeOffset At,
    [property: Id(4)] string Kind, [property: Id(5)] string Text);

/// <summary>The retained state of a burst.</summary>
internal sealed record BurstStateMessage(
    string Burst, long Sequence, string State,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] BurstStateMessage.Position? Best, BurstStateMessage.Times T0,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? SlewStatus,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Classification, string[] Notices, string Updated)
{
    /// <summary>Best position, degrees.</summary>
    internal sealed record Position(string Instrument, double Ra, double Dec, [property: JsonPropertyName("ra_dec_error"), JsonIgnore(Condition = JsonIgnoreCondition.Never)] double? RaDecError);

    /// <summary>T0 of each instrument.</summary>
    internal sealed record Times(string? Grm, string? Eclairs);
}
