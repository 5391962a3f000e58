using System.Collections.Immutable;
using Svom.Bursts;
using Svom.Packets;
using Svom.Packets.Messages;

namespace Svom.Support;

/// <summary>Parts of messages of the invented burst.</summary>
internal static class InventedMessages
{
    public const int Parts = 8;

    /// <summary>A part of ECLAIRs' light curve of 64 bins, sent every 1.8 s from a minute after T0.</summary>
    public static MessagePart Curve(int part, int number = 0, int bins = 64, int counts = 100, uint observation = InventedBursts.Observation) =>
        Assert.IsType<MessagePart>(PacketEvidence.From(PacketDefinitions.Current.Decode(CurveFrame(part, number, bins, counts, observation))));

    /// <param name="sequenceCount">Of the application; null: the number of the part.</param>
    /// <param name="sentAt">Null: every 1.8 s from a minute after T0.</param>
    public static byte[] CurveFrame(
        int part, int number = 0, int bins = 64, int counts = 100, uint observation = InventedBursts.Observation, DateTimeOffset? t0 = null, int? sequenceCount = null, DateTimeOffset? sentAt = null)
    {
        ImmutableArray<int> band = [.. Enumerable.Range(0, 8).Select(bin => ((part - 1) * 8) + bin < bins ? counts + bin : 0)];
        var header = new MessagePartHeader(PacketKind.EclairsLightCurveHigh, observation, number, part, LightCurvePacket.PartsOf(PacketKind.EclairsLightCurveHigh, bins));
        var start = t0 ?? InventedBursts.T0;
        return new LightCurvePacket(header, null, start.AddSeconds(-16), 1, bins, null, [band, band, band, band]).ToFrame(sequenceCount ?? part, sentAt ?? start.AddSeconds(60 + (1.8 * part)));
    }

    /// <summary>The one part of GRM's light curve of 10 bins.</summary>
    public static byte[] GrmFrame(DateTimeOffset t0, int number = 0, uint trigger = 7, double sentAfter = 40)
    {
        ImmutableArray<int> band = [.. Enumerable.Range(1, 10)];
        return new LightCurvePacket(new(PacketKind.GrmLightCurve, trigger, number, 1, 1), t0, t0.AddSeconds(-5), 0.5, 10, "011", [band, band, band]).ToFrame(number, t0.AddSeconds(sentAfter));
    }

    public static MessagePart Grm(DateTimeOffset t0, double sentAfter = 40) =>
        Assert.IsType<MessagePart>(PacketEvidence.From(PacketDefinitions.Current.Decode(GrmFrame(t0, sentAfter: sentAfter))));
}
