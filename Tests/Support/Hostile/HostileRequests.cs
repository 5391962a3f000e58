using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;

namespace Svom.Support.Hostile;

/// <summary>A door that takes a body, as the platform's own OpenAPI document says.</summary>
/// <param name="Example">A body that it takes; null for one that takes none.</param>
internal sealed record BodyDoor(string Operation, string Method, string Path, JsonNode? Example)
{
    private static readonly string[] WithBody = ["post", "put", "patch"];

    /// <summary>Every door of the document that changes something by a body.</summary>
    public static IReadOnlyList<BodyDoor> Of(JsonNode openApi) =>
    [
        .. from path in openApi["paths"]!.AsObject()
           from call in path.Value!.AsObject()
           where WithBody.Contains(call.Key)
           orderby path.Key, call.Key
           select new BodyDoor(
               call.Value!["operationId"]!.GetValue<string>(), call.Key.ToUpperInvariant(), path.Key, call.Value["requestBody"]?["content"]?["application/json"]?["example"]),
    ];
}

/// <summary>One request, as octets.</summary>
/// <param name="Ends">True when it is not whole or not HTTP: nothing can follow it on its connection.</param>
internal sealed record HostileRequest(string Operation, byte[] Octets, bool Ends);

/// <summary>Requests to every door that takes a body. The same seed, index, doors and known things make the same octets.</summary>
/// <param name="bursts">Ids of bursts that exist.</param>
/// <param name="alarms">Ids of alarms that exist.</param>
internal sealed class HostileRequests(IReadOnlyList<BodyDoor> doors, IReadOnlyList<string> bursts, IReadOnlyList<string> alarms, string token)
{
    private const int LongestBody = 200_000;
    private const int BombOctets = 17 * 1024 * 1024; // Above the largest batch that is taken.
    private static readonly Lazy<byte[]> Bomb = new(static () => Packed(new byte[BombOctets]));
    private static readonly string[] StrangeIds = ["x", "..", "%00", "%2e%2e%2f", "sb99999999", "tb00000000", "sb26042101%20", "%ff%fe", "sb260421011111111111", "silent.", ".", "%C0%80", new('a', 300)];
    private static readonly string[] Encodings = ["gzip", "gzip, gzip", "deflate", "br", "identity", "GZIP", "zstd", ""];
    private static readonly string[] Types =
    [
        "application/json", "application/json; charset=utf-8", "application/json; charset=utf-16", "text/plain", "application/x-ndjson", "application/vnd.svom.receptions", "", "application", "/", "application/grpc",
        "application/json; charset=\"", "multipart/form-data",
    ];

    private static readonly string[] Keys = ["fuzz-1", "fuzz-2", "k", " ", "\u007f", "a\tb", new('k', 128), new('k', 129)];
    private static readonly string[] Versions = ["\"1\"", "\"7\"", "*", "7", "\"\"", "\"-1\"", "\"99999999999999999999\"", "W/\"1\"", "\"1\", \"2\""];

    public HostileRequest Make(long seed, long index)
    {
        var dice = new Dice(seed, HostileKind.Json, index);
        var door = doors[dice.Once(3) ? doors.Count - 1 - dice.Below(doors.Count) : dice.Below(doors.Count)];
        if (dice.Once(4))
        {
            door = doors.First(static one => one.Path.EndsWith("/packets", StringComparison.Ordinal)); // It takes most forms.
        }

        var receptions = door.Path.EndsWith("/packets", StringComparison.Ordinal);
        var (type, body) = receptions ? Receptions(door, dice) : ("application/json", HostileJson.Body(door.Example, dice.One([.. doors]).Example, dice, LongestBody));
        var headers = new StringBuilder();
        if (dice.Once(40))
        {
            type = dice.One(Types);
        }

        if (dice.Once(receptions ? 5 : 60))
        {
            body = Encoded(body, dice, headers);
        }

        if (!receptions && dice.Once(3))
        {
            headers.Append(CultureInfo.InvariantCulture, $"Idempotency-Key: {(dice.Once(2) ? $"fuzz-{dice.Below(1_000)}" : dice.One(Keys))}\r\n");
        }

        if (!receptions && dice.Once(8))
        {
            headers.Append(CultureInfo.InvariantCulture, $"If-Match: {dice.One(Versions)}\r\n");
        }

        headers.Append(CultureInfo.InvariantCulture, $"Content-Type: {type}\r\n");
        return Framed(door, Path(door, dice), headers, body, dice);
    }

