namespace Svom.Bursts;

/// <summary>How far a message has come, as a burst remembers it beside what was heard: this depends on when parts came, so it stands in records.</summary>
/// <param name="FirstMark">Mission time when its first part was taken: the deadline counts from it.</param>
/// <param name="LastMark">Mission time when its last part was taken: the quiet period counts from it.</param>
/// <param name="FirstHeard">Wall time when its first part was taken.</param>
/// <param name="ClosedAt">When it was complete or was closed with parts missing; null while it is open.</param>
/// <param name="ClosedBecause">complete, quiet or deadline; null while it is open.</param>
/// <param name="Version">0 while it is open, 1 when it is closed; each later part counts one up.</param>
public sealed record MessageProgress(
    DateTimeOffset FirstMark, DateTimeOffset LastMark, DateTimeOffset FirstHeard, DateTimeOffset? ClosedAt = null, string? ClosedBecause = null, int Version = 0)
{
    /// <summary>All its parts were heard.</summary>
    public const string BecauseComplete = "complete";

    /// <summary>No part came for a while.</summary>
    public const string BecauseQuiet = "quiet";

    /// <summary>It has taken too long.</summary>
    public const string BecauseDeadline = "deadline";

    /// <summary>After a part.</summary>
    internal static MessageProgress Heard(MessageProgress? before, HeardPacket packet, DateTimeOffset at)
    {
        // The watermark trails the packet; of a late packet it runs ahead.
        var mark = packet.Watermark > packet.Evidence.PacketTime ? packet.Watermark : packet.Evidence.PacketTime;
        return before is null ? new(mark, mark, at)
            : before with { LastMark = mark > before.LastMark ? mark : before.LastMark, Version = before.ClosedAt is null ? 0 : before.Version + 1 };
    }

    /// <summary>After it was closed; one that was closed before stays so.</summary>
    internal MessageProgress Closed(DateTimeOffset at, string because) =>
        ClosedAt is null ? this with { ClosedAt = at, ClosedBecause = because, Version = 1 } : this with { ClosedBecause = because };
}
