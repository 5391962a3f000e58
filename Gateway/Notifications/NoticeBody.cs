using System.Collections.Immutable;
using Svom.Outcomes;

namespace Svom.Notifications;

/// <summary>One notice as the permanent archive knows it.</summary>
/// <param name="Id">{burst}_{type} as in the IVORN.</param>
/// <param name="Sequence">Place in the permanent archive; the same number at every door.</param>
/// <param name="Burst">Its burst.</param>
/// <param name="BurstSequence">1, 2, 3 among the burst's sent notices; null when held.</param>
/// <param name="Type">Notice type without quality.</param>
/// <param name="Quality">Quality of an MXT notice; null for others.</param>
/// <param name="Level">Level, for example N1e.</param>
/// <param name="Instrument">GRM, ECLAIRs, MXT or VT.</param>
/// <param name="State">sent or held.</param>
/// <param name="HeldBecause">Why it was held; null when sent.</param>
/// <param name="Ivorn">Its IVORN.</param>
/// <param name="AlertType">initial, update or retraction.</param>
/// <param name="Reason">A person's reason; null without one.</param>
/// <param name="Decided">When it was decided.</param>
/// <param name="Published">When it went out; null when held or not yet.</param>
/// <param name="Cites">Ids of the notices it cites, in its order.</param>
/// <param name="Latency">Milliseconds of each step, as far as it went; null where unknown.</param>
/// <param name="Links">Its forms, and what it belongs to.</param>
internal sealed record NoticeBody(
    string Id, long Sequence, string Burst, int? BurstSequence, string Type, int? Quality, string Level, string Instrument, string State, string? HeldBecause,
    string Ivorn, string? AlertType, string? Reason, DateTimeOffset Decided, DateTimeOffset? Published, ImmutableArray<string> Cites, LatencyBody? Latency, NoticeLinks Links)
{
    public static NoticeBody Of(NoticeView notice) => new(
        notice.Id, notice.Sequence, notice.Burst, notice.BurstSequence, notice.Type, notice.Quality, notice.Level, notice.Instrument, notice.State, notice.HeldBecause,
        notice.Ivorn, notice.AlertType, notice.Reason, notice.Decided, notice.Published, notice.Cites.OrEmpty(),
        notice.Latency is null ? null : LatencyBody.Of(notice.Latency), NoticeLinks.Of(notice));
}

/// <summary>Milliseconds of each step since the one before; null where unknown.</summary>
internal sealed record LatencyBody(
    double? EmissionMs, double? StationMs, double? IngestMs, double? DecodedMs, double? DecidedMs, double? PublishedMs, double? EchoedMs)
{
    public static LatencyBody Of(NoticeLatency latency) => new(
        latency.EmissionMs, latency.StationMs, latency.IngestMs, latency.DecodedMs, latency.DecidedMs, latency.PublishedMs, latency.EchoedMs);
}

/// <param name="Self">This view.</param>
/// <param name="Burst">Its burst.</param>
/// <param name="VoEvent">VOEvent 2.0, exact bytes.</param>
/// <param name="Gcn">GCN JSON, exact bytes.</param>
/// <param name="Envelope">As published on MQTT, exact bytes; null when never published.</param>
/// <param name="Cites">The notices it cites.</param>
internal sealed record NoticeLinks(string Self, string Burst, string VoEvent, string Gcn, string? Envelope, ImmutableArray<string> Cites)
{
    public static NoticeLinks Of(NoticeView notice)
    {
        var self = $"/api/v1/notices/{notice.Id}";
        return new(
            self, $"/api/v1/bursts/{notice.Burst}", $"{self}.xml", $"{self}.json", notice.Published is null ? null : $"{self}.envelope.json",
            [.. notice.Cites.OrEmpty().Select(static cited => $"/api/v1/notices/{cited}")]);
    }
}
