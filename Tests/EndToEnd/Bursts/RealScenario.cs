using System.Globalization;
using System.Text.Json;
using Svom.Bursts;
using Svom.Simulation;
using Svom.Support;

namespace Svom.EndToEnd.Bursts;

/// <summary>The facts of a past burst as a scenario: written as JSON and read as any scenario is.</summary>
internal static class RealScenario
{
    private static readonly TimeSpan OnTheAir = TimeSpan.FromSeconds(1);

    public static Scenario Of(RealBurst burst) => ScenarioReader.Read(JsonSerializer.SerializeToUtf8Bytes(Facts(burst)));

    private static Dictionary<string, object?> Facts(RealBurst burst)
    {
        var facts = new Dictionary<string, object?>(StringComparer.Ordinal) { ["name"] = burst.Name };
        var heard = burst.Packets.OrderBy(static packet => packet.Heard).ToList();
        var alerts = heard.Where(static packet => packet.Evidence is EclairsAlert).ToList();
        foreach (var (at, evidence) in heard)
        {
            if (evidence is GrmTrigger grm)
            {
                facts["grm"] = Grm(grm, at - OnTheAir);
            }
        }

        if (alerts is [{ Evidence: EclairsAlert first }, ..])
        {
            facts["eclairs"] = new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["t0"] = Text(first.SequenceT0),
                ["preliminary"] = first.MessageCount == 0,
                ["alerts"] = alerts.Select(static packet => Alert((EclairsAlert)packet.Evidence, packet.Heard)).ToList(),
                ["validated_at"] = burst.Acts.FirstOrDefault(static act => act.Kind == BurstActKind.Validate) is { At: { } at } ? Text(at) : null,
                ["slew"] = heard.Select(static packet => packet.Evidence is SlewAnswer slew ? Slew(slew, packet.Heard - OnTheAir) : null).FirstOrDefault(static slew => slew is not null),
            }.Where(static fact => fact.Value is not null || fact.Key == "validated_at").ToDictionary(StringComparer.Ordinal);
        }

        if (heard.Any(static packet => packet.Evidence is MxtPosition))
        {
            facts["mxt"] = heard.Where(static packet => packet.Evidence is MxtPosition).Select(static packet => Mxt((MxtPosition)packet.Evidence, packet.Heard - OnTheAir)).ToList();
        }

        if (burst.Acts.FirstOrDefault(static act => act.Kind == BurstActKind.Retract) is { At: { } withdrawn } retract)
        {
            facts["retract"] = new Dictionary<string, object?>(StringComparer.Ordinal) { ["at"] = Text(withdrawn), ["reason"] = "as it was", ["notices"] = retract.Notices };
        }

        return facts;
    }

    private static Dictionary<string, object?> Grm(GrmTrigger grm, DateTimeOffset sent)
    {
        var fact = Detection(grm.WindowStart, grm.TimescaleSeconds, grm.EnergyLowKev, grm.EnergyHighKev, grm.Snr, grm.Attitude, grm.Orbit, sent);
        fact["t0"] = Text(grm.T0);
        fact["detectors"] = grm.Detectors;
        if (grm.Position is { } position)
        {
            (fact["ra"], fact["dec"]) = (position.Ra, position.Dec);
        }

        return fact;
    }

    private static Dictionary<string, object?> Alert(EclairsAlert alert, DateTimeOffset heard)
    {
        var fact = Detection(alert.WindowStart, alert.TimescaleSeconds, alert.EnergyLowKev, alert.EnergyHighKev, alert.Snr, alert.Attitude, alert.Orbit, alert.PacketTime);
        (fact["ra"], fact["dec"]) = (alert.Ra, alert.Dec);
        (fact["trigger"], fact["catalog_id"], fact["slew_request"], fact["heard_at"]) = (alert.Trigger.ToString(), alert.CatalogNumber, alert.SlewRequest, Text(heard));
        return fact;
    }

    private static Dictionary<string, object?> Slew(SlewAnswer slew, DateTimeOffset at) =>
        new(StringComparer.Ordinal) { ["status"] = slew.Accepted ? "accepted" : "rejected", ["at"] = Text(at) };

    private static Dictionary<string, object?> Mxt(MxtPosition mxt, DateTimeOffset sent)
    {
        var fact = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["time"] = Text(mxt.ObservationTime),
            ["ra"] = mxt.Ra,
            ["dec"] = mxt.Dec,
            ["snr"] = mxt.Snr,
            ["r90_stat_arcsec"] = mxt.StatisticalRadiusArcsec,
            ["sent_at"] = Text(sent),
            ["within_eclairs_r90"] = mxt.WithinEclairsR90,
            ["use_vt_attitude"] = mxt.UseVtAttitude,
            ["attitude"] = Attitude(mxt.Attitude),
            ["orbit"] = Orbit(mxt.Orbit),
        };
        if (mxt.MeanFlux is { } flux)
        {
            (fact["mean_flux"], fact["flux_error"]) = (flux, mxt.FluxError ?? 0);
        }

        return fact;
    }

    private static Dictionary<string, object?> Detection(
        DateTimeOffset start, decimal timescale, decimal low, decimal high, double snr, Pointing attitude, OrbitPlace? orbit, DateTimeOffset sent) =>
        new(StringComparer.Ordinal)
        {
            ["window_start"] = Text(start),
            ["timescale_s"] = timescale,
            ["energy_kev"] = new[] { low, high },
            ["snr"] = snr,
            ["attitude"] = Attitude(attitude),
            ["orbit"] = Orbit(orbit),
            ["sent_at"] = Text(sent),
        };

    private static object Attitude(Pointing attitude) => new { ra = attitude.Ra, dec = attitude.Dec, roll = attitude.Roll };

    private static object? Orbit(OrbitPlace? orbit) => orbit is null ? null : new { longitude = orbit.Longitude, latitude = orbit.Latitude, altitude_km = orbit.AltitudeKm };

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
