using System.Collections.Immutable;
using Svom.Packets.Messages;
using Svom.Sky;

namespace Svom.Packets;

/// <summary>A source that VT found on board.</summary>
/// <param name="X">Column, pixels, steps of 1/16.</param>
/// <param name="Y">Row, pixels, steps of 1/16.</param>
/// <param name="Magnitude">Steps of 0.01.</param>
public sealed record VtSource(double X, double Y, double Magnitude)
{
    private const double CentralPixel = 1024;
    private const double ArcsecPerPixel = 0.76;

    /// <summary>Place on the sky, from the detector's place and the pointing: the detector's +X lies towards the body's +Y, its +Y towards +Z.</summary>
    public SkyPosition Place(AttitudeQuaternion pointing)
    {
        var (y, z) = (Math.Tan(Angle(X)), Math.Tan(Angle(Y)));
        return pointing.ToSky(new SkyVector(1, y, z)).ToSkyPosition();
    }

    private static double Angle(double pixel) => double.DegreesToRadians((pixel - CentralPixel) * ArcsecPerPixel / 3600);
}

/// <summary>Some sources of a list that VT found on board after a slew.</summary>
/// <param name="Header">Message and part.</param>
/// <param name="ExposureStart">Start of the exposure.</param>
/// <param name="ExposureSeconds">Steps of 0.1.</param>
/// <param name="Band">R0 to R3 or B0 to B3; null for an unknown code.</param>
/// <param name="Sources">Sources of the whole list.</param>
/// <param name="Pointing">Of VT, body to ICRS.</param>
/// <param name="Found">As many as a part holds; beyond the list's last one they are zero.</param>
public sealed record VtSourceListPacket(
    MessagePartHeader Header, DateTimeOffset ExposureStart, double ExposureSeconds, string? Band, int Sources, AttitudeQuaternion Pointing, ImmutableArray<VtSource> Found)
{
    private static readonly PacketLayout Layout = PacketDefinitions.Current[PacketKind.VtSourceList];
    private static readonly FieldLayout StartField = Layout["Vt_Time"];
    private static readonly FieldLayout ExposureField = Layout["Vt_Exposure"];
    private static readonly FieldLayout BandField = Layout["Vt_Band"];
    private static readonly FieldLayout SourcesField = Layout["Vt_Sources"];
    private static readonly QuaternionFields PointingFields = new(Layout, "Vt_Pointing");
    private static readonly FieldLayout[] XFields = Layout.Repeated("Vt_X");
    private static readonly FieldLayout[] YFields = Layout.Repeated("Vt_Y");
    private static readonly FieldLayout[] MagnitudeFields = Layout.Repeated("Vt_Mag");

    /// <summary>Sources that one part holds.</summary>
    public static int SourcesPerPart => XFields.Length;

    /// <summary>Parts that a list needs; an empty one is told too.</summary>
    public static int PartsOf(int sources) => Math.Max(1, (sources + SourcesPerPart - 1) / SourcesPerPart);

    /// <summary>Reads a decoded packet of this kind.</summary>
    public static VtSourceListPacket From(DecodedPacket packet) => new(
        MessagePartHeader.Read(packet), packet.Time(StartField), Math.Round(packet.Number(ExposureField), 1), packet.Code(BandField)?.Name,
        (int)packet.Raw(SourcesField), PointingFields.Read(packet),
        [.. Enumerable.Range(0, XFields.Length).Select(n => new VtSource(
            packet.Number(XFields[n]), packet.Number(YFields[n]), Math.Round(packet.Number(MagnitudeFields[n]), 2)))]);

    /// <summary>Writes the frame.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value does not fit; the message names the field.</exception>
    public byte[] ToFrame(int sequenceCount, DateTimeOffset packetTime)
    {
        var builder = MessageFields.Begin(Layout, Header)
            .Set(StartField, ExposureStart).Set(ExposureField, ExposureSeconds).Set(BandField, BandField.FindCode(Band ?? string.Empty)).Set(SourcesField, (double)Sources);
        PointingFields.Write(builder, Pointing);
        for (var n = 0; n < XFields.Length; n++)
        {
            builder.Set(XFields[n], Found[n].X).Set(YFields[n], Found[n].Y).SetSaturated(MagnitudeFields[n], Found[n].Magnitude);
        }

        return builder.Build(sequenceCount, packetTime);
    }
}
