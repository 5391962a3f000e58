using CsCheck;
using Svom.Packets.Messages;

namespace Svom.Packets;

/// <summary>Parts of messages drawn at random, each sound in itself.</summary>
internal static class MessageGenerators
{
    public static readonly Gen<LightCurvePacket> LightCurves =
        from kind in Gen.OneOf(Gen.Const(PacketKind.EclairsLightCurveHigh), Gen.Const(PacketKind.EclairsLightCurveLow), Gen.Const(PacketKind.GrmLightCurve))
        from bins in Gen.Int[1, 512]
        from header in Headers(kind, LightCurvePacket.PartsOf(kind, bins))
        from t0 in PacketGenerators.Times
        from seconds in Gen.OneOf(0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 10.0, 20.0)
        from detectors in Gen.OneOf("011", "101", "110", "111")
        from counts in Gen.Int[0, 65535].Array[LightCurvePacket.BinsPerPart(kind)].Array[LightCurvePacket.BandsOf(kind).Count]
        select new LightCurvePacket(
            header, kind is PacketKind.GrmLightCurve ? t0 : null, t0, seconds, bins, kind is PacketKind.GrmLightCurve ? detectors : null, [.. counts.Select(static band => (System.Collections.Immutable.ImmutableArray<int>)[.. band])]);

    public static readonly Gen<SubImagePacket> SubImages =
        from columns in Gen.Int[1, 48]
        from rows in Gen.Int[1, 48]
        from header in Headers(PacketKind.EclairsSubImage, SubImagePacket.PartsOf(columns, rows))
        from start in PacketGenerators.Times
        from first in Gen.Int[0, 198].Array[2]
        from snr in Gen.Int[-2048, 2047].Array[SubImagePacket.PixelsPerPart]
        select new SubImagePacket(header, start, 20.48, new(8, 120), first[0], first[1], columns, rows, [.. snr.Select(static tenths => tenths / 10.0)]);

    public static readonly Gen<EclairsDescriptorPacket> Descriptors =
        from header in Headers(PacketKind.EclairsDescriptor, 1)
        from count in Gen.Int[0, 255]
        from start in PacketGenerators.Times
        from sigmas in Gen.Int[0, 65535].Array[7]
        from counts in Gen.UInt
        from variance in Gen.UInt[1, uint.MaxValue]
        from pixels in Gen.Int[0, 6400]
        from earth in Gen.Int[0, 255]
        from others in Gen.Select(Gen.Double[0, 180], Gen.Double[0, 360], Gen.Int[1, 65535], static (theta, phi, snr) => new ExcessCandidate(new(theta, phi), snr / 100.0)).Array[0, 4]
        select new EclairsDescriptorPacket(
            header, count, start, "IMT", 20.48, new(8, 120), sigmas[0] / 100.0, sigmas[1] / 100.0, sigmas[2] / 100.0, counts, variance, 81, pixels, earth * 100.0 / 255,
            [.. sigmas[3..].Select(static hundredths => hundredths / 100.0)], [.. others]);

    public static readonly Gen<VtSourceListPacket> SourceLists =
        from sources in Gen.Int[0, 576]
        from header in Headers(PacketKind.VtSourceList, VtSourceListPacket.PartsOf(sources))
        from start in PacketGenerators.Times
        from exposure in Gen.Int[1, 65535]
        from band in Gen.OneOf("R0", "R3", "B0", "B3")
        from pointing in PacketGenerators.Quaternions
        from found in Gen.Select(Gen.Int[0, 32768], Gen.Int[0, 32768], Gen.Int[0, 3000], static (x, y, mag) => new VtSource(x / 16.0, y / 16.0, mag / 100.0)).Array[VtSourceListPacket.SourcesPerPart]
        select new VtSourceListPacket(header, start, exposure / 10.0, band, sources, pointing, [.. found]);

    public static readonly Gen<VtImagePacket> BitImages =
        from columns in Gen.Int[1, 176]
        from rows in Gen.Int[1, 176]
        from header in Headers(PacketKind.VtImage, VtImagePacket.PartsOf(columns, rows))
        from start in PacketGenerators.Times
        from exposure in Gen.Int[1, 65535]
        from first in Gen.Int[0, 2047].Array[2]
        from lit in Gen.Bool.Array[VtImagePacket.PixelsPerPart]
        select new VtImagePacket(header, start, exposure / 10.0, "B2", columns, rows, first[0], first[1], [.. lit]);

    /// <summary>A frame of any message kind.</summary>
    public static readonly Gen<byte[]> Frames = Gen.OneOf(
        Gen.Select(LightCurves, PacketGenerators.SequenceCounts, PacketGenerators.Times, static (packet, count, time) => packet.ToFrame(count, time)),
        Gen.Select(SubImages, PacketGenerators.SequenceCounts, PacketGenerators.Times, static (packet, count, time) => packet.ToFrame(count, time)),
        Gen.Select(Descriptors, PacketGenerators.SequenceCounts, PacketGenerators.Times, static (packet, count, time) => packet.ToFrame(count, time)),
        Gen.Select(SourceLists, PacketGenerators.SequenceCounts, PacketGenerators.Times, static (packet, count, time) => packet.ToFrame(count, time)),
        Gen.Select(BitImages, PacketGenerators.SequenceCounts, PacketGenerators.Times, static (packet, count, time) => packet.ToFrame(count, time)));

    private static Gen<MessagePartHeader> Headers(PacketKind kind, int parts) => Gen.Select(Gen.UInt, Gen.Int[0, MessagePartHeader.MaxNumber], Gen.Int[1, parts],
        (id, number, part) => new MessagePartHeader(kind, id, number, part, parts));
}
