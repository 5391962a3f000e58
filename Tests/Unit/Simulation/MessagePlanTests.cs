using Svom.Packets;
using Svom.Packets.Messages;

namespace Svom.Simulation;

/// <summary>What a scenario's light curves send: whole messages, one packet a turn, alerts first; orbit and attitude beside them.</summary>
public sealed class MessagePlanTests
{
    private static readonly Scenario Full = ScenarioReaderTests.Bundled("sb26042105");

    [Fact]
    public void Every_message_is_sent_whole_and_says_what_it_should()
    {
        var messages = Messages(Full).GroupBy(static packet => MessagePartHeader.Read(packet) is var header ? (header.Kind, header.Number) : default).ToDictionary(static parts => parts.Key, static parts => parts.ToList());
        Assert.Equal(
            [
                (PacketKind.EclairsLightCurveHigh, 0), (PacketKind.EclairsLightCurveLow, 0), (PacketKind.EclairsDescriptor, 0), (PacketKind.EclairsSubImage, 0), (PacketKind.GrmLightCurve, 0),
                (PacketKind.GrmLightCurve, 2), (PacketKind.GrmLightCurve, 3), (PacketKind.VtSourceList, 0), (PacketKind.VtSourceList, 1), (PacketKind.VtImage, 0),
            ],
            messages.Keys.Order());
        Assert.All(messages.Values, static parts => Assert.Equal(Enumerable.Range(1, MessagePartHeader.Read(parts[0]).Parts), parts.Select(static part => MessagePartHeader.Read(part).Part).Order()));
        Assert.All(messages.Values.SelectMany(static parts => parts), static part => Assert.Null(MessageChecks.Fault(part)));

        // The burst is in the curve: its bins after T0 stand above those long before.
        var curve = Assert.IsType<AssembledLightCurve>(AssembledMessage.Of(PacketKind.GrmLightCurve, messages[(PacketKind.GrmLightCurve, 0)].Select(static part => part.Payload.ToArray())));
        Assert.Equal((80, 0.5, "011", Full.Grm!.T0), (curve.Packet.Bins, curve.Packet.BinSeconds, curve.Packet.Detectors, curve.Packet.T0));
        Assert.All(curve.Counts, static band => Assert.True(band.Skip(20).Take(8).Average() > band.Take(12).Average() * 1.2));
        var image = Assert.IsType<AssembledSubImage>(AssembledMessage.Of(PacketKind.EclairsSubImage, messages[(PacketKind.EclairsSubImage, 0)].Select(static part => part.Payload.ToArray())));
        Assert.Equal(image.Rows[6][6], image.Rows.SelectMany(static row => row).Max());
    }

    [Fact]
    public void Without_light_curves_none_is_sent() => Assert.Empty(Messages(Full with { Curves = null }));

    [Fact]
    public void The_same_seed_gives_the_same_curves_and_another_seed_others()
    {
        Assert.Equal(Print(Full), Print(Full));
        Assert.NotEqual(Print(Full), Print(Full with { Curves = Full.Curves! with { Seed = 8 } }));
    }

    [Fact] // The air is narrow: one packet in 1.8 s, and a fact goes before any message.
    public void A_message_never_shares_its_turn_and_recurrent_packets_never_stop_for_long()
    {
        var packets = ScenarioPlan.PacketsOf(Full).OrderBy(static packet => packet.SentAt).ToList();
        var turns = packets.Where(static packet => packet.Fact is null).Select(static packet => packet.SentAt).ToList();
        Assert.All(turns.Zip(turns.Skip(1)), static pair => Assert.True(pair.Second - pair.First >= TimeSpan.FromSeconds(1.799)));
        var facts = packets.Where(static packet => packet.Fact is not null).Select(static packet => packet.SentAt).ToList();
        var messages = packets.Where(static packet => MessageKinds.Contains(PacketDefinitions.Current.Find(packet.Apid)!.Kind)).ToList();
        Assert.NotEmpty(messages);
        Assert.All(messages, message => Assert.DoesNotContain(facts, fact => fact >= message.SentAt && fact < message.SentAt.AddSeconds(1.8)));
        Assert.True(messages.Min(static message => message.SentAt) > facts.Min());
    }

    [Fact]
    public void Orbit_and_attitude_are_plausible_and_the_orbit_goes_through_the_scenarios_place()
    {
        var packets = Decoded(Full with { Curves = null });
        var orbits = packets.Where(static packet => packet.Kind is PacketKind.Orbit).Select(OrbitPacket.From).OrderBy(static orbit => orbit.At).ToList();
        Assert.All(orbits, static orbit => Assert.True(orbit.IsPlausible));
        var near = orbits.MinBy(static orbit => (orbit.At - Full.Grm!.T0).Duration())!.Position.ToGeodetic();
        Assert.Equal(Full.Place!.Value.Longitude, near.Longitude, 4.0);
        Assert.Equal(Full.Place.Value.Latitude, near.Latitude, 2.0);

        // The place a minute later is the place moved by the velocity: the two agree within the orbit's curve.
        Assert.All(orbits.Zip(orbits.Skip(1)).Where(static pair => pair.Second.At - pair.First.At < TimeSpan.FromSeconds(65)), static pair =>
        {
            var seconds = (pair.Second.At - pair.First.At).TotalSeconds;
            Assert.Equal(pair.First.Position.X + (seconds * (pair.First.Velocity.X + pair.Second.Velocity.X) / 2), pair.Second.Position.X, 3.0);
            Assert.Equal(pair.First.Position.Z + (seconds * (pair.First.Velocity.Z + pair.Second.Velocity.Z) / 2), pair.Second.Position.Z, 3.0);
        });
        Assert.Contains(packets.Where(static packet => packet.Kind is PacketKind.Attitude).Select(AttitudePacket.From), static attitude => attitude.Mode == AttitudePacket.Slewing);
    }

    private static List<DecodedPacket> Messages(Scenario scenario) => [.. Decoded(scenario).Where(static packet => MessageKinds.Contains(packet.Kind))];

    private static List<DecodedPacket> Decoded(Scenario scenario) => [.. ScenarioPlan.Make(scenario, new()).Events.OfType<PlannedReception>()
        .DistinctBy(static reception => Convert.ToHexString(reception.Octets.Span)).Select(static reception => PacketDefinitions.Current.Decode(reception.Octets.Span))];

    private static List<string> Print(Scenario scenario) => [.. Messages(scenario).Select(static packet => Convert.ToHexString(packet.Payload)).Order(StringComparer.Ordinal)];
}
