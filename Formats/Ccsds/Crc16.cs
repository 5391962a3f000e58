namespace Svom.Ccsds;

/// <summary>
/// CRC-16/CCITT-FALSE: polynomial 0x1021, start 0xFFFF, no reflection, no final XOR. Over "123456789" it is 0x29B1; over data
/// followed by their own CRC (big-endian) it is 0. Source: CCSDS packet error control.
/// </summary>
public static class Crc16
{
    private const ushort Polynomial = 0x1021;
    private const ushort Start = 0xFFFF;
    private const int Stride = 8;

    // Tables[k * 256 + b] is the remainder of octet b followed by k zero octets: eight octets cost eight independent look-ups
    // instead of a chain of eight.
    private static readonly ushort[] Tables = MakeTables();

    /// <summary>The CRC of some octets.</summary>
    public static ushort Compute(ReadOnlySpan<byte> octets) => Continue(Start, octets);

    /// <summary>Goes on from an earlier CRC.</summary>
    public static ushort Continue(ushort crc, ReadOnlySpan<byte> octets)
    {
        var tables = Tables;
        while (octets.Length >= Stride)
        {
            crc = (ushort)(
                tables[(7 * 256) + (octets[0] ^ (crc >> 8))] ^ tables[(6 * 256) + (octets[1] ^ (crc & 0xFF))] ^
                tables[(5 * 256) + octets[2]] ^ tables[(4 * 256) + octets[3]] ^
                tables[(3 * 256) + octets[4]] ^ tables[(2 * 256) + octets[5]] ^
                tables[256 + octets[6]] ^ tables[octets[7]]);
            octets = octets[Stride..];
        }

        foreach (var octet in octets)
        {
            crc = (ushort)((crc << 8) ^ tables[(crc >> 8) ^ octet]);
        }

        return crc;
    }

    private static ushort[] MakeTables()
    {
        var tables = new ushort[Stride * 256];
        for (var octet = 0; octet < 256; octet++)
        {
            var remainder = octet << 8;
            for (var bit = 0; bit < 8; bit++)
            {
                remainder = (remainder & 0x8000) != 0 ? (remainder << 1) ^ Polynomial : remainder << 1;
            }

            tables[octet] = (ushort)remainder;
        }

        for (var at = 256; at < tables.Length; at++)
        {
            var shorter = tables[at - 256];
            tables[at] = (ushort)((shorter << 8) ^ tables[shorter >> 8]);
        }

        return tables;
    }
}
