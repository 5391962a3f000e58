using System.Globalization;
using System.Text;

namespace Svom.Packets;

/// <summary>Writes the reference page of the packets from the definitions: complete enough to write a decoder from it alone.</summary>
public static class PacketReference
{
    /// <summary>The page, in Markdown.</summary>
    public static string Write(PacketDefinitions definitions)
    {
        ArgumentNullException.ThrowIfNull(definitions);
        var page = new StringBuilder();
        var first = definitions.Layouts[0];
        WriteIntroduction(page, definitions);
        page.Append("## Frame\n\nThe same for every packet; `= APID` is the number in the packet's heading.\n\n");
        WriteTable(page, first.Fields.Where(IsFrameField), apidAsWord: true);
        foreach (var layout in definitions.Layouts)
        {
            page.Append(CultureInfo.InvariantCulture, $"\n## {layout.Kind} (APID {layout.Apid})\n\n{layout.Title}. {layout.Purpose}\n\n");
            WriteTable(page, layout.Fields.Where(static field => !IsFrameField(field)), apidAsWord: false);
            page.Append(CultureInfo.InvariantCulture, $"\nUnit quaternions: {(layout.QuaternionPrefixes.Count == 0 ? "none" : string.Join(", ", layout.QuaternionPrefixes.Select(static prefix => $"`{prefix}`")))}.\n");
        }

        page.Append("\n## Code tables\n\nA code that is not listed is out of range.\n");
        foreach (var (name, table) in definitions.Tables.OrderBy(static table => table.Key, StringComparer.Ordinal))
        {
            WriteCodes(page, name, table);
        }

        return page.ToString();
    }

    private static void WriteIntroduction(StringBuilder page, PacketDefinitions definitions) => page.Append(CultureInfo.InvariantCulture, $"""
        # Packets on VHF: {definitions.Version}

        Generated from `Formats/Packets/Definitions/{definitions.Version}.json`; a test compares. To rewrite it, run the tests with
        `SVOM_UPDATE_GOLDEN=1`.

        The mission's application numbers (APIDs), the layout beyond the names and widths marked below, its spacecraft number, its radio frame
        and its check word are not public. What stands here is this project's own layout, built around every public fact: the CCSDS space
        packet with the packet time as secondary header, the field names, and the widths that are printed in public.

        A frame has exactly {definitions.FrameOctets} octets: the spacecraft number, one space packet of {definitions.PacketOctets} octets (primary header of 6, packet
        time of 4, payload), and a CRC. Bits are counted from the frame's first bit, highest bit first; numbers are big-endian.

        | type | meaning |
        |---|---|
        | fixed | always the number given |
        | unsigned, signed | a number; signed ones in two's complement |
        | boolean | 1 is true |
        | enum | a code of the table named |
        | seconds | whole seconds since 2017-01-01T00:00:00 UTC |
        | time | 4 octets of seconds since 2017-01-01T00:00:00 UTC, then 3 octets in steps of 2^-24 s; read to the nearest 100 ns |
        | padding | zero |
        | crc | CRC-16/CCITT-FALSE (polynomial 0x1021, start 0xFFFF, not reflected, no final XOR) over all octets before it |

        The engineering value is computed as written, `raw` being the number. A value outside the range is flagged, never refused. The four
        fields Q0 to Q3 of a unit quaternion are out of range together when the sum of their squares differs from 1 by more than 0.000001.

        A quaternion, scalar first, turns body vectors into ICRS: about +Z by right ascension, about the new +Y by minus declination, about
        the new +X by roll. An instrument direction is (cos theta, sin theta cos phi, sin theta sin phi) in the body, whose +X is the
        boresight. The satellite's place is earth-fixed; longitude, latitude and altitude on the ground are geodetic, WGS84.

        A field written `Name_[1 to N]` stands N times, one after the other without a gap, each of the bits given: `Name_1`, `Name_2` and so on.

        Column *public*: `name and width` or `name` stand in public sources; `-` is ours.


        """);

    private static bool IsFrameField(FieldLayout field) =>
        field.Name.StartsWith("Frame_", StringComparison.Ordinal) || field.Name.StartsWith("Packet_", StringComparison.Ordinal);

    private static void WriteTable(StringBuilder page, IEnumerable<FieldLayout> fields, bool apidAsWord)
    {
        page.Append("| field | first bit | bits | type | value | range | public | meaning |\n|---|--:|--:|---|---|---|---|---|\n");
        foreach (var group in fields.GroupBy(static field => field.RepeatOf ?? field.Name, StringComparer.Ordinal))
        {
            var field = group.First();
            var name = field.RepeatOf is { } repeated ? string.Create(CultureInfo.InvariantCulture, $"{repeated}_[1 to {group.Count()}]") : field.Name;
            var value = apidAsWord && string.Equals(field.Name, "Packet_Apid", StringComparison.Ordinal) ? "= APID" : Value(field);
            page.Append(CultureInfo.InvariantCulture, $"| `{name}` | {field.BitOffset} | {field.Bits} | {Word(field.Kind)} | {value} | {Range(field)} | {Public(field)} | {field.Meaning} |\n");
        }
    }

    private static string Word(FieldKind kind) => kind switch
    {
        FieldKind.Fixed => "fixed",
        FieldKind.Unsigned => "unsigned",
        FieldKind.Signed => "signed",
        FieldKind.Boolean => "boolean",
        FieldKind.Enum => "enum",
        FieldKind.Seconds => "seconds",
        FieldKind.Time => "time",
        FieldKind.Padding => "padding",
        _ => "crc",
    };

    private static string Value(FieldLayout field) => field.Kind switch
    {
        FieldKind.Fixed => string.Create(CultureInfo.InvariantCulture, $"= {field.Expected}"),
        FieldKind.Enum => $"table *{field.TableName}*",
        FieldKind.Unsigned or FieldKind.Signed => string.Create(CultureInfo.InvariantCulture,
            $"raw{Part(" × ", field.Scale, 1)}{Part(" / ", field.Divisor, 1)}{Part(" + ", field.Offset, 0)}{(field.Unit is { } unit ? $" [{unit}]" : string.Empty)}"),
        _ => "",
    };

    private static string Part(string before, double number, double unsaid) =>
        number.Equals(unsaid) ? string.Empty : before + number.ToString("R", CultureInfo.InvariantCulture);

    private static string Range(FieldLayout field) => field is { Min: null, Max: null }
        ? string.Empty
        : string.Create(CultureInfo.InvariantCulture, $"{field.Min} to {field.Max}");

    private static string Public(FieldLayout field) =>
        field.Origin.StartsWith("public ", StringComparison.Ordinal) ? field.Origin["public ".Length..] : "-";

    private static void WriteCodes(StringBuilder page, string name, TableEntry table)
    {
        page.Append(CultureInfo.InvariantCulture, $"\n### Table: {name}\n\n| code | name | exact value{(table.Unit is { } unit ? $" [{unit}]" : string.Empty)} |\n|--:|---|---|\n");
        foreach (var code in table.Entries)
        {
            page.Append(CultureInfo.InvariantCulture, $"| {code.Code} | {code.Name} | {string.Join(" to ", code.Values ?? [])} |\n");
        }
    }
}
