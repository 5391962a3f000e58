using System.Text.Json;
using System.Text.Json.Nodes;
using Svom.Packets;
using Svom.Support.Hostile;

namespace Svom.Hostile;

/// <summary>The mutators: what they make can be made again, reaches every check, and is wrong in many ways but not in all at once.</summary>
public sealed class HostileInputTests
{
    private const int Many = 4_000;
    private const long Seed = 7;
    private static readonly JsonNode Example = JsonNode.Parse("""{ "reason": "afterglow found", "class": "grb", "notices": ["grm-trigger"] }""")!;
    private static readonly BodyDoor[] Doors =
    [
        new("classifyBurst", "POST", "/api/v1/bursts/{id}/classify", Example),
        new("deliverReceptions", "POST", "/api/v1/packets", JsonNode.Parse("""[{ "station": "KOU", "receivedAt": "2026-03-01T04:13:43.000Z", "octets": "CAHAAAAA" }]""")),
    ];

    private static readonly HostileMqtt Mqtt = new(new Dictionary<MqttSpeaker, (string, string)> { [MqttSpeaker.Station] = ("KOU", "token") });

    [Fact]
    public void Seed_and_index_alone_make_an_input_in_whatever_order_they_are_made()
    {
        foreach (var make in (Func<long, long, byte[]>[])
        [
            static (seed, index) => HostileFrames.Make(seed, index).Octets,
            static (seed, index) => new HostileRequests(Doors, ["tb26042101"], [], "token").Make(seed, index).Octets,
            static (seed, index) => HostileCalls.Make(seed, index).Body,
            static (seed, index) => Mqtt.Make(seed, index).Octets,
        ])
        {
            var first = Enumerable.Range(0, 300).Select(index => make(Seed, index)).ToList();
            var again = Enumerable.Range(0, 300).Reverse().Select(index => make(Seed, index)).Reverse().ToList();
            Assert.Equal(first, again);
            Assert.NotEqual(first, Enumerable.Range(0, 300).Select(index => make(Seed + 1, index)).ToList());
            Assert.True(first.Select(Convert.ToBase64String).Distinct(StringComparer.Ordinal).Count() > 250, "Inputs repeat.");
        }
    }

    [Fact]
    public void Whole_frames_of_every_kind_pass_every_check()
    {
        var packets = Enumerable.Range(0, Many).Select(static index => PacketDefinitions.Current.Decode(HostileFrames.Valid(new(Seed, HostileKind.Frames, index), HostileFrames.Start))).ToList();
        Assert.Equal(Enum.GetValues<PacketKind>(), packets.Select(static packet => packet.Kind).Distinct().Order());
        Assert.Equal([], packets.Where(static packet => !packet.AllInRange).Select(static packet => $"{packet.Kind} {packet.Layout.Fields.FirstOrDefault(field => !field.InRange(packet.Raw(field)))?.Name}").Distinct());
    }

    [Fact]
    public void Hostile_frames_come_to_every_verdict_and_nothing_throws()
    {
        Assert.Equal(
            Enum.GetValues<FrameVerdict>(), Enumerable.Range(0, Many).Select(static index => FrameCheck.Inspect(HostileFrames.Make(Seed, index).Octets).Verdict).Distinct().Order());
        var tally = new AttackTally(HostileKind.Frames, Seed);
        FrameAttack.Pure(Seed, Many, tally);
        Assert.Empty(tally.Faults);
        Assert.Contains("recovered by the vote alone", tally.Answers, StringComparison.Ordinal);
    }

    [Fact]
    public void Hostile_bodies_are_JSON_often_enough_to_be_looked_at_and_often_enough_not()
    {
        var readable = Enumerable.Range(0, Many).Count(static index => IsJson(HostileJson.Body(Example, null, new(Seed, HostileKind.Json, index), 60_000)));
        Assert.InRange(readable, Many / 4, Many * 3 / 4);
    }

    [Fact]
    public void Hostile_messages_are_readable_often_enough_to_be_looked_at_and_often_enough_not()
    {
        var readable = Enumerable.Range(0, Many).Count(static index => IsMessage(HostileProtobuf.Message(WireTypes.Reception, new(Seed, HostileKind.Grpc, index))));
        Assert.InRange(readable, Many / 10, Many * 9 / 10);
        Assert.True(WireTypes.Methods.Count >= 27, "Those of five services, health and reflection: a new one is attacked by itself.");
    }

    [Fact]
    public void A_packet_of_MQTT_is_whole_when_its_lengths_say_so()
    {
        var login = Mqtt.Login(5, MqttSpeaker.Station, "client");
        Assert.True(HostileMqtt.IsWhole(login));
        Assert.True(HostileMqtt.IsWhole([.. login, 0xC0, 0]));
        Assert.False(HostileMqtt.IsWhole(login.AsSpan(0, login.Length - 1)));
        Assert.False(HostileMqtt.IsWhole([0x30]));
        Assert.False(HostileMqtt.IsWhole([0x30, 0xFF, 0xFF, 0xFF, 0xFF, 0x01]));
        Assert.InRange(Enumerable.Range(0, Many).Count(static index => HostileMqtt.IsWhole(Mqtt.Make(Seed, index).Octets)), Many / 2, Many * 95 / 100);
    }

    private static bool IsJson(byte[] text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool IsMessage(byte[] octets)
    {
        try
        {
            WireTypes.Reception.Parser.ParseFrom(octets);
            return true;
        }
        catch (Google.Protobuf.InvalidProtocolBufferException)
        {
            return false;
        }
    }
}
