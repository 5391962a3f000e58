using System.Buffers.Binary;
using System.Text;
using CsCheck;
using Svom.Contracts.Gateway;
using Svom.Packets;

namespace Svom.Unit.Gateway;

public sealed class ReceptionReaderTests
{
    private const int Most = 50;

    private static readonly Gen<string> Names = Gen.Char["ABCxyz019-_."].Array[0, 20].Select(static rest => "K" + new string(rest));

    private static readonly Gen<Reception> Receptions = Gen.Select(
        Names, Gen.Long[ReceptionForm.Earliest.ToUnixTimeMilliseconds(), ReceptionForm.Latest.ToUnixTimeMilliseconds() - 1], Gen.Byte.Array[1, 120],
        Gen.Double[-150, 0].Nullable(), Gen.OneOf(Names.Select(static name => (string?)name), Gen.Const((string?)null)),
        static (station, at, octets, signal, session) => new Reception(station, DateTimeOffset.FromUnixTimeMilliseconds(at), octets, signal, session));

    [Fact] // Property, through the generated protobuf messages and a JSON writer that are no code of the door.
    public void Every_batch_reads_back_as_written_in_every_form() =>
        Receptions.List[0, 12].Sample(
            static batch =>
            {
                Same(batch, ReceptionBinary.Read(ReceptionBodies.Binary(batch), Most));
                Same(batch, ReceptionJson.ReadArray(ReceptionBodies.Array(batch), Most));
                Same(batch, ReceptionJson.ReadLines(ReceptionBodies.Lines(batch), Most));
            },
            iter: 300);

    [Fact]
    public void Octets_at_random_are_refused_whole_and_never_thrown_at() =>
        Gen.Byte.Array[0, 300].Sample(static soup => Forms(soup, AllOrNone), iter: 3000);

    [Fact] // Hurt batches look enough like batches to reach every branch.
    public void A_hurt_batch_is_refused_whole_or_read_whole() =>
        Gen.Select(Receptions.List[1, 6], Gen.Int[0, 10_000], Gen.Byte, Gen.Int[0, 3]).Sample(
            static (batch, at, octet, kind) =>
            {
                foreach (var body in new[] { ReceptionBodies.Binary(batch), ReceptionBodies.Array(batch), ReceptionBodies.Lines(batch) })
                {
                    Forms(Hurt(body, at % body.Length, octet, kind), AllOrNone);
                }
            },
            iter: 1000);

    [Fact] // Property: the binary form is what protobuf's own reader says it is.
    public void Every_cut_of_a_binary_batch_is_refused_at_the_element_that_was_cut()
    {
        Reception[] batch = [new("KOU", Platform.Time, new byte[100], -112.5, "drill"), new("HBK", Platform.Time, new byte[100])];
        var body = ReceptionBodies.Binary(batch);
        var first = ReceptionBodies.Binary(batch[..1]).Length;
        for (var length = 1; length < body.Length; length++)
        {
            if (length != first)
            {
                var read = ReceptionBinary.Read(body.AsSpan(0, length), Most);
                Assert.Equal(length < first ? 0 : 1, read.Fault?.Index);
                Assert.Empty(read.Receptions);
            }
        }
    }

    [Theory]
    [InlineData(0xFFFFFFFFu)]
    [InlineData(0x7FFFFFFFu)]
    [InlineData(0x80000000u)]
    [InlineData(5000u)]
    public void A_length_beyond_any_reception_is_refused(uint length)
    {
        var body = new byte[64];
        BinaryPrimitives.WriteUInt32BigEndian(body, length);
        Assert.Equal(0, ReceptionBinary.Read(body, Most).Fault?.Index);
    }

