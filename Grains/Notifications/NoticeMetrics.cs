using System.Diagnostics.Metrics;
using Svom.Bursts;
using Svom.Monitoring;

namespace Svom.Notifications;

/// <summary>Figures of notices, meter <c>Svom.Notifications</c>.</summary>
internal sealed class NoticeMetrics
{
    public const string MeterName = "Svom.Notifications";

    private readonly Counter<long> made;
    private readonly Counter<long> published;
    private readonly Histogram<double> steps;
    private readonly Histogram<double> way;

    public NoticeMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        made = meter.CreateCounter<long>("svom.notices.made", "{notice}", "Notices made, sent or held.");
        published = meter.CreateCounter<long>("svom.notices.published", "{notice}", "Notices that went out of an outlet and came back.");
        steps = meter.CreateDurations("svom.notice.step", "Steps of a notice's way as in its latency ledger, each since the one before: emission, station, ingest, decoded, decided, published, echoed.");
        way = meter.CreateDurations("svom.notice.way", "From the reception's coming in to the publication.");
        foreach (var type in NoticeTypes.All)
        {
            foreach (var fate in (bool[])[true, false])
            {
                made.Add(0, Type(type), Fate(fate), Tense(rehearsal: false));
            }
        }
    }

    public void Made(NoticeMade notice, bool rehearsal) => made.Add(1, Type(notice.Type), Fate(notice.Sent), Tense(rehearsal));

    /// <summary>It went out and came back: its ledger is complete.</summary>
    public void Published(string outlet, ArchivedNotice notice, DateTimeOffset at, DateTimeOffset echoed)
    {
        var tense = Tense(notice.Session is not null);
        published.Add(1, new("outlet", outlet), tense);
        var ledger = Envelope.Latency(notice.Times, at, echoed);
        Step("emission", ledger.EmissionMs);
        Step("station", ledger.StationMs);
        Step("ingest", ledger.IngestMs);
        Step("decoded", ledger.DecodedMs);
        Step("decided", ledger.DecidedMs);
        Step("published", ledger.PublishedMs);
        Step("echoed", ledger.EchoedMs);
        if (notice.Times.Ingest is { } ingest)
        {
            way.Record((at - ingest).TotalSeconds, tense);
        }

        void Step(string step, double? ms)
        {
            if (ms is { } known)
            {
                steps.Record(known / 1_000, new("step", step), tense);
            }
        }
    }

    private static KeyValuePair<string, object?> Type(string type) => new("type", type);

    private static KeyValuePair<string, object?> Fate(bool sent) => new("fate", sent ? "sent" : "held");

    private static KeyValuePair<string, object?> Tense(bool rehearsal) => new("tense", rehearsal ? "test" : "current");
}
