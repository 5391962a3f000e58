using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using Svom.Simulation;

namespace Svom.Support.Hostile;

/// <summary>Who speaks over a connection.</summary>
internal enum MqttSpeaker
{
    Anonymous,
    Station,
    Telescope,
    Operator,
}

/// <summary>One MQTT packet, mutated or whole.</summary>
/// <param name="Version">4 is 3.1.1, 5 is 5.</param>
/// <param name="Opens">True when it is the first on its connection: a CONNECT that is not right.</param>
internal sealed record HostilePacket(byte Version, MqttSpeaker Speaker, bool Opens, byte[] Octets);

/// <summary>
/// MQTT control packets of both versions, mutated in their octets, flags, lengths, properties and payloads. Pure: seed, index and tokens alone make the octets. Source of the forms: MQTT
/// 3.1.1 and 5.0, chapter 3.
/// </summary>
/// <param name="tokens">Of station, telescope and operator.</param>
internal sealed class HostileMqtt(IReadOnlyDictionary<MqttSpeaker, (string Name, string Token)> tokens)
{
    /// <summary>So many packets after another are of one speaker and version, and may share a connection.</summary>
    public const int Block = 32;

    private const int LongestPacket = 80_000; // Above the longest that is taken, 64 KiB.
    private const int Connect = 1;
    private const int Publish = 3;
    private const int Subscribe = 8;
    private const int Unsubscribe = 10;
    private static readonly string[] Topics =
    [
        "svom/v1/packets/KOU", "svom/v1/packets/KOU", "svom/v1/test/packets/KOU", "svom/v1/packets/NCL1", "svom/v1/packets", "svom/v1/packets/KOU/x", "svom/v1/telescopes/colibri/status",
        "svom/v1/telescopes/colibri/receipt", "svom/v1/telescopes/colibri/intent", "svom/v1/test/telescopes/colibri/intent", "svom/v1/telescopes/colibri/result", "svom/v1/telescopes/other/status",
        "svom/v1/alerts/grm/x", "svom/v1/system/status", "$SYS/x", "", "#", "+", "a/+/b", "/", "svom/v1/telescopes/colibri/\u0000", new('t', 65_000),
    ];

    private static readonly string[] Filters = ["#", "svom/v1/#", "svom/v1/alerts/#", "svom/v1/+/+/state", "+", "$share/g/svom/#", "svom/v1/packets/#", "a/#/b", "#a", "", "svom/v1/test/#", "\u0000", new('f', 9_000), "$SYS/#"];
    private static readonly string[] Said =
    [
        """{"state":"observing"}""", """{"envelopeId":"3f2504e0-4f89-41d3-9a0c-0305e82c3301","receivedAt":"2026-04-21T00:10:00.000Z"}""",
        """{"burst":"tb26042101","intent":"will-observe","reason":"clear sky","start":"2026-04-21T00:10:00.000Z"}""", """{"burst":"sb26042101","intent":"cannot"}""",
    ];

    public HostilePacket Make(long seed, long index)
    {
        var block = new Dice(seed, HostileKind.Mqtt, -1 - (index / Block));
        var (version, speaker) = (block.One((byte)4, (byte)5), block.One(MqttSpeaker.Anonymous, MqttSpeaker.Station, MqttSpeaker.Station, MqttSpeaker.Telescope, MqttSpeaker.Operator));
        var dice = new Dice(seed, HostileKind.Mqtt, index);
        if (dice.Once(12))
        {
            return new(version, speaker, true, Broken(Login(version, speaker, $"fuzz-{dice.Below(64)}", dice), dice));
        }

        var packet = dice.Below(16) switch
        {
            <= 6 => Publication(version, dice),
            7 or 8 => Packet(Subscribe, 2, version, dice, Number(dice), [Text(dice.One(Filters)), [(byte)(dice.Once(8) ? dice.Next() : (ulong)dice.Below(3))]]),
            9 => Packet(Unsubscribe, 2, version, dice, Number(dice), [Text(dice.One(Filters))]),
            10 => Packet(dice.One(4, 5, 6, 7), dice.Once(4) ? 2 : 0, 4, dice, Number(dice), [version == 5 ? [(byte)dice.Edge(8), 0] : []]),
            11 => Packet(12, 0, 4, dice, [], []),
            12 => Packet(14, 0, 4, dice, [], [version == 5 ? [(byte)dice.Edge(8), 0] : []]),
            13 => Packet(dice.Below(16), dice.Below(16), version, dice, Number(dice), [dice.Octets(dice.Below(40))]),
            14 => Packet(15, 0, 4, dice, [], [[(byte)dice.Edge(8)], Properties(dice)]),
            _ => dice.Octets(2 + dice.Below(60)),
        };
        return new(version, speaker, false, dice.Once(3) ? packet : Broken(packet, dice));
    }

