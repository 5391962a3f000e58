using System.Globalization;

namespace Svom.Packets;

/// <summary>One field of a packet, as a person reads it.</summary>
/// <param name="Name">As in the definitions.</param>
/// <param name="BitOffset">From the first bit of the frame.</param>
/// <param name="Bits">Width.</param>
/// <param name="Raw">The bits as an unsigned number.</param>
/// <param name="Value">Engineering value as text: a number, true or false, the name of a code, a UTC time.</param>
/// <param name="Unit">Of the value; null without one.</param>
/// <param name="InRange">False when the definitions do not allow the value.</param>
/// <param name="Meaning">In plain words.</param>
public sealed record FieldView(string Name, int BitOffset, int Bits, ulong Raw, string Value, string? Unit, bool InRange, string Meaning);

/// <summary>A packet with every field, header and CRC included, in order of the bits.</summary>
/// <param name="DefinitionVersion">Definitions that read it.</param>
public sealed record PacketView(string DefinitionVersion, PacketKind Kind, IReadOnlyList<FieldView> Fields)
{
    // More digits than any field can tell apart, fewer than floating point's noise.
    private const string NumberFormat = "G12";
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'";

    /// <summary>The view of a decoded packet.</summary>
    public static PacketView Of(DecodedPacket packet)
    {
        ArgumentNullException.ThrowIfNull(packet);
        return new(PacketDefinitions.Current.Version, packet.Kind, [.. packet.Layout.Fields.Select(field => View(packet, field))]);
    }

    private static FieldView View(DecodedPacket packet, FieldLayout field)
    {
        var raw = packet.Raw(field);
        var unitOk = packet.Layout.Quaternions.All(quaternion => !quaternion.Contains(field) || quaternion.Read(packet).IsUnit);
        return new(field.Name, field.BitOffset, field.Bits, raw, Text(packet, field), field.Unit, field.InRange(raw) && unitOk, field.Meaning);
    }

    private static string Text(DecodedPacket packet, FieldLayout field) => field.Kind switch
    {
        FieldKind.Boolean => packet.Flag(field) ? "true" : "false",
        FieldKind.Enum => packet.Code(field)?.Name ?? "unknown code",
        FieldKind.Seconds or FieldKind.Time => packet.Time(field).UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture),
        _ => packet.Number(field).ToString(NumberFormat, CultureInfo.InvariantCulture),
    };
}
