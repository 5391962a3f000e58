using Svom.Packets;
using Svom.Sky;

namespace Svom.Simulation;

/// <summary>A packet before it has its sequence count.</summary>
/// <param name="SentAt">The packet time.</param>
/// <param name="OnAir">When stations hear it.</param>
/// <param name="Apid">Application: each counts its own packets.</param>
/// <param name="Fact">What of the scenario it tells; null for a recurrent packet.</param>
/// <param name="Write">Writes the frame for a sequence count and packet time.</param>
internal sealed record OutgoingPacket(DateTimeOffset SentAt, DateTimeOffset OnAir, int Apid, string? Fact, Func<int, DateTimeOffset, byte[]> Write)
{
    public byte[] Frame(int sequenceCount) => Write(sequenceCount, SentAt);
}

/// <summary>Turns the facts of a scenario into the packets that tell them.</summary>
internal static class FactPackets
{
    // Counts are chosen so that SNR = counts / sqrt(variance) is exact to four decimals.
    private const uint Variance = 100_000_000;
    private const double Root = 10_000;

    // What the platform's automatic criteria accept, and what waits for an expert.
    private const int CertainQuality = 255;
    private const int DoubtfulQuality = 128;

    /// <summary>All packets with facts, in the order in which the satellite sends them.</summary>
    public static IReadOnlyList<OutgoingPacket> Of(Scenario scenario)
    {
        var packets = new List<OutgoingPacket>();
        if (scenario.Grm is { } grm)
        {
            packets.Add(Packet(PacketKind.GrmTrigger, grm.Sending, "GRM trigger", Grm(scenario, grm).ToFrame));
        }

        if (scenario.Eclairs is { } eclairs)
        {
            // In the order in which they can be heard: with a late one as the first of the sequence no preliminary notice would come first.
            var counted = eclairs.Alerts.OrderBy(static alert => alert.Sending.OnAir).Select((alert, n) => (alert, n + (eclairs.Preliminary ? 0 : 1)));
            packets.AddRange(counted.Select(entry => Packet(
                PacketKind.EclairsAlert, entry.alert.Sending, entry.alert.SlewRequest ? "ECLAIRs alert with slew request" : "ECLAIRs alert",
                Alert(scenario, eclairs, entry.alert, entry.Item2).ToFrame)));
            if (eclairs.Slew is { } slew)
            {
                var sending = new Sending(slew.At, null, scenario.Attitude, scenario.Place);
                packets.Add(Packet(PacketKind.EclairsSlewStatus, sending, slew.Accepted ? "slew accepted" : "slew rejected", Slew(scenario, slew).ToFrame));
            }
        }

        packets.AddRange(scenario.Mxt.OrderBy(static fact => fact.Sending.SentAt).Select((fact, n) =>
            Packet(PacketKind.MxtPosition, fact.Sending, "MXT position", Mxt(scenario, fact, n).ToFrame)));
        return [.. packets.OrderBy(static packet => packet.SentAt)];
    }

    /// <summary>The recurrent message of a time, with a background that moves a little.</summary>
    public static OutgoingPacket Recurrent(Scenario scenario, DateTimeOffset at)
    {
        var wave = Math.Sin(at.ToUnixTimeSeconds() / 600.0);
        int[] background = [(int)(420 + (30 * wave)), (int)(890 + (60 * wave)), (int)(760 + (50 * wave)), (int)(510 + (35 * wave))];
        int[] counts = [.. background.Select((expected, band) => expected + (int)(Math.Sqrt(expected) * Math.Sin((at.ToUnixTimeMilliseconds() / 900.0) + band)))];
        var packet = new EclairsRecurrentPacket(
            0, at, EclairsRecurrentPacket.Observing, 6320, [.. counts], [.. background], 2.5 + wave, -20 + (0.5 * wave), 6.5, 8.0,
            new(scenario.Place, AttitudeQuaternion.FromAttitude(scenario.Attitude)));
        return new(at, at, PacketDefinitions.Current[PacketKind.EclairsRecurrent].Apid, null, packet.ToFrame);
    }

