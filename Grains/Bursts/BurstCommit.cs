using System.Collections.Immutable;
using System.Text.Json;
using Svom.EventStore;
using Svom.Notifications;
using Svom.Packets;

namespace Svom.Bursts;

/// <summary>What stands in one append of a burst beside its records: its notices in the archive, what it owes, its due time, its search rows.</summary>
internal static class BurstCommit
{
    private const string WallDeadline = "deadline";

    public static Transition<BurstRecord> Of(
        BurstState before, Decision last, ImmutableArray<BurstRecord> records, BurstView view, string feed, IReadOnlyList<string> outlets, BurstOptions options)
    {
        var session = FeedId.Parse(feed).Session;
        var lines = Lines(before, records);
        var owed = new List<Owed>();
        if (lines.Count > 0)
        {
            var news = new OutletNews(view.Id, [.. lines.Select((line, n) => new BurstEventMessage(view.Id, view.Version, n, line.At, line.Kind, line.Text))]);
            owed.AddRange(outlets.Select(outlet => OutletRoute.To(outlet, news)));
        }

        if (BurstDeadlines.NextMission(before, options) != last.NextMissionDeadline)
        {
            owed.Add(SequencerRoute.To(feed, new(view.Id, last.NextMissionDeadline, view.Version)));
        }

        owed.AddRange(FollowThroughMessages.Of(before, last.After, records, view.Version, options));
        return new([.. records])
        {
            Owed = owed,
            Due = BurstDeadlines.NextWall(before, options) != last.NextWallDeadline ? [new(WallDeadline, last.NextWallDeadline)] : [],
            Archive = [.. records.OfType<NoticeMade>().Select(notice => Archived(notice, view.Id, session)), .. BurstChanges.Of(view.Id, session, view.Version, lines)],
            Index =
            [
                .. BurstIndex.Rows(view, JsonSerializer.SerializeToUtf8Bytes(view, BurstViewJson.Default.BurstView), Observations(records)),
                .. records.OfType<NoticeMade>().Where(static notice => notice.Sent).Select(static notice => EnvelopeIndex.Row(notice.Ivorn, notice.Id)),
            ],
        };
    }

    private static ArchiveEntry Archived(NoticeMade notice, string burst, string? session)
    {
        var archived = new ArchivedNotice(
            notice.Id, burst, session, notice.BurstSequence, notice.Type, notice.Quality, notice.Level, notice.Instrument, notice.Sent,
            notice.HeldBecause, notice.Ivorn, notice.AlertType, notice.Reason, notice.Cites, notice.Supersedes, notice.Topics,
            notice.XmlBytes(), notice.JsonBytes(), notice.XmlSha256, notice.JsonSha256, notice.Times);
        return new(ArchivedNotice.Archive, notice.Id, burst, notice.Type, notice.Times.Decided, archived.Write());
    }

    private static IEnumerable<uint> Observations(ImmutableArray<BurstRecord> records) => records.OfType<PacketTaken>().Select(static taken => taken.Packet.Evidence switch
    {
        EclairsAlert alert => alert.ObservationId,
        SlewAnswer answer => answer.ObservationId,
        MxtPosition position => position.ObservationId,
        MessagePart part => part.ObservationId,
        GrmTrigger trigger => trigger.TriggerId,
        _ => 0u,
    }).Distinct();

    /// <summary>The lines that these records add to the burst's log.</summary>
    private static List<TimelineEntry> Lines(BurstState before, ImmutableArray<BurstRecord> records)
    {
        var lines = new List<TimelineEntry>();
        var state = before;
        foreach (var record in records)
        {
            var after = BurstRules.Apply(state, record);
            if (!ReferenceEquals(after.Timeline, state.Timeline) && after.Timeline.Count > 0)
            {
                lines.Add(after.Timeline[^1]);
            }

            state = after;
        }

        return lines;
    }
}
