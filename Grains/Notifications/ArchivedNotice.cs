using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Svom.Bursts;
using Svom.EventStore;

namespace Svom.Notifications;

/// <summary>One notice as it stands in the permanent archive: decided once, its bytes never change.</summary>
internal sealed record ArchivedNotice(
    string Id, string Burst, string? Session, int? BurstSequence, string Type, int? Quality, string Level, string Instrument, bool Sent,
    string? HeldBecause, string Ivorn, string? AlertType, string? Reason, ImmutableArray<string> Cites, ImmutableArray<string> Supersedes,
    ImmutableArray<string> Topics, byte[] Xml, byte[] Json, string XmlSha256, string JsonSha256, NoticeTimes Times)
{
    /// <summary>Name of the archive in the event store.</summary>
    public const string Archive = "notices";

    public static ArchivedNotice Read(ReadOnlyMemory<byte> content) =>
        JsonSerializer.Deserialize(content.Span, NoticeJson.Default.ArchivedNotice) ?? throw new InvalidDataException("An archived notice is empty.");

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, NoticeJson.Default.ArchivedNotice);

    /// <summary>What readers see of it.</summary>
    /// <param name="published">What the outlet knows of it; null when it is held or not out yet.</param>
    public NoticeView View(long sequence, PublishedNotice? published) => new(
        Id, sequence, Burst, BurstSequence, Type, Quality, Level, Instrument, Sent ? "sent" : "held", HeldBecause, Ivorn, AlertType, Reason, Times.Decided,
        published?.Published, Cites, Envelope.Latency(Times, published?.Published, published?.Echoed));
}

/// <summary>What an outlet knows of a notice that it published.</summary>
internal sealed record PublishedNotice(DateTimeOffset Published, DateTimeOffset? Echoed, byte[] Envelope)
{
    /// <summary>Name of the index in the event store: key is the notice id.</summary>
    public const string Index = "published";

    public static PublishedNotice Read(ReadOnlyMemory<byte> value) =>
        JsonSerializer.Deserialize(value.Span, NoticeJson.Default.PublishedNotice) ?? throw new InvalidDataException("A publication is empty.");

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, NoticeJson.Default.PublishedNotice);

    /// <returns>Null for a notice that no outlet has taken up.</returns>
    public static async Task<PublishedNotice?> FindAsync(IEventStore store, string notice, CancellationToken cancellationToken)
    {
        var rows = await store.IndexAsync(Index, notice, notice + '\0', 1, descending: false, cancellationToken);
        return rows.Count > 0 ? Read(rows[0].Value) : null;
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ArchivedNotice))]
[JsonSerializable(typeof(PublishedNotice))]
[JsonSerializable(typeof(OutletRecord[]))]
[JsonSerializable(typeof(OutletState))]
[JsonSerializable(typeof(BurstStateMessage))]
[JsonSerializable(typeof(BurstEventMessage))]
[JsonSerializable(typeof(OutletNews))]
[JsonSerializable(typeof(ImmutableArray<Subscriber>))]
internal sealed partial class NoticeJson : JsonSerializerContext;