    [Theory]
    [InlineData("08FF", "station as a number")]
    [InlineData("0A034B4F551AFFFFFFFFFFFFFFFFFF01", "octets of 2^63")]
    [InlineData("FFFFFFFFFFFFFFFFFFFF01", "a varint of eleven octets")]
    [InlineData("0A034B4F551206 08808CBCC606 1A0101 3001", "a field that the message does not have")]
    [InlineData("0A034B4F55 1A0101", "no time")]
    [InlineData("0A034B4F55 1200 1A0101", "the time 1970")]
    [InlineData("0A034B4F55 120608808CBCC606", "no octets")]
    [InlineData("120608808CBCC606 1A0101", "no station")]
    [InlineData("0A034B4F55 120608808CBCC606 1A0101 2900 00000000 00F07F", "an infinite signal")]
    [InlineData("0A034B4F55 120608808CBCC606 1A0101 2A00", "a session without name")]
    public void A_protobuf_message_that_is_no_reception_is_refused(string hex, string why)
    {
        var message = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        byte[] body = [0, 0, 0, (byte)message.Length, .. message];
        Assert.True(ReceptionBinary.Read(body, Most).Fault?.Index == 0, why);
    }

    [Fact]
    public void A_plain_protobuf_message_is_taken()
    {
        var message = Convert.FromHexString("0A034B4F55120608808CBCC6061A0101");
        Assert.Null(ReceptionBinary.Read([0, 0, 0, (byte)message.Length, .. message], Most).Fault);
    }

    [Theory]
    [InlineData("""{"station":"KOU","receivedAt":"2026-03-01T04:13:43Z","octets":"AQ==","sigalDbm":1}""")]
    [InlineData("""{"station":"KOU","station":"KOU","receivedAt":"2026-03-01T04:13:43Z","octets":"AQ=="}""")]
    [InlineData("""{"receivedAt":"2026-03-01T04:13:43Z","octets":"AQ=="}""")]
    [InlineData("""{"station":"-KOU","receivedAt":"2026-03-01T04:13:43Z","octets":"AQ=="}""")]
    [InlineData("""{"station":null,"receivedAt":"2026-03-01T04:13:43Z","octets":"AQ=="}""")]
    [InlineData("""{"station":"KOU","receivedAt":"2026-03-01T04:13:43","octets":"AQ=="}""")]
    [InlineData("""{"station":"KOU","receivedAt":"1989-12-31T23:59:59Z","octets":"AQ=="}""")]
    [InlineData("""{"station":"KOU","receivedAt":"2100-01-01T00:00:00Z","octets":"AQ=="}""")]
    [InlineData("""{"station":"KOU","receivedAt":"2026-02-29T00:00:00Z","octets":"AQ=="}""")]
    [InlineData("""{"station":"KOU","receivedAt":1772338423,"octets":"AQ=="}""")]
    [InlineData("""{"station":"KOU","receivedAt":"2026-03-01T04:13:43Z","octets":""}""")]
    [InlineData("""{"station":"KOU","receivedAt":"2026-03-01T04:13:43Z","octets":"A"}""")]
    [InlineData("""{"station":"KOU","receivedAt":"2026-03-01T04:13:43Z","octets":[1]}""")]
    [InlineData("""{"station":"KOU","receivedAt":"2026-03-01T04:13:43Z","octets":"AQ==","signalDbm":1e999}""")]
    [InlineData("""{"station":"KOU","receivedAt":"2026-03-01T04:13:43Z","octets":"AQ==","signalDbm":"-1"}""")]
    [InlineData("""{"station":"KOU","receivedAt":"2026-03-01T04:13:43Z","octets":"AQ==","session":"a b"}""")]
    [InlineData("""{"station":"\ud800","receivedAt":"2026-03-01T04:13:43Z","octets":"AQ=="}""")]
    [InlineData("""{"station":"KOU","receivedAt":"2026-03-01T04:13:43Z","octets":"AQ=="} {}""")]
    [InlineData("""[[[[[[[[1]]]]]]]]""")]
    [InlineData("null")]
    public void A_json_element_that_is_no_reception_is_refused(string json)
    {
        var octets = Encoding.UTF8.GetBytes(json);
        Assert.Equal(0, ReceptionJson.ReadLines(octets, Most).Fault?.Index);
        Assert.NotNull(ReceptionJson.ReadArray([(byte)'[', .. octets, (byte)']'], Most).Fault);
    }