    private static OutgoingPacket Packet(PacketKind kind, Sending sending, string fact, Func<int, DateTimeOffset, byte[]> write) =>
        new(sending.SentAt, sending.OnAir, PacketDefinitions.Current[kind].Apid, fact, write);

    private static SatelliteState Satellite(Sending sending) => new(sending.Place, AttitudeQuaternion.FromAttitude(sending.Attitude));

    private static GrmTriggerPacket Grm(Scenario scenario, GrmFact fact)
    {
        var satellite = Satellite(fact.Sending);
        return new(
            ObservationIds.Grm(scenario), 0, fact.T0, fact.WindowStart, fact.TimescaleSeconds, fact.Band, Variance + (uint)Math.Round(fact.Snr * Root), Variance,
            fact.Detectors, fact.Position is { } position ? satellite.Attitude.ToInstrument(position) : null, satellite);
    }

    private static EclairsAlertPacket Alert(Scenario scenario, EclairsFact eclairs, AlertFact fact, int count)
    {
        var satellite = Satellite(fact.Sending);
        return new(
            ObservationIds.Eclairs(scenario), count, eclairs.T0, fact.WindowStart, fact.SlewRequest, satellite.Attitude.ToInstrument(fact.Position), fact.CatalogId,
            (uint)Math.Round(fact.Snr * Root), Variance, eclairs.Validation is Validation.Automatic ? CertainQuality : DoubtfulQuality,
            fact.Trigger, fact.TimescaleSeconds, fact.Band, satellite);
    }

    private static EclairsSlewStatusPacket Slew(Scenario scenario, SlewFact fact) => new(
        ObservationIds.Eclairs(scenario), fact.Accepted ? EclairsSlewStatusPacket.Accepted : EclairsSlewStatusPacket.Rejected, fact.At,
        fact.Attitude is { } attitude ? AttitudeQuaternion.FromAttitude(attitude) : null,
        new(scenario.Place, AttitudeQuaternion.FromAttitude(scenario.Attitude)));

    private static MxtPositionPacket Mxt(Scenario scenario, MxtFact fact, int count)
    {
        var pointing = AttitudeQuaternion.FromAttitude(
            scenario.Eclairs?.Slew?.Attitude ?? new(fact.Position.Ra, fact.Position.Dec, scenario.Attitude.Roll));
        return new(
            ObservationIds.Eclairs(scenario), count, 1, fact.Time, pointing.ToInstrument(fact.Position), pointing,
            (int)Math.Min(Math.Round(fact.Snr), MxtPositionPacket.SaturatedSnr), fact.StatisticalRadiusArcsec, fact.Flux, fact.WithinEclairsR90, fact.UseVtAttitude,
            Satellite(fact.Sending));
    }
}

/// <summary>
/// Observation IDs, from name and T0: the same scenario at the same time tells the same burst again, at another time another
/// one. GRM numbers its own sequence.
/// </summary>
internal static class ObservationIds
{
    public static uint Eclairs(Scenario scenario) => Hash($"eclairs {scenario.Name}", scenario.Eclairs?.T0 ?? (scenario.Mxt.Count > 0 ? scenario.Mxt[0].Time : MissionTime.Epoch));

    public static uint Grm(Scenario scenario) => Hash($"grm {scenario.Name}", scenario.Grm?.T0 ?? MissionTime.Epoch);

    // FNV-1a, 32 bits, and never 0, which stands for no sequence.
    private static uint Hash(string name, DateTimeOffset time)
    {
        var hash = 2166136261;
        foreach (var octet in System.Text.Encoding.UTF8.GetBytes($"{name} {time.Ticks}"))
        {
            hash = unchecked((hash ^ octet) * 16777619);
        }

        return Math.Max(hash, 1);
    }
}