    /// <summary>A CONNECT that is right: what lies behind it is what is to be looked at.</summary>
    public byte[] Login(byte version, MqttSpeaker speaker, string client, bool clean = true) =>
        Login(version, speaker, client, clean ? (byte)2 : (byte)0, version == 5 ? [0] : [], []);

    /// <summary>Whether a server that reads these octets is at the end of a packet when they are over, and of which length the first one says it is.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> octets)
    {
        for (var at = 0; at < octets.Length;)
        {
            var (length, digits) = (0, 0);
            byte octet;
            do
            {
                if (digits == 4 || at + 1 + digits >= octets.Length)
                {
                    return false;
                }

                octet = octets[at + 1 + digits];
                length |= (octet & 0x7F) << (7 * digits++);
            }
            while (octet >= 0x80);
            at += 1 + digits + length;
            if (at > octets.Length)
            {
                return false;
            }
        }

        return true;
    }

    private byte[] Login(byte version, MqttSpeaker speaker, string client, Dice dice)
    {
        byte[] will = dice.Once(4) ? [.. version == 5 ? Properties(dice) : [], .. Text(dice.One(Topics)), .. Text(dice.One(Said))] : [];
        var flags = (byte)((dice.Once(3) ? 0 : 2) | (will.Length > 0 ? 4 | (dice.Below(4) << 3) | (dice.Below(2) << 5) : 0));
        return Login(version, speaker, dice.Once(10) ? dice.One("", "svom-platform", new string('c', 257), "\u0000") : client, flags, version == 5 ? Properties(dice) : [], will);
    }

    private byte[] Login(byte version, MqttSpeaker speaker, string client, byte flags, byte[] properties, byte[] will)
    {
        var known = tokens.GetValueOrDefault(speaker);
        flags |= known.Name is null ? (byte)0 : (byte)0xC0;
        return Framed(Connect, 0, [0, 4, .. "MQTT"u8, version, flags, 0, 30, .. properties, .. Text(client), .. will, .. known.Name is null ? [] : (byte[])[.. Text(known.Name), .. Text(known.Token)]]);
    }

    private static byte[] Publication(byte version, Dice dice)
    {
        var (quality, topic) = (dice.Once(20) ? 3 : dice.Below(3), dice.One(Topics));
        var flags = (quality << 1) | (dice.Once(12) ? 1 : 0) | (dice.Once(12) ? 8 : 0);
        return Packet(Publish, flags, version, dice, Text(topic), [quality > 0 ? Number(dice) : []], properties: version == 5, Payload(topic, dice));
    }

