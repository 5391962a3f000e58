namespace Svom.Packets.Messages;

/// <summary>Refuses parts that contradict themselves: ranges of single fields stand in the definitions, what binds fields together stands here.</summary>
public static class MessageChecks
{
    /// <returns>What cannot be, in one sentence; null when all can.</returns>
    public static string? Fault(DecodedPacket packet)
    {
        ArgumentNullException.ThrowIfNull(packet);
        if (!packet.AllInRange)
        {
            return $"{First(packet)} of a {packet.Kind} packet is out of range.";
        }

        var header = MessagePartHeader.Read(packet);
        var expected = ExpectedParts(packet);
        return header.Part > header.Parts ? $"Part {header.Part} of a message of {header.Parts}."
            : header.Parts != expected ? $"The content of the {packet.Kind} needs {expected} parts, the packet says {header.Parts}."
            : null;
    }

    private static int ExpectedParts(DecodedPacket packet) => packet.Kind switch
    {
        PacketKind.EclairsLightCurveHigh or PacketKind.EclairsLightCurveLow or PacketKind.GrmLightCurve => LightCurvePacket.PartsOf(packet.Kind, LightCurvePacket.From(packet).Bins),
        PacketKind.EclairsSubImage => SubImagePacket.From(packet) is var image ? SubImagePacket.PartsOf(image.Columns, image.Rows) : 0,
        PacketKind.VtSourceList => VtSourceListPacket.PartsOf(VtSourceListPacket.From(packet).Sources),
        PacketKind.VtImage => VtImagePacket.From(packet) is var image ? VtImagePacket.PartsOf(image.Columns, image.Rows) : 0,
        _ => 1,
    };

    private static string First(DecodedPacket packet) =>
        Array.Find(packet.Layout.AllFields, field => !field.InRange(packet.Raw(field)))?.Name ?? "A quaternion";
}
