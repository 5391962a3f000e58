namespace Svom.Packets;

/// <summary>Checks a definition file and compiles it: overlaps, gaps, overflows and unknown words are refused with their place.</summary>
internal static class DefinitionCompiler
{
    private const int WidestFieldBits = 56;
    private const int WidestCodeBits = 12;
    private const int CrcBits = 16;
    private const int MostRepeated = 512;

    public static PacketDefinitions Compile(DefinitionFile file)
    {
        Require(file.FrameOctets >= 16, $"frameOctets is {file.FrameOctets}: at least 16 are needed.");
        Require(file.Spacecraft.Id is >= 0 and <= ushort.MaxValue, $"spacecraft.id is {file.Spacecraft.Id}: it has 16 bits.");
        foreach (var (name, table) in file.Tables)
        {
            var codes = table.Entries.Select(static entry => entry.Code).ToList();
            Require(codes.Count == codes.Distinct().Count(), $"Table '{name}' lists a code twice.");
        }

        var layouts = file.Packets.Select(packet => Packet(file, packet)).OrderBy(static layout => layout.Apid).ToArray();
        Require(layouts.DistinctBy(static layout => layout.Apid).Count() == layouts.Length, "Two packets have one apid.");
        Require(layouts.DistinctBy(static layout => layout.Kind).Count() == layouts.Length, "Two packets have one kind.");
        foreach (var kind in Enum.GetValues<PacketKind>())
        {
            Require(layouts.Any(layout => layout.Kind == kind), $"No packet has kind {kind}.");
        }

        return new(file, layouts);
    }

    private static PacketLayout Packet(DefinitionFile file, PacketEntry packet)
    {
        Require(Enum.TryParse<PacketKind>(packet.Kind, out var kind), $"Packet kind '{packet.Kind}' is unknown.");
        Require(packet.Apid is >= 0 and < 2047, $"{packet.Kind}: apid {packet.Apid} does not fit 11 bits or is the idle one.");

        FieldEntry[] entries = [.. file.Header, .. packet.Fields.SelectMany(field => Repeated(packet, field)), .. file.Trailer];
        var names = new HashSet<string>(StringComparer.Ordinal);
        var fields = new FieldLayout[entries.Length];
        var expectedAt = 0;
        for (var n = 0; n < entries.Length; n++)
        {
            var entry = entries[n];
            var where = $"{packet.Kind}.{entry.Name}";
            Require(names.Add(entry.Name), $"{where}: the name stands twice.");
            Require(entry.Bits is >= 1 and <= WidestFieldBits, $"{where}: {entry.Bits} bits; 1 to {WidestFieldBits} are possible.");
            Require(entry.At >= expectedAt, $"{where}: begins at bit {entry.At}, which overlaps the field before (it ends at {expectedAt}).");
            Require(entry.At == expectedAt, $"{where}: begins at bit {entry.At}, but bits from {expectedAt} belong to no field.");
            expectedAt = entry.At + entry.Bits;
            Require(expectedAt <= file.FrameOctets * 8, $"{where}: ends at bit {expectedAt}, beyond the frame's {file.FrameOctets * 8}.");
            fields[n] = Field(file, packet, entry, n, where);
        }

        Require(expectedAt == file.FrameOctets * 8, $"{packet.Kind}: ends at bit {expectedAt}; the frame has {file.FrameOctets * 8}.");
        Require(fields[^1] is { Kind: FieldKind.Crc, Bits: CrcBits }, $"{packet.Kind}: the frame does not end with a 16-bit crc.");
        return new(kind, packet, fields);
    }

    private static IEnumerable<FieldEntry> Repeated(PacketEntry packet, FieldEntry entry)
    {
        if (entry.Count is not { } count)
        {
            return [entry];
        }

        Require(count is >= 2 and <= MostRepeated, $"{packet.Kind}.{entry.Name}: count is {count}; 2 to {MostRepeated} are possible.");
        return Enumerable.Range(0, count).Select(n => entry with { Name = $"{entry.Name}_{n + 1}", At = entry.At + (n * entry.Bits), RepeatOf = entry.Name });
    }

    private static FieldLayout Field(DefinitionFile file, PacketEntry packet, FieldEntry entry, int index, string where)
    {
        Require(Enum.TryParse<FieldKind>(entry.Type, ignoreCase: true, out var kind) && !int.TryParse(entry.Type, out _), $"{where}: type '{entry.Type}' is unknown.");
        Require(entry.Divisor != 0 && entry.Scale != 0, $"{where}: scale and divisor must not be 0.");
        Require(entry.Min is null || entry.Max is null || entry.Min <= entry.Max, $"{where}: min is above max.");
        Require(kind is not FieldKind.Boolean || entry.Bits == 1, $"{where}: a boolean has one bit.");
        Require(kind is not FieldKind.Seconds || entry.Bits == 32, $"{where}: seconds have 32 bits.");
        Require(kind is not FieldKind.Time || entry.Bits == 56, $"{where}: a time has 56 bits.");

        TableEntry? table = null;
        if (kind is FieldKind.Enum)
        {
            Require(entry.Table is not null && file.Tables.TryGetValue(entry.Table, out table), $"{where}: table '{entry.Table}' is unknown.");
            Require(entry.Bits <= WidestCodeBits, $"{where}: a code has at most {WidestCodeBits} bits.");
            Require(table!.Entries.All(code => code.Code >= 0 && code.Code < 1 << entry.Bits), $"{where}: a code of table '{entry.Table}' does not fit {entry.Bits} bits.");
        }

        var expected = kind switch
        {
            FieldKind.Padding => 0,
            FieldKind.Fixed => FixedValue(file, packet, entry, where),
            _ => (long?)null,
        };
        return new(entry, kind, index, file.FrameOctets, expected, table);
    }

    private static long FixedValue(DefinitionFile file, PacketEntry packet, FieldEntry entry, string where)
    {
        long value = entry.Value switch
        {
            "spacecraft" => file.Spacecraft.Id,
            "apid" => packet.Apid,
            "length" => file.PacketOctets - Ccsds.SpacePacketHeader.Octets - 1,
            _ => long.TryParse(entry.Value, out var number) ? number : throw new DefinitionException($"{where}: value '{entry.Value}' is unknown."),
        };
        Require(value >= 0 && value < 1L << entry.Bits, $"{where}: value {value} does not fit {entry.Bits} bits.");
        return value;
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
        {
            throw new DefinitionException(otherwise);
        }
    }
}
