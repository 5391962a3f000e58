using CsCheck;
using Svom.Support;

namespace Svom.Ccsds;

public sealed class SpacePacketWalkerTests
{
    private const int Apid = 1282;
    private static readonly WalkRules WithCrc = new(new HashSet<int> { Apid }, 9, 300, EndsWithCrc: true);
    private static readonly WalkRules WithoutCrc = new(new HashSet<int> { Apid }, 9, 300);

    [Fact]
    public void The_flight_data_of_cygnss_are_101_packets_of_7_applications_with_9_gaps()
    {
        var packets = Packets("cygnss-f7-first101.tlm", new(new HashSet<int> { 384, 386, 391, 392, 393, 394, 1313 }, 76, 1680));

        Assert.Equal(101, packets.Count);
        Assert.Equal(7, packets.Select(static packet => packet.Header!.Value.Apid).Distinct().Count());
        Assert.Equal(76, packets.Min(static packet => packet.Length));
        Assert.Equal(1680, packets.Max(static packet => packet.Length));
        Assert.Equal((9, 81), Gaps(packets));
    }

    [Theory]
    [InlineData("europa-apid01216.tlm", 1216, 944, 164, true)]
    [InlineData("europa-apid01217.tlm", 1217, 4, 32, true)]
    [InlineData("sim-apid001.tlm", 1, 1448, 51, false)]
    public void A_stream_of_one_application_is_walked_whole(string file, int apid, int count, int octets, bool crc)
    {
        var packets = Packets(file, new(new HashSet<int> { apid }, EndsWithCrc: crc));

        Assert.Equal(count, packets.Count);
        Assert.All(packets, packet => Assert.Equal(octets, packet.Length));
        Assert.Equal((0, 0), Gaps(packets));
    }

    [Fact]
    public void A_flipped_bit_in_a_flight_packet_costs_that_packet_alone()
    {
        var stream = File.ReadAllBytes(Samples.Require("ccsds", "europa-apid01216.tlm"));
        var rules = new WalkRules(new HashSet<int> { 1216 }, EndsWithCrc: true);
        Gen.Int[0, (stream.Length * 8) - 1].Sample(
            bit =>
            {
                var broken = (byte[])stream.Clone();
                broken[bit / 8] ^= (byte)(1 << (bit % 8));
                return SpacePacketWalker.Walk(broken, rules).Count(static piece => piece.Header is not null) == 943;
            },
            iter: 60);
    }

    [Fact]
    public void Soup_never_throws_and_is_covered_without_a_hole() =>
        Gen.Select(Gen.Byte.Array[0, 2000], Gen.OneOf(WithCrc, WithoutCrc, new WalkRules())).Sample(static (soup, rules) =>
        {
            var pieces = SpacePacketWalker.Walk(soup, rules);
            var at = 0;
            foreach (var piece in pieces)
            {
                Assert.Equal(at, piece.Offset);
                at += piece.Length;
            }

            return at == soup.Length;
        });

    [Fact]
    public void Garbage_between_packets_never_costs_a_neighbour_that_has_its_crc() =>
        Gen.Select(Gen.Int[1, 60].Array[1, 12], Gen.Byte.Array[0, 80].Array[13], Gen.Byte[0, 255]).Sample(static (sizes, garbage, fill) =>
            Found(sizes, garbage, fill, WithCrc));

    [Fact]
    public void Garbage_that_names_no_known_application_never_costs_a_neighbour_without_crc() =>
        Gen.Select(Gen.Int[1, 60].Array[1, 12], Gen.Byte[0xE0, 0xFF].Array[0, 80].Array[13], Gen.Byte[0x30, 0xFF]).Sample(static (sizes, garbage, fill) =>
            Found(sizes, garbage, fill, WithoutCrc));

    [Fact]
    public void A_length_that_lies_does_not_swallow_the_packets_after_it()
    {
        byte[] stream = [.. Packet(20, 0, 0xAA), .. Packet(20, 1, 0xAA), .. Packet(20, 2, 0xAA), .. Packet(20, 3, 0xAA)];
        stream[5] = 61; // The first packet now claims to reach into the third.

        var found = SpacePacketWalker.Walk(stream, WithoutCrc).Where(static piece => piece.Header is not null).ToList();

        Assert.Equal([1, 2, 3], found.Select(static piece => piece.Header!.Value.SequenceCount));
    }

    private static bool Found(int[] sizes, byte[][] garbage, byte fill, WalkRules rules)
    {
        var stream = new List<byte>(garbage[0]);
        for (var n = 0; n < sizes.Length; n++)
        {
            stream.AddRange(Packet(sizes[n], n, fill));
            stream.AddRange(garbage[n + 1]);
        }

        var counts = SpacePacketWalker.Walk(stream.ToArray(), rules).Where(static piece => piece.Header is not null)
            .Select(static piece => piece.Header!.Value.SequenceCount);
        return counts.SequenceEqual(Enumerable.Range(0, sizes.Length));
    }

    private static byte[] Packet(int payload, int count, byte fill)
    {
        var octets = new byte[6 + payload + 2];
        Array.Fill(octets, fill);
        new SpacePacketHeader(false, true, Apid, SpacePacketHeader.Alone, count, payload + 2).Write(octets);
        var crc = Crc16.Compute(octets.AsSpan(..^2));
        (octets[^2], octets[^1]) = ((byte)(crc >> 8), (byte)crc);
        return octets;
    }

    private static List<StreamPiece> Packets(string file, WalkRules rules)
    {
        var pieces = SpacePacketWalker.Walk(File.ReadAllBytes(Samples.Require("ccsds", file)), rules);
        Assert.All(pieces, static piece => Assert.NotNull(piece.Header));
        return pieces;
    }

    private static (int Gaps, int Missing) Gaps(List<StreamPiece> packets)
    {
        var missing = packets.GroupBy(static packet => packet.Header!.Value.Apid)
            .SelectMany(static group => group.Zip(group.Skip(1), static (one, next) =>
                SequenceCounts.Missing(one.Header!.Value.SequenceCount, next.Header!.Value.SequenceCount)))
            .Where(static count => count > 0).ToList();
        return (missing.Count, missing.Sum());
    }
}