    private static byte[] Payload(string topic, Dice dice)
    {
        if (!topic.Contains("packets", StringComparison.Ordinal))
        {
            var said = Encoding.UTF8.GetBytes(dice.One(Said));
            return dice.Once(2) ? said : HostileJson.Body(System.Text.Json.Nodes.JsonNode.Parse(said), null, dice, 9_000);
        }

        var frame = HostileFrames.Make((long)(dice.Next() >> 1), dice.Below(1_000_000));
        var session = dice.Once(6) ? null : "fuzz-m";
        if (dice.Once(2))
        {
            var batch = new ReceptionBatch();
            for (var count = 1 + dice.Below(3); count > 0; count--)
            {
                batch.Add(dice.Once(20) ? "NCL1" : "KOU", frame.ReceivedAt.AddMilliseconds(count), frame.Octets, null, session);
            }

            return dice.Once(3) ? OctetMutation.Mutate(batch.Octets.Span, [], dice, LongestPacket) : batch.Octets.ToArray();
        }

        var body = new System.Text.Json.Nodes.JsonObject { ["station"] = "KOU", ["receivedAt"] = frame.ReceivedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", null), ["octets"] = Convert.ToBase64String(frame.Octets), ["session"] = session };
        return dice.Once(3) ? Encoding.UTF8.GetBytes(body.ToJsonString()) : HostileJson.Body(body, null, dice, LongestPacket);
    }

    private static byte[] Packet(int type, int flags, byte version, Dice dice, byte[] head, byte[][] rest, bool properties = false, byte[]? payload = null)
    {
        var body = new ArrayBufferWriter<byte>();
        body.Write(head);
        if (type == Publish)
        {
            body.Write(rest[0]);
        }

        if (properties || (version == 5 && type is Subscribe or Unsubscribe))
        {
            body.Write(dice.Once(2) ? [0] : Properties(dice));
        }

        foreach (var part in type == Publish ? [] : rest)
        {
            body.Write(part);
        }

        body.Write(payload);
        return Framed(type, flags, body.WrittenSpan);
    }

    private static byte[] Broken(byte[] packet, Dice dice)
    {
        if (dice.Once(6))
        {
            return OctetMutation.Mutate(packet, [], dice, LongestPacket); // The lengths included.
        }

        // The length stays true to what follows it: else most would be over before anything is looked at.
        var begin = 1;
        while (begin < packet.Length && begin < 5 && packet[begin] >= 0x80)
        {
            begin++;
        }

        var body = packet.AsSpan(Math.Min(packet.Length, begin + 1));
        return Framed(packet[0] >> 4, dice.Once(6) ? dice.Below(16) : packet[0] & 15, dice.Once(2) ? OctetMutation.MutateInPlace(body, dice) : OctetMutation.Mutate(body, [], dice, LongestPacket));
    }

    // Known ones with values at the edge, in any packet; now and then some that do not exist.
    private static byte[] Properties(Dice dice)
    {
        var octets = new List<byte>();
        for (var count = dice.Below(4); count > 0; count--)
        {
            var id = dice.Once(10) ? (byte)dice.Next() : dice.One<byte>(0x01, 0x02, 0x03, 0x08, 0x09, 0x0B, 0x11, 0x15, 0x16, 0x17, 0x19, 0x1F, 0x21, 0x22, 0x23, 0x24, 0x26, 0x27);
            octets.Add(id);
            octets.AddRange(id switch
            {
                0x01 or 0x17 or 0x19 or 0x24 => [(byte)dice.Edge(8)],
                0x21 or 0x22 or 0x23 => BitConverter.GetBytes((ushort)dice.Edge(16)),
                0x02 or 0x11 or 0x27 => BitConverter.GetBytes((uint)dice.Edge(32)),
                0x0B => [dice.One<byte>(0, 1, 0x7F, 0xFF), .. dice.Octets(dice.Below(4))],
                0x26 => [.. Text(dice.One("id", "svom-at", "tense", "")), .. Text(dice.One("x", "\u0000", "1"))],
                0x03 => Text(dice.One("application/json", "application/vnd.svom.receptions", "text/plain", "APPLICATION/JSON", "\u0000")),
                _ => Text(dice.One("", "a", "svom/v1/x", "#")),
            });
        }

        return octets.Count > 127 || dice.Once(20) ? [(byte)dice.Edge(8), .. octets] : [(byte)octets.Count, .. octets];
    }

    private static byte[] Number(Dice dice)
    {
        var octets = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(octets, dice.Once(6) ? (ushort)dice.Edge(16) : (ushort)(1 + dice.Below(60_000)));
        return octets;
    }

    private static byte[] Text(string text)
    {
        var octets = Encoding.UTF8.GetBytes(text);
        return [(byte)(octets.Length >> 8), (byte)octets.Length, .. octets];
    }

    private static byte[] Framed(int type, int flags, ReadOnlySpan<byte> body)
    {
        var octets = new List<byte> { (byte)((type << 4) | flags) };
        var rest = body.Length;
        do
        {
            octets.Add((byte)((rest & 0x7F) | (rest > 0x7F ? 0x80 : 0)));
            rest >>= 7;
        }
        while (rest > 0);
        return [.. octets, .. body];
    }
}
