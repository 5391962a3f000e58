using System.Collections.Immutable;
using Svom.Outcomes;

namespace Svom.Notifications;

/// <summary>The permanent archive of notices. Stateless; key 0.</summary>
[Alias("svom.notice-archive")]
public interface INoticeArchiveGrain : IGrainWithIntegerKey
{
    /// <summary>A page: ascending after a sequence when <see cref="NoticeSearch.After"/> is given (then next is always set), else newest first.</summary>
    /// <returns><see cref="RefusalCode.Invalid"/> for a cursor that is none of ours.</returns>
    [Alias("find")]
    Task<Outcome<Page<NoticeView>>> FindAsync(NoticeSearch search, CancellationToken cancellationToken);

    /// <summary>One notice.</summary>
    /// <returns><see cref="RefusalCode.NotFound"/> for an unknown one.</returns>
    [Alias("get")]
    Task<Outcome<NoticeView>> GetAsync(string id, CancellationToken cancellationToken);

    /// <summary>Exact bytes of one notice.</summary>
    /// <returns><see cref="RefusalCode.NotFound"/> for an unknown one, also for the envelope of a notice that was never published.</returns>
    [Alias("content")]
    Task<Outcome<NoticeContent>> ContentAsync(string id, NoticeForm form, CancellationToken cancellationToken);

    /// <summary>
    /// Alerts beyond a sequence that went out, came back and are not worthless yet, in their order; of more than <paramref name="most"/> the
    /// newest. What did not come back is not among them: its outlet publishes it again.
    /// </summary>
    [Alias("published")]
    Task<ImmutableArray<PublishedAlert>> PublishedAsync(long after, int most, CancellationToken cancellationToken);

    /// <summary>Sequence of the newest alert that went out and came back, however old; 0 without one.</summary>
    [Alias("published-head")]
    Task<long> PublishedHeadAsync(CancellationToken cancellationToken);
}

/// <summary>Forms of a notice.</summary>
public enum NoticeForm
{
    /// <summary>VOEvent 2.0, <c>application/xml</c>.</summary>
    VoEvent = 1,

    /// <summary>GCN schema, <c>application/json</c>.</summary>
    Gcn = 2,

    /// <summary>As published on MQTT, <c>application/json</c>.</summary>
    Envelope = 3,
}

/// <param name="After">Ascending after this sequence; null: newest first.</param>
/// <param name="From">Decided not before.</param>
/// <param name="To">Decided before.</param>
/// <param name="Type">Type without quality.</param>
/// <param name="Burst">Burst id.</param>
[GenerateSerializer, Immutable, Alias("svom.notice-search")]
public sealed record NoticeSearch(
    [property: Id(0)] long? After = null, [property: Id(1)] DateTimeOffset? From = null, [property: Id(2)] DateTimeOffset? To = null,
    [property: Id(3)] string? Type = null, [property: Id(4)] string? Burst = null, [property: Id(5)] string? Cursor = null, [property: Id(6)] int Limit = 50);

/// <summary>One notice as the archive knows it.</summary>
/// <param name="Id"><c>{burst}_{type}</c> as in the IVORN.</param>
/// <param name="Sequence">Place in the permanent archive; the same number on every door.</param>
/// <param name="BurstSequence">1, 2, 3 among the burst's sent notices; null when held.</param>
/// <param name="State">sent or held.</param>
/// <param name="HeldBecause">Why it was held; null when sent.</param>
/// <param name="AlertType">initial before the burst's first sent notice, else update or retraction; a held one has what it would have had.</param>
/// <param name="Decided">When it was decided: the VOEvent's Date.</param>
/// <param name="Published">When it went out; null when held or not yet.</param>
/// <param name="Cites">Ids of the notices it cites, in its order.</param>
/// <param name="Latency">Steps from the on-board trigger to the echo.</param>
[GenerateSerializer, Immutable, Alias("svom.notice-view")]
public sealed record NoticeView(
    [property: Id(0)] string Id, [property: Id(1)] long Sequence, [property: Id(2)] string Burst, [property: Id(3)] int? BurstSequence,
    [property: Id(4)] string Type, [property: Id(5)] int? Quality, [property: Id(6)] string Level, [property: Id(7)] string Instrument,
    [property: Id(8)] string State, [property: Id(9)] string? HeldBecause, [property: Id(10)] string Ivorn, [property: Id(11)] string? AlertType,
    [property: Id(12)] string? Reason, [property: Id(13)] DateTimeOffset Decided, [property: Id(14)] DateTimeOffset? Published,
    [property: Id(15)] ImmutableArray<string> Cites, [property: Id(16)] NoticeLatency? Latency);

/// <summary>Milliseconds of each step since the one before; null where unknown.</summary>
/// <param name="EmissionMs">On-board trigger (end of the window) to the packet's own time.</param>
/// <param name="StationMs">To the station's clock.</param>
/// <param name="IngestMs">To the platform's log.</param>
/// <param name="DecodedMs">To the sequencer.</param>
/// <param name="DecidedMs">To the decision.</param>
/// <param name="PublishedMs">To the broker.</param>
/// <param name="EchoedMs">To the echo; null in the envelope, known afterwards.</param>
[GenerateSerializer, Immutable, Alias("svom.notice-latency")]
public sealed record NoticeLatency(
    [property: Id(0)] double? EmissionMs, [property: Id(1)] double? StationMs, [property: Id(2)] double? IngestMs, [property: Id(3)] double? DecodedMs,
    [property: Id(4)] double? DecidedMs, [property: Id(5)] double? PublishedMs, [property: Id(6)] double? EchoedMs);

/// <param name="Bytes">Exact bytes.</param>
/// <param name="ContentType">Media type.</param>
/// <param name="Sha256">Lower-case hex.</param>
[GenerateSerializer, Immutable, Alias("svom.notice-content")]
public sealed record NoticeContent([property: Id(0)] ReadOnlyMemory<byte> Bytes, [property: Id(1)] string ContentType, [property: Id(2)] string Sha256);
