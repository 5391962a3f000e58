using System.Collections.Immutable;

namespace Svom.Bursts;

/// <summary>State from records: nothing is decided here.</summary>
internal static class BurstFold
{
    public static BurstState Apply(BurstState state, BurstRecord record)
    {
        var next = record switch
        {
            PacketTaken { Packet.Evidence: MessagePart part } r => Part(Arrived(state, r.Packet), r, part),
            PacketTaken r => Taken(Arrived(state, r.Packet), r),
            PacketRepeated r => Arrived(state with { LastPosition = r.Position, Watermark = Later(state.Watermark, r.Watermark) }, r.Apid, r.SequenceCount, r.Late, r.Sent),
            PacketIgnored r => state with { LastPosition = r.Position, Watermark = Later(state.Watermark, r.Watermark) },
            ActTaken r => Taken(state, r),
            ActEffective r => Effective(state, r),
            DeadlineFired r => state with { Fired = state.Fired.Add(r.Rule), Watermark = Later(state.Watermark, r.Watermark) },
            MessageClosed r => Closed(state with { Watermark = Later(state.Watermark, r.Watermark) }, r.Message, r.At, r.Because),
            MessageCompleted r => Closed(state, r.Message, r.At, MessageProgress.BecauseComplete),
            BurstLinked r => state with { Related = state.Related.Add(r.Burst) },
            NoticeMade r => Made(state, r),
            StatusChanged r => state with { Status = r.Status },
            _ => state,
        };
        next = next with { FirstHeard = state.FirstHeard ?? (record is PacketTaken or PacketIgnored ? record.At : null), Updated = IsClosing(record) ? state.Updated : record.At };
        return BurstTimeline.Entry(state, record) is { } entry ? BurstTimeline.With(next, entry) : next;
    }

    // That nothing came for a fortnight is no change of the burst: what is kept for so long after its last change must not be kept twice as long.
    private static bool IsClosing(BurstRecord record) => record is DeadlineFired { Rule: BurstDeadline.Close } or StatusChanged { Status: BurstStatus.Closed };

    private static BurstState Taken(BurstState state, PacketTaken taken)
    {
        var packet = taken.Packet;
        var key = HearingKey(packet.Evidence);
        var science = state.Science.Add(packet.Evidence);
        return state with
        {
            LastPosition = packet.Position,
            Watermark = Later(state.Watermark, packet.Watermark),
            Science = science,

            // A slot's hearing is that of the packet it keeps: the times of one must not stand beside the values of another.
            Hearings = state.Hearings.ContainsKey(key) && !science.Keeps(packet.Evidence)
                ? state.Hearings
                : state.Hearings.SetItem(key, new(packet.Position, packet.Station, packet.ReceivedAt, packet.IngestedAt, packet.DecodedAt, packet.Watermark)),
            EclairsFirstHeard = state.EclairsFirstHeard ?? (packet.Evidence is EclairsAlert ? taken.At : null),
        };
    }

    private static BurstState Part(BurstState state, PacketTaken taken, MessagePart part)
    {
        var science = state.Science.Add(part);
        return state with
        {
            LastPosition = taken.Packet.Position,
            Watermark = Later(state.Watermark, taken.Packet.Watermark),
            Science = science,

            // A message that was dropped for want of room has no progress either.
            Messages = state.Messages.SetItem(part.Message, MessageProgress.Heard(state.Messages.GetValueOrDefault(part.Message), taken.Packet, taken.At))
                .RemoveRange(state.Messages.Keys.Append(part.Message).Where(message => !science.Messages.ContainsKey(message))),
        };
    }

    private static BurstState Closed(BurstState state, string message, DateTimeOffset at, string because) =>
        state.Messages.GetValueOrDefault(message) is { } progress ? state with { Messages = state.Messages.SetItem(message, progress.Closed(at, because)) } : state;

    private static BurstState Arrived(BurstState state, HeardPacket packet) => Arrived(state, packet.Apid, packet.SequenceCount, packet.Late, packet.Evidence.PacketTime);

    private static BurstState Arrived(BurstState state, int? apid, int? sequenceCount, bool late, DateTimeOffset? sent) => apid is { } application && sequenceCount is { } count
        ? state with { Arrived = state.Arrived.SetItem(application, state.Arrived.GetValueOrDefault(application, ArrivedPackets.None).With(count, late, sent)) }
        : state;

    private static BurstState Taken(BurstState state, ActTaken taken)
    {
        var acts = state.Acts.Add(new(taken.Key, BurstActs.Digest(taken.Act, taken.Alert)));
        return state with
        {
            ActCount = state.ActCount + 1,
            Acts = acts.Count > BurstState.MaxActs ? acts.RemoveAt(0) : acts,
            Pending = taken.Pending ? state.Pending.Add(new(taken.Key, taken.Act, taken.Alert)) : state.Pending,
        };
    }

    private static BurstState Effective(BurstState state, ActEffective effective)
    {
        var next = state with
        {
            Pending = state.Pending.RemoveAll(p => p.Key == effective.Key),
            Watermark = effective.Watermark is { } mark ? Later(state.Watermark, mark) : state.Watermark,
        };
        return effective.Without is not null ? next : effective.Act.Kind switch
        {
            BurstActKind.Validate => next with { Validated = effective.Act.Accept ? "accepted" : "rejected" },
            BurstActKind.Acknowledge => next with { AcknowledgedBy = effective.Act.Who },
            BurstActKind.Classify => next with { Classification = effective.Act.Class },
            _ => next,
        };
    }

    private static BurstState Made(BurstState state, NoticeMade made)
    {
        var notices = state.Notices;
        if (made.Type == NoticeTypes.Retraction)
        {
            notices = notices.ConvertAll(n => made.Cites.Contains($"{state.Id}_{n.Name}") ? n with { Withdrawn = true } : n);
        }

        return state with
        {
            Notices = notices.Add(new(
                NoticeTypes.Name(made.Type, made.Quality), made.Type, made.Quality, made.Ivorn, made.Instrument, made.Sent, made.HeldBecause, made.At,
                made.Facts.Position is not null, made.Facts.SlewStatus, made.MxtSource, Withdrawn: false)),
            Validated = made.Type is NoticeTypes.Wakeup or NoticeTypes.Catalog ? state.Validated ?? "accepted" : state.Validated,
        };
    }

    /// <summary>Slot of the scientific state that evidence falls into.</summary>
    public static string HearingKey(Evidence evidence) => evidence switch
    {
        EclairsAlert a => $"eclairs/{a.MessageCount}",
        GrmTrigger => "grm",
        MxtPosition m => $"mxt/{m.Source}/{MxtRules.Quality(m) ?? 0}",
        _ => "slew",
    };

    private static DateTimeOffset? Later(DateTimeOffset? a, DateTimeOffset? b) => a is null || b > a ? b : a;
}
