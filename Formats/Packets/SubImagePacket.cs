using System.Collections.Immutable;
using Svom.Packets.Messages;

namespace Svom.Packets;

/// <summary>Some pixels of the piece of ECLAIRs' sky image around an excess.</summary>
/// <param name="Header">Message and part.</param>
/// <param name="WindowStart">Start of the window of the image.</param>
/// <param name="TimescaleSeconds">Length of the window; null for an unknown code.</param>
/// <param name="Band">Energy band; null for an unknown code.</param>
/// <param name="FirstY">Pixel of the sky image along Y at which each row begins.</param>
/// <param name="FirstZ">Pixel of the sky image along Z of the first row.</param>
/// <param name="Snr">Row by row, as many pixels as a part holds, steps of 0.1 sigma.</param>
public sealed record SubImagePacket(
    MessagePartHeader Header, DateTimeOffset WindowStart, double? TimescaleSeconds, EnergyBand? Band, int FirstY, int FirstZ, int Columns, int Rows, ImmutableArray<double> Snr)
{
    private static readonly PacketLayout Layout = PacketDefinitions.Current[PacketKind.EclairsSubImage];
    private static readonly FieldLayout WindowStartField = Layout["Img_Time"];
    private static readonly FieldLayout TimescaleField = Layout["Img_Timescale"];
    private static readonly FieldLayout BandField = Layout["Img_Band"];
    private static readonly FieldLayout FirstYField = Layout["Img_FirstYpix"];
    private static readonly FieldLayout FirstZField = Layout["Img_FirstZpix"];
    private static readonly FieldLayout ColumnsField = Layout["Img_Columns"];
    private static readonly FieldLayout RowsField = Layout["Img_Rows"];
    private static readonly FieldLayout[] SnrFields = Layout.Repeated("Img_Snr");

    /// <summary>Pixels that one part holds.</summary>
    public static int PixelsPerPart => SnrFields.Length;

    /// <summary>Parts that an image needs.</summary>
    public static int PartsOf(int columns, int rows) => ((columns * rows) + PixelsPerPart - 1) / PixelsPerPart;

    /// <summary>Reads a decoded packet of this kind.</summary>
    public static SubImagePacket From(DecodedPacket packet) => new(
        MessagePartHeader.Read(packet), packet.Time(WindowStartField), packet.Code(TimescaleField)?.Values?[0],
        packet.Code(BandField)?.Values is [var low, var high] ? new(low, high) : null, (int)packet.Raw(FirstYField), (int)packet.Raw(FirstZField),
        (int)packet.Raw(ColumnsField), (int)packet.Raw(RowsField), [.. SnrFields.Select(field => Math.Round(packet.Number(field), 1))]);

    /// <summary>Writes the frame.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value does not fit; the message names the field.</exception>
    public byte[] ToFrame(int sequenceCount, DateTimeOffset packetTime)
    {
        var builder = MessageFields.Begin(Layout, Header)
            .Set(WindowStartField, WindowStart).Set(TimescaleField, TimescaleField.FindCode(TimescaleSeconds ?? 0))
            .Set(BandField, BandField.FindCode(Band?.LowKev ?? 0, Band?.HighKev ?? 0)).Set(FirstYField, (double)FirstY).Set(FirstZField, (double)FirstZ)
            .Set(ColumnsField, (double)Columns).Set(RowsField, (double)Rows);
        for (var n = 0; n < SnrFields.Length; n++)
        {
            builder.SetSaturated(SnrFields[n], Snr[n]);
        }

        return builder.Build(sequenceCount, packetTime);
    }
}