    private (string Type, byte[] Body) Receptions(BodyDoor door, Dice dice)
    {
        switch (dice.Below(4))
        {
            case 0:
                var example = door.Example!.AsArray()[0];
                return ("application/x-ndjson", [.. Enumerable.Range(0, 1 + dice.Below(4)).SelectMany(_ => (byte[])[.. HostileJson.Body(example, doors[0].Example, dice, LongestBody), (byte)'\n'])]);
            case 1:
                var batch = new List<byte>();
                Span<byte> length = stackalloc byte[4];
                for (var count = 1 + dice.Below(3); count > 0; count--)
                {
                    var reception = HostileProtobuf.Message(WireTypes.Reception, dice);
                    BinaryPrimitives.WriteUInt32BigEndian(length, dice.Once(20) ? (uint)dice.Edge(32) : (uint)reception.Length);
                    batch.AddRange(length);
                    batch.AddRange(reception);
                }

                return ("application/vnd.svom.receptions", dice.Once(3) ? OctetMutation.Mutate([.. batch], [], dice, LongestBody) : [.. batch]);
            default:
                return ("application/json", HostileJson.Body(door.Example, doors[0].Example, dice, LongestBody));
        }
    }

    private string Path(BodyDoor door, Dice dice)
    {
        var known = door.Path.Contains("/alarms/", StringComparison.Ordinal) ? alarms : bursts;
        var id = dice.Once(8) || known.Count == 0 ? dice.One(StrangeIds) : known[dice.Below(known.Count)];
        var path = door.Path.Replace("{id}", id, StringComparison.Ordinal);
        // Most acts are previews: an act is kept for ever, and a million of them are another matter than a million wrong ones.
        return door.Path.Contains("/bursts/", StringComparison.Ordinal) && !dice.Once(16) ? path + "?preview=true" : dice.Once(40) ? path + dice.One("?", "?a=b", "?preview=maybe", "?%00=1", "?preview=true&preview=true") : path;
    }

    private static byte[] Encoded(byte[] body, Dice dice, StringBuilder headers)
    {
        if (dice.Once(400))
        {
            headers.Append("Content-Encoding: gzip\r\n");
            return Bomb.Value;
        }

        headers.Append(CultureInfo.InvariantCulture, $"Content-Encoding: {(dice.Once(6) ? dice.One(Encodings) : "gzip")}\r\n");
        var packed = dice.Once(12) ? body : Packed(body);
        return dice.Below(4) switch
        {
            0 => packed,
            1 => packed[..dice.Below(packed.Length + 1)],
            2 => [.. packed, .. packed],
            _ => OctetMutation.Mutate(packed, body, dice, LongestBody),
        };
    }

    private HostileRequest Framed(BodyDoor door, string path, StringBuilder headers, byte[] body, Dice dice)
    {
        var form = dice.Below(200);
        var length = form switch
        {
            < 10 => "Transfer-Encoding: chunked",
            10 => string.Create(CultureInfo.InvariantCulture, $"Content-Length: {body.Length + 1 + dice.Below(100)}"),
            11 => "Content-Length: " + dice.One("-1", "99999999999999999999", "1e3", "", "0x10"),
            12 => "Transfer-Encoding: " + dice.One("gzip", "chunked, chunked", "identity"),
            _ => string.Create(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}"),
        };
        var head = Encoding.Latin1.GetBytes($"{door.Method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n{headers}{length}\r\n\r\n");
        return new(door.Operation, [.. head, .. form < 10 ? Chunked(body, dice, wrong: form == 0) : body], form is 0 or (>= 10 and <= 12) || path.Contains("%00", StringComparison.Ordinal));
    }

    private static byte[] Chunked(byte[] body, Dice dice, bool wrong)
    {
        var octets = new List<byte>();
        for (var at = 0; at < body.Length;)
        {
            var count = Math.Min(body.Length - at, 1 + dice.Below(4_096));
            octets.AddRange(Encoding.ASCII.GetBytes($"{(wrong ? count + dice.Below(3) : count):x}\r\n"));
            octets.AddRange(body.AsSpan(at, count));
            octets.AddRange("\r\n"u8);
            at += count;
        }

        octets.AddRange("0\r\n\r\n"u8);
        return [.. octets];
    }

    private static byte[] Packed(byte[] body)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(body);
        }

        return packed.ToArray();
    }
}
