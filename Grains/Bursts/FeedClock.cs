namespace Svom.Bursts;

/// <summary>
/// Mission time of a feed. It trails the packet times by an allowance, takes only times that can be, and leaps only when a second
/// packet confirms it: one packet with a wrong time cannot expire everything, and a gap of days does not hold it back.
/// </summary>
/// <param name="Watermark">Null before two packets agreed on a time.</param>
/// <param name="Leap">A watermark that one packet alone has asked for.</param>
/// <param name="LeapPacket">That packet: a copy of it confirms nothing.</param>
public sealed record FeedClock(DateTimeOffset? Watermark = null, DateTimeOffset? Leap = null, string? LeapPacket = null)
{
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
        if (mark <= Watermark)
        {
            return this;
        }

        if (mark - Watermark <= options.JumpLimit)
        {
            return this with { Watermark = mark };
        }

        // Both packets vouch for the earlier of the two times.
        return Leap is { } leap && LeapPacket != packet && (mark - leap).Duration() <= options.JumpLimit
            ? new(mark < leap ? mark : leap)
            : this with { Leap = mark, LeapPacket = packet };
    }
}
