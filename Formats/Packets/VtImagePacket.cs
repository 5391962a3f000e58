using System.Collections.Immutable;
using Svom.Packets.Messages;

namespace Svom.Packets;

/// <summary>Some pixels of a cut-out of VT's image, one bit each.</summary>
/// <param name="Header">Message and part.</param>
/// <param name="ExposureStart">Start of the exposure.</param>
/// <param name="ExposureSeconds">Steps of 0.1.</param>
/// <param name="Band">R0 to R3 or B0 to B3; null for an unknown code.</param>
/// <param name="FirstX">Column of the detector at which each row begins.</param>
/// <param name="FirstY">Row of the detector of the first row.</param>
/// <param name="Lit">Row by row, as many pixels as a part holds: true where there is light above the noise.</param>
public sealed record VtImagePacket(
    MessagePartHeader Header, DateTimeOffset ExposureStart, double ExposureSeconds, string? Band, int Columns, int Rows, int FirstX, int FirstY, ImmutableArray<bool> Lit)
{
    private static readonly PacketLayout Layout = PacketDefinitions.Current[PacketKind.VtImage];
    private static readonly FieldLayout StartField = Layout["Vt_Time"];
    private static readonly FieldLayout ExposureField = Layout["Vt_Exposure"];
    private static readonly FieldLayout BandField = Layout["Vt_Band"];
    private static readonly FieldLayout ColumnsField = Layout["Vt_Columns"];
    private static readonly FieldLayout RowsField = Layout["Vt_Rows"];
    private static readonly FieldLayout FirstXField = Layout["Vt_FirstX"];
    private static readonly FieldLayout FirstYField = Layout["Vt_FirstY"];
    private static readonly FieldLayout[] BitsFields = Layout.Repeated("Vt_Bits");

    /// <summary>Pixels that one part holds.</summary>
    public static int PixelsPerPart => BitsFields.Length * 8;

    /// <summary>Parts that an image needs.</summary>
    public static int PartsOf(int columns, int rows) => ((columns * rows) + PixelsPerPart - 1) / PixelsPerPart;

    /// <summary>Reads a decoded packet of this kind.</summary>
    public static VtImagePacket From(DecodedPacket packet) => new(
        MessagePartHeader.Read(packet), packet.Time(StartField), Math.Round(packet.Number(ExposureField), 1), packet.Code(BandField)?.Name, (int)packet.Raw(ColumnsField),
        (int)packet.Raw(RowsField), (int)packet.Raw(FirstXField), (int)packet.Raw(FirstYField),
        [.. Enumerable.Range(0, PixelsPerPart).Select(n => (packet.Raw(BitsFields[n / 8]) >> (7 - (n % 8)) & 1) == 1)]);

    /// <summary>Writes the frame.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value does not fit; the message names the field.</exception>
    public byte[] ToFrame(int sequenceCount, DateTimeOffset packetTime)
    {
        var builder = MessageFields.Begin(Layout, Header)
            .Set(StartField, ExposureStart).Set(ExposureField, ExposureSeconds).Set(BandField, BandField.FindCode(Band ?? string.Empty))
            .Set(ColumnsField, (double)Columns).Set(RowsField, (double)Rows).Set(FirstXField, (double)FirstX).Set(FirstYField, (double)FirstY);
        for (var octet = 0; octet < BitsFields.Length; octet++)
        {
            var bits = 0UL;
            for (var n = 0; n < 8; n++)
            {
                bits = (bits << 1) | (Lit[(octet * 8) + n] ? 1UL : 0);
            }

            builder.SetRaw(BitsFields[octet], bits);
        }

        return builder.Build(sequenceCount, packetTime);
    }
}
