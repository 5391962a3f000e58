using System.Globalization;

namespace Svom.Bursts;

/// <summary>Sentences for people from records.</summary>
internal static class BurstTimeline
{
    /// <summary>The entry of a record; null when it is not worth one.</summary>
    public static TimelineEntry? Entry(BurstState before, BurstRecord record) => record switch
    {
        PacketTaken { Packet.Evidence: MessagePart part } r => Part(before, r, part),
        MessageClosed r => new(r.At, r.Watermark, "message", Closed(before, r)),
        MessageCompleted r => new(r.At, before.Watermark, "message", $"{MessageViews.Title(r.Message)} is complete{(before.Messages.GetValueOrDefault(r.Message)?.ClosedAt is null ? "" : ", after it was closed")}."),
        PacketTaken r => new(r.At, r.Packet.Evidence.PacketTime, "packet", Sentence(before, r.Packet)),
        PacketIgnored r => new(r.At, null, "packet", $"A packet was set aside: {r.Why}"),
        ActTaken { Pending: true } r => new(r.At, r.Act.At, "act", $"{r.Act.Who} asks to {Verb(r.Act)} at {Time(r.Act.At)}: {r.Act.Reason}"),
        ActEffective r => new(r.At, r.Watermark, "act", r.Without is null ? $"{r.Act.Who}: {Verb(r.Act)}, {r.Act.Reason}" : $"{r.Act.Who}: {Verb(r.Act)} had no effect. {r.Without}"),
        DeadlineFired { Rule: BurstDeadline.NoSlew } r => new(r.At, r.Watermark, "deadline", $"No slew was asked for in time ({By(r.By)})."),
        DeadlineFired { Rule: BurstDeadline.ValidationOverdue } r => new(r.At, r.Watermark, "deadline", $"No validation came in time ({By(r.By)})."),
        DeadlineFired { Rule: BurstDeadline.PositionOverdue } r => new(r.At, r.Watermark, "deadline", $"No MXT position came in time ({By(r.By)})."),
        DeadlineFired r => new(r.At, r.Watermark, "deadline", $"The time of the burst is over ({By(r.By)})."),
        BurstLinked r => new(r.At, null, "status", $"Related to {r.Burst}, which had its id before the link was known."),
        NoticeMade r => new(r.At, r.Facts.IsoTime, "notice", r.Sent ? $"{r.Id} is sent." : $"{r.Id} is held: {r.HeldBecause}"),
        StatusChanged r => new(r.At, null, "status", $"The burst is {r.Status.ToString().ToLowerInvariant()}: {r.Why}"),
        AdvocateAlarmed r => new(r.At, null, "status", $"Alarm for the advocate: {r.Text}"),
        _ => null,
    };

    /// <summary>Adds an entry; beyond the limit the middle goes, beginning and end stay.</summary>
    public static BurstState With(BurstState state, TimelineEntry entry)
    {
        var timeline = state.Timeline.Add(entry);
        return timeline.Count > BurstState.MaxTimeline
            ? state with { Timeline = timeline.RemoveAt(BurstState.MaxTimeline / 2), TimelineDropped = state.TimelineDropped + 1 }
            : state with { Timeline = timeline };
    }

    // Parts are many: a message is told of when it begins, and each part that comes after it was closed.
    private static TimelineEntry? Part(BurstState before, PacketTaken taken, MessagePart part) => before.Messages.GetValueOrDefault(part.Message) switch
    {
        null when part.Parts == 1 => null, // That it is complete says all.
        null => new(taken.At, part.PacketTime, "message", string.Create(
            CultureInfo.InvariantCulture, $"{MessageViews.Title(part.Message)} begins with part {part.Part} of {part.Parts}, {How(taken.Packet)}.")),
        { ClosedAt: not null } => new(taken.At, part.PacketTime, "message", string.Create(
            CultureInfo.InvariantCulture, $"{MessageViews.Title(part.Message)}: part {part.Part} comes after it was closed, {How(taken.Packet)}.")),
        _ => null,
    };

    private static string Closed(BurstState state, MessageClosed closed)
    {
        var message = state.Science.Messages.GetValueOrDefault(closed.Message);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{MessageViews.Title(closed.Message)} is closed with {message?.Have} of {message?.Expected} parts, {MessageViews.Numbers(message?.Missing ?? [])} missing ({(closed.Because is MessageProgress.BecauseQuiet ? "nothing came any more" : "it took too long")}).");
    }

    private static string Sentence(BurstState before, HeardPacket packet)
    {
        var late = before.Watermark - packet.Evidence.PacketTime > TimeSpan.FromMinutes(10) ? " (late)" : "";
        var text = packet.Evidence switch
        {
            EclairsAlert a => string.Create(CultureInfo.InvariantCulture, $"ECLAIRs alert {a.MessageCount}: SNR {a.Snr:F2} in {a.TimescaleSeconds} s ({a.Trigger}){(a.SlewRequest ? ", asks for a slew" : "")}"),
            GrmTrigger g => string.Create(CultureInfo.InvariantCulture, $"GRM trigger: SNR {g.Snr:F2}, detectors {g.Detectors}"),
            MxtPosition m => string.Create(CultureInfo.InvariantCulture, $"MXT position of source {m.Source}: SNR {m.Snr}, radius {m.StatisticalRadiusArcsec:F1} arcsec"),
            SlewAnswer s => s.Accepted ? "The platform accepts the slew" : "The platform refuses the slew",
            _ => "Packet",
        };
        return $"{text}, {How(packet)}{late}.";
    }

    private static string How(HeardPacket packet) => packet.Evidence.Recovered ? "recovered from broken copies" : $"heard by {packet.Station}";

    private static string Verb(BurstAct act) => act.Kind switch
    {
        BurstActKind.Validate => act.Accept ? "accept" : "reject",
        BurstActKind.Classify => $"classify as {act.Class}",
        BurstActKind.Retract => act.Notices is { } names ? $"retract {string.Join(", ", names)}" : "retract",
        _ => "acknowledge",
    };

    private static string By(FiredBy clock) => clock is FiredBy.Watermark ? "mission time" : "wall clock";

    private static string Time(DateTimeOffset? at) => at?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture) ?? "once";
}
