using System.Collections.Immutable;
using Svom.Outcomes;

namespace Svom.Bursts;

/// <summary>What the platform knows of a burst. Angles in degrees, ICRS.</summary>
/// <param name="Id">For example sb26042105; a rehearsal's begins tb.</param>
/// <param name="Session">Rehearsal; null is live.</param>
/// <param name="Version">What If-Match names, as "n".</param>
/// <param name="Status">active, retracted or closed.</param>
/// <param name="Observation">On-board Observation ID; null until an ECLAIRs packet was heard.</param>
/// <param name="T0">One per instrument.</param>
/// <param name="SlewStatus">not-requested, requested, accepted or rejected; null for GRM only.</param>
/// <param name="Classification">As a person classified it; null before.</param>
/// <param name="AcknowledgedBy">Who took charge; null before.</param>
/// <param name="Validated">accepted, rejected, or null while open.</param>
/// <param name="Best">Best position; null without one.</param>
/// <param name="Positions">Ladder of positions, best first.</param>
/// <param name="Completeness">Packets by kind.</param>
/// <param name="Notices">In order of making, held ones too.</param>
/// <param name="Related">Bursts that turned out to be linked.</param>
/// <param name="FirstHeard">When its first packet was taken in.</param>
/// <param name="Updated">When it last changed.</param>
/// <param name="NextDeadline">Next mission time at which something happens by itself; null when nothing does.</param>
/// <param name="Messages">Messages of several packets in short.</param>
/// <param name="Links">Where to go on.</param>
internal sealed record BurstBody(
    string Id, string? Session, long Version, BurstStatus Status, string? Observation, T0Body T0, string? SlewStatus, string? Classification,
    string? AcknowledgedBy, string? Validated, PositionBody? Best, ImmutableArray<PositionBody> Positions, ImmutableArray<CountBody> Completeness,
    ImmutableArray<NoticeEntryBody> Notices, ImmutableArray<string> Related, DateTimeOffset FirstHeard, DateTimeOffset Updated,
    DateTimeOffset? NextDeadline, MessageSummaryBody Messages, BurstLinks Links)
{
    public static BurstBody Of(BurstView burst) => new(
        burst.Id, burst.Session, burst.Version, burst.Status, burst.Observation, new(burst.T0.Grm, burst.T0.Eclairs), burst.SlewStatus, burst.Classification,
        burst.AcknowledgedBy, burst.Validated, burst.Best is null ? null : PositionBody.Of(burst.Best),
        [.. burst.Positions.OrEmpty().Select(PositionBody.Of)],
        [.. burst.Completeness.OrEmpty().Select(static count => new CountBody(
            count.Kind, count.Heard, count.Missing, count.Apid, count.Expected, count.Present, count.Late, count.Recovered))],
        [.. burst.Notices.OrEmpty().Select(static notice => new NoticeEntryBody(notice.Id, notice.Type, notice.Sent, notice.Decided, $"/api/v1/notices/{notice.Id}"))],
        burst.Related.OrEmpty(), burst.FirstHeard, burst.Updated, burst.NextDeadline, MessageSummaryBody.Of(burst.Messages), BurstLinks.Of(burst.Id));
}

/// <param name="Grm">Of GRM; null when it did not trigger.</param>
/// <param name="Eclairs">Of ECLAIRs; null when it did not trigger.</param>
internal sealed record T0Body(DateTimeOffset? Grm, DateTimeOffset? Eclairs);

/// <param name="Instrument">GRM, ECLAIRs, MXT or VT.</param>
/// <param name="Ra">Right ascension, degrees.</param>
/// <param name="Dec">Declination, degrees.</param>
/// <param name="RaDecError">90 % radius, degrees; null for GRM.</param>
/// <param name="Snr">Signal to noise.</param>
/// <param name="At">Time of the detection.</param>
internal sealed record PositionBody(string Instrument, double Ra, double Dec, double? RaDecError, double Snr, DateTimeOffset At)
{
    public static PositionBody Of(BurstPosition position) =>
        new(position.Instrument, position.Ra, position.Dec, position.RaDecError, position.Snr, position.At);
}

/// <param name="Kind">Packet kind.</param>
/// <param name="Heard">Distinct packets heard.</param>
/// <param name="Missing">Known to be missing: alerts, triggers, a slew answer, parts of messages; null where nothing tells.</param>
/// <param name="Apid">Application; null where it was not kept yet.</param>
/// <param name="Expected">Packets of the application sent from the first to the last one heard, by their sequence counts, less those that the feed heard for other bursts.</param>
/// <param name="Present">Of those, packets heard, whole or recovered.</param>
/// <param name="Late">Of those, packets that came more than ten minutes of mission time after they were sent.</param>
/// <param name="Recovered">How many of those heard came out of broken copies and have not been heard whole.</param>
internal sealed record CountBody(string Kind, int Heard, int? Missing, int? Apid, int Expected, int Present, int Late, int Recovered);

/// <param name="Id">Notice id.</param>
/// <param name="Type">Notice type without quality.</param>
/// <param name="Sent">False when held.</param>
/// <param name="Decided">When it was made.</param>
/// <param name="Href">Where it is.</param>
internal sealed record NoticeEntryBody(string Id, string Type, bool Sent, DateTimeOffset Decided, string Href);

/// <summary>Where a burst's parts are.</summary>
internal sealed record BurstLinks(string Self, string Timeline, string Notices, string Packets, string Explain, string FollowThrough, string Messages)
{
    public static BurstLinks Of(string burst)
    {
        var self = $"/api/v1/bursts/{burst}";
        return new(self, $"{self}/timeline", $"{self}/notices", $"{self}/packets", $"{self}/explain", $"{self}/follow-through", $"{self}/messages");
    }
}

/// <param name="At">Wall time of the record.</param>
/// <param name="Mission">Mission time it speaks of; null where it has none.</param>
/// <param name="Kind">packet, message, act, deadline, notice, status or telescope.</param>
/// <param name="Text">One sentence.</param>
internal sealed record TimelineBody(DateTimeOffset At, DateTimeOffset? Mission, string Kind, string Text);

/// <param name="Type">Notice type, or kind and number of a message: grm-light-curve/0.</param>
/// <param name="State">Of a notice sent, held, waiting or impossible; of a message waiting, complete or partial.</param>
/// <param name="Why">What made it, or what it waits for.</param>
internal sealed record ExplanationBody(string Type, string State, ImmutableArray<string> Why);