    [Fact]
    public void Escaped_text_null_options_and_a_byte_order_mark_are_taken()
    {
        var json = "\uFEFF[{\"st\\u0061tion\":\"K\\u004FU\",\"receivedAt\":\"2026-03-01T05:13:43.1+01:00\",\"octets\":\"A\\u0051==\",\"signalDbm\":null,\"session\":null}]";
        var reception = Assert.Single(ReceptionJson.ReadArray(Encoding.UTF8.GetBytes(json), Most).Receptions);
        Assert.Equal(("KOU", new DateTimeOffset(2026, 3, 1, 4, 13, 43, 100, TimeSpan.Zero)), (reception.Station, reception.ReceivedAt));
        Assert.Equal([1], reception.Octets.ToArray());
    }

    [Theory]
    [InlineData(4096, true)]
    [InlineData(4097, false)]
    [InlineData(40_000, false)]
    public void The_longest_frame_is_the_same_in_every_form(int length, bool taken)
    {
        Reception[] batch = [new("KOU", Platform.Time, new byte[length])];
        Assert.Equal(taken, ReceptionBinary.Read(ReceptionBodies.Binary(batch), Most).Fault is null);
        Assert.Equal(taken, ReceptionJson.ReadArray(ReceptionBodies.Array(batch), Most).Fault is null);
        Assert.Equal(taken, ReceptionJson.ReadLines(ReceptionBodies.Lines(batch), Most).Fault is null);
    }

    [Fact]
    public void One_reception_above_the_limit_is_too_many_in_every_form()
    {
        var batch = Enumerable.Repeat(new Reception("KOU", Platform.Time, new byte[3]), Most + 1).ToArray();
        Assert.True(ReceptionBinary.Read(ReceptionBodies.Binary(batch), Most).Fault?.TooMany);
        Assert.True(ReceptionJson.ReadArray(ReceptionBodies.Array(batch), Most).Fault?.TooMany);
        Assert.True(ReceptionJson.ReadLines(ReceptionBodies.Lines(batch), Most).Fault?.TooMany);
    }

    private static void Same(List<Reception> sent, ReceptionsRead read)
    {
        Assert.Null(read.Fault);
        Assert.Equal(sent.Select(Facts), read.Receptions.Select(Facts));
    }

    private static string Facts(Reception reception) =>
        $"{reception.Station} {reception.ReceivedAt:O} {Convert.ToHexString(reception.Octets.Span)} {reception.SignalDbm:R} {reception.Session}";

    private static void Forms(byte[] body, Action<ReceptionsRead> check)
    {
        check(ReceptionBinary.Read(body, Most));
        check(ReceptionJson.ReadArray(body, Most));
        check(ReceptionJson.ReadLines(body, Most));
    }

    private static void AllOrNone(ReceptionsRead read)
    {
        Assert.True(read.Fault is null || (read.Receptions.IsEmpty && read.Fault.Index is >= 0 and <= Most && read.Fault.Reason.Length > 0));
        Assert.All(read.Receptions, static reception => Assert.True(
            FeedId.IsName(reception.Station) && (reception.Session is null || FeedId.IsName(reception.Session))
            && reception.Octets.Length is > 0 and <= Reception.MaxOctets && ReceptionForm.Plausible(reception.ReceivedAt)
            && reception.ReceivedAt.Ticks % TimeSpan.TicksPerMillisecond == 0 && double.IsFinite(reception.SignalDbm ?? 0)));
    }

    private static byte[] Hurt(byte[] body, int at, byte octet, int kind) => kind switch
    {
        0 => [.. body[..at], octet, .. body[(at + 1)..]],
        1 => [.. body[..at], octet, .. body[at..]],
        2 => [.. body[..at], .. body[(at + 1)..]],
        _ => body[..at],
    };
}
