using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Svom.Support.Hostile;

/// <summary>One call: its method, the octets of its body, and what its headers say.</summary>
internal sealed record HostileCall(WireMethod Method, byte[] Body, string? Encoding, string ContentType, string? Timeout);

/// <summary>gRPC calls of every method, wrong in the message and in the framing around it. Pure.</summary>
internal static class HostileCalls
{
    private const int LongestBody = 100_000;
    private const int BombOctets = 17 * 1024 * 1024;
    private static readonly Lazy<byte[]> Bomb = new(static () => Frame(Packed(new byte[BombOctets]), compressed: true));
    private static readonly string[] ContentTypes = ["application/grpc+proto", "application/grpc+json", "application/grpc-web", "application/json", "application/grpc;x", "application/grpcfoo"];

    public static HostileCall Make(long seed, long index)
    {
        var dice = new Dice(seed, HostileKind.Grpc, index);
        var method = WireTypes.Methods[dice.Below(WireTypes.Methods.Count)];
        if (method.Watches && !dice.Once(4))
        {
            method = WireTypes.Methods[dice.Below(WireTypes.Methods.Count)]; // Each is held open for a moment.
        }

        if (dice.Once(500))
        {
            method = method with { Path = dice.One("/svom.v1.PacketService/Nothing", "/", "/svom.v1.Nothing/Get", method.Path + "/", method.Path.ToUpperInvariant()) };
        }

        var packed = dice.Once(20);
        var body = new List<byte>();
        for (var messages = method.Streams ? 1 + dice.Below(4) : dice.Once(20) ? 2 : 1; messages > 0; messages--)
        {
            var message = method.Input is null ? dice.Octets(dice.Below(40)) : HostileProtobuf.Message(method.Input, dice);
            body.AddRange(packed ? Frame(dice.Once(4) ? message : Packed(message), compressed: !dice.Once(6)) : Framed(message, dice));
        }

        var octets = packed && dice.Once(60) ? Bomb.Value : dice.Once(12) ? OctetMutation.Mutate([.. body], [], dice, LongestBody) : [.. body];
        return new(
            method, octets, packed ? dice.Once(10) ? dice.One("deflate", "br", "GZIP", "") : "gzip" : null, dice.Once(200) ? dice.One(ContentTypes) : "application/grpc",
            dice.Once(50) ? dice.One("1n", "1m", "100m", "99999999H", "-1S", "S", "1X", "", "0S") : null);
    }

    /// <summary>The call as it goes over a bare HTTP/2 connection: preface, settings, headers, data. To be mutated as a whole.</summary>
    public static byte[] AsConnection(HostileCall call, string token, Dice dice)
    {
        var octets = new List<byte>("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray());
        octets.AddRange(Http2(4, 0, 0, []));
        var headers = new List<byte>();
        foreach (var (name, value) in ((string, string)[])
        [
            (":method", "POST"), (":scheme", "http"), (":path", call.Method.Path), (":authority", "127.0.0.1"), ("content-type", call.ContentType), ("te", "trailers"), ("authorization", $"Bearer {token}"),
        ])
        {
            headers.Add(0); // Literal without indexing, new name. Source: RFC 7541, 6.2.2.
            headers.AddRange(Text(name));
            headers.AddRange(Text(value));
        }

        octets.AddRange(Http2(1, 4, 1, [.. headers]));
        octets.AddRange(Http2(0, 1, 1, [.. call.Body.Take(16_000)]));
        var whole = octets.ToArray();
        if (dice.Once(8))
        {
            return whole;
        }

        // The preface stays in most: without it nothing is looked at.
        var kept = dice.Once(20) ? 0 : 24;
        return [.. whole.AsSpan(0, kept), .. OctetMutation.Mutate(whole.AsSpan(kept), whole, dice, LongestBody)];
    }

    private static byte[] Framed(byte[] message, Dice dice)
    {
        if (!dice.Once(12))
        {
            return Frame(message, compressed: false);
        }

        var frame = Frame(message, compressed: false);
        switch (dice.Below(4))
        {
            case 0:
                BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), (uint)dice.Edge(32));
                return frame;
            case 1:
                frame[0] = (byte)dice.Edge(8);
                return frame;
            case 2:
                return frame[..dice.Below(frame.Length + 1)];
            default:
                return message;
        }
    }

    private static byte[] Frame(byte[] message, bool compressed)
    {
        var frame = new byte[5 + message.Length];
        frame[0] = compressed ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame, 5);
        return frame;
    }

    private static byte[] Http2(byte type, byte flags, int stream, byte[] payload)
    {
        var frame = new byte[9 + payload.Length];
        (frame[0], frame[1], frame[2], frame[3], frame[4]) = ((byte)(payload.Length >> 16), (byte)(payload.Length >> 8), (byte)payload.Length, type, flags);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame, 9);
        return frame;
    }

    // Of up to 126 octets the length is one; longer ones add what is left, in sevens. Source: RFC 7541, 5.1.
    private static IEnumerable<byte> Text(string text)
    {
        var octets = Encoding.ASCII.GetBytes(text);
        return octets.Length < 127 ? [(byte)octets.Length, .. octets] : [127, .. Sevens(octets.Length - 127), .. octets];

        static IEnumerable<byte> Sevens(int rest)
        {
            for (; rest > 127; rest >>= 7)
            {
                yield return (byte)(rest | 0x80);
            }

            yield return (byte)rest;
        }
    }

    private static byte[] Packed(byte[] message)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(message);
        }

        return packed.ToArray();
    }
}
