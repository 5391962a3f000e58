namespace Svom.Bursts;

/// <summary>
/// Mission time of a feed. It trails the packet times by an allowance, takes only times that can be, and leaps only when a second
/// packet confirms it: one packet with a wrong time cannot expire everything, and a gap of days does not hold it back. It goes back
/// when a run of sixteen packets agrees on an earlier time and none of the present speaks in between: an old burst played as real lives
/// in its own time. Late packets between those of the present move nothing; a station that delivers sixteen in one piece takes the
/// clock back with it until two packets of the present confirm each other, and what it tells counts as heard in time meanwhile.
/// </summary>
/// <param name="Watermark">Null before two packets agreed on a time.</param>
/// <param name="Leap">A watermark that one packet alone has asked for.</param>
/// <param name="LeapPacket">That packet: a copy of it confirms nothing.</param>
/// <param name="Earlier">The watermark of a run of packets from an earlier time; null when there is none.</param>
/// <param name="EarlierPackets">Packets of that run so far.</param>
public sealed record FeedClock(
    DateTimeOffset? Watermark = null, DateTimeOffset? Leap = null, string? LeapPacket = null, DateTimeOffset? Earlier = null, int EarlierPackets = 0)
{
    // Half a minute of the satellite's packets.
    private const int RunBack = 16;

    /// <summary>The watermark, or the beginning of time before there is one.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public DateTimeOffset Mark => Watermark ?? DateTimeOffset.MinValue;

    /// <summary>The clock after a packet.</summary>
    /// <param name="packetTime">On-board time of the packet.</param>
    /// <param name="receivedAt">Station clock at its reception.</param>
    /// <param name="packet">Identity of the packet.</param>
    public FeedClock Heard(DateTimeOffset packetTime, DateTimeOffset receivedAt, string packet, BurstOptions options)
    {
        if (packetTime.Year is < 2015 or > 2099 || packetTime > receivedAt + options.AheadLimit)
        {
            return this;
        }

        var mark = packetTime - options.WatermarkAllowance;
        if (Watermark - mark > options.JumpLimit)
        {
            return HeardEarlier(mark, options);
        }

        if (!(mark - Watermark > options.JumpLimit) && Watermark is { } present)
        {
            return this with { Watermark = mark > present ? mark : present, Earlier = null, EarlierPackets = 0 };
        }

        // Both packets vouch for the earlier of the two times.
        return Leap is { } leap && LeapPacket != packet && (mark - leap).Duration() <= options.JumpLimit
            ? new(mark < leap ? mark : leap)
            : this with { Leap = mark, LeapPacket = packet };
    }

    private FeedClock HeardEarlier(DateTimeOffset mark, BurstOptions options)
    {
        if (!(Earlier is { } run && (mark - run).Duration() <= options.JumpLimit))
        {
            return this with { Earlier = mark, EarlierPackets = 1 };
        }

        var latest = mark > run ? mark : run;
        return EarlierPackets + 1 < RunBack ? this with { Earlier = latest, EarlierPackets = EarlierPackets + 1 } : new(latest);
    }
}
