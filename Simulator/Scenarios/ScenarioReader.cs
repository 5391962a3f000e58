using System.Text.Json;
using Svom.Packets;
using Svom.Sky;

namespace Svom.Simulation;

/// <summary>Reads scenarios. Unknown keys, wrong types and values that no packet can say are refused with their path.</summary>
public static class ScenarioReader
{
    // The width of ECLAIRs' shortest image: what an alert without a timescale is taken for.
    private const double ImageSeconds = 20.48;
    private const double DefaultSnr = 10;
    private static readonly TimeSpan SlewAnswer = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan MxtStart = TimeSpan.FromSeconds(120);
    private static readonly EnergyBand EclairsBand = new(8, 120);
    private static readonly EnergyBand GrmBand = new(17.078812, 51.236435);

    /// <summary>Reads a scenario.</summary>
    /// <exception cref="ScenarioException">With the path of the first fault.</exception>
    public static Scenario Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return Read(new FactReader(document.RootElement, string.Empty));
        }
        catch (JsonException error)
        {
            throw new ScenarioException("scenario", $"is no JSON: {error.Message}");
        }
    }

    private static Scenario Read(FactReader root)
    {
        var name = root.Text("name") ?? throw root.Fault("name", "is missing");
        var common = new Common(ReadAttitude(root, "attitude") ?? default, ReadPlace(root, null));
        var eclairs = root.Object("eclairs") is { } told ? ReadEclairs(told, common) : null;
        var grm = root.Object("grm") is { } trigger ? ReadGrm(trigger, common) : null;
        MxtFact[] mxt = [.. root.Objects("mxt").Select(entry => ReadMxt(entry, common, eclairs))];
        var retract = root.Object("retract") is { } withdrawn ? ReadRetract(withdrawn) : null;
        var curves = root.Object("light_curves") is { } sent ? ReadCurves(sent) : null;
        root.RefuseOthers();
        return retract is not null && grm is null && eclairs is null
            ? throw root.Fault("retract", "there is neither grm nor eclairs to retract")
            : new(name, common.Attitude, common.Place, grm, eclairs, mxt, retract, curves);
    }

    private static GrmFact ReadGrm(FactReader entry, Common common)
    {
        var timescale = entry.Number("timescale_s", 0.001, 10_000) ?? 1.0;
        var start = entry.Time("window_start");
        var t0 = entry.Time("t0") ?? start?.AddSeconds(timescale) ?? throw entry.Fault("t0", "is missing, and so is window_start");
        var windowStart = start ?? t0.AddSeconds(-timescale);
        var position = ReadPosition(entry);
        var fact = new GrmFact(
            t0, windowStart, timescale, ReadBand(entry) ?? GrmBand, entry.Number("snr", 0, 10_000) ?? DefaultSnr,
            entry.Text("detectors") ?? (position is null ? "110" : "111"), position, ReadSending(entry, windowStart.AddSeconds(timescale), common));
        entry.RefuseOthers();
        Require(GrmTriggerPacket.Knows(timescale), entry, "timescale_s", "is none of GRM's timescales");
        Require(GrmTriggerPacket.Knows(fact.Band), entry, "energy_kev", "is none of GRM's bands, whose edges are 8.539406, 17.078812, 51.236435 and 264.7216");
        Require(fact.Detectors.Length == 3 && fact.Detectors.All(static digit => digit is '0' or '1'), entry, "detectors", "must be three digits of 0 and 1");
        return fact;
    }

    private static EclairsFact ReadEclairs(FactReader entry, Common common)
    {
        var alerts = entry.Objects("alerts").Select(alert => ReadAlert(alert, entry.Time("t0"), common)).ToArray();
        var t0 = entry.Time("t0") ?? (alerts.Length > 0 ? alerts.Min(static alert => alert.WindowStart.AddSeconds(alert.TimescaleSeconds)) : null as DateTimeOffset?)
            ?? throw entry.Fault("t0", "is missing, and there is no alert to take it from");
        var validatedAt = entry.Time("validated_at");
        var validation = validatedAt is not null ? Validation.Expert : entry.IsNull("validated_at") ? Validation.Never : Validation.Automatic;
        Require(validatedAt is null || alerts.Length > 0, entry, "validated_at", "there is no alert to validate");
        var slew = entry.Object("slew") is { } answer ? ReadSlew(answer, t0, alerts) : null;
        var fact = new EclairsFact(t0, entry.Flag("preliminary") ?? true, alerts, validation, validatedAt, slew);
        entry.RefuseOthers();
        return fact;
    }

    private static AlertFact ReadAlert(FactReader entry, DateTimeOffset? t0, Common common)
    {
        var timescale = entry.Number("timescale_s", 0.001, 10_000) ?? ImageSeconds;
        var start = entry.Time("window_start") ?? t0?.AddSeconds(-timescale) ?? throw entry.Fault("window_start", "is missing, and eclairs has no t0");
        var sending = ReadSending(entry, start.AddSeconds(timescale), common);
        var fact = new AlertFact(
            start, timescale, ReadBand(entry) ?? EclairsBand, entry.Number("snr", 0, 100_000) ?? DefaultSnr,
            ReadPosition(entry) ?? new(sending.Attitude.Ra, sending.Attitude.Dec), entry.Text("trigger") ?? (timescale < ImageSeconds ? "CRT" : "IMT"),
            entry.Whole("catalog_id", 0, ushort.MaxValue) ?? 0, entry.Flag("slew_request") ?? false, sending);
        entry.RefuseOthers();
        Require(EclairsAlertPacket.Knows(timescale), entry, "timescale_s", "is none of ECLAIRs' timescales");
        Require(EclairsAlertPacket.Knows(fact.Band), entry, "energy_kev", "is none of ECLAIRs' bands");
        Require(fact.Trigger is "CRT" or "IMT", entry, "trigger", "must be CRT or IMT");
        return fact;
    }

    private static SlewFact ReadSlew(FactReader entry, DateTimeOffset t0, AlertFact[] alerts)
    {
        var asked = alerts.Where(static alert => alert.SlewRequest).Select(static alert => (DateTimeOffset?)alert.Sending.SentAt).Min();
        var status = entry.Text("status") ?? throw entry.Fault("status", "is missing");
        var fact = new SlewFact(status == EclairsSlewStatusPacket.Accepted, entry.Time("at") ?? (asked ?? t0) + SlewAnswer, ReadAttitude(entry, "attitude"));
        entry.RefuseOthers();
        Require(status is EclairsSlewStatusPacket.Accepted or EclairsSlewStatusPacket.Rejected, entry, "status", "must be accepted or rejected");
        return fact;
    }

    private static MxtFact ReadMxt(FactReader entry, Common common, EclairsFact? eclairs)
    {
        var time = entry.Time("time") ?? (eclairs?.Slew?.At ?? eclairs?.T0) + MxtStart ?? throw entry.Fault("time", "is missing, and there is no eclairs to follow");
        var snr = entry.Number("snr", 0, 100_000) ?? 60;
        var position = ReadPosition(entry) ?? eclairs?.Alerts.MaxBy(static alert => alert.Snr)?.Position ?? throw entry.Fault("ra", "is missing, and there is no alert to take it from");
        var flux = entry.Number("mean_flux", 0, 40_000_000);
        var error = entry.Number("flux_error", 0, 40_000_000);
        var fact = new MxtFact(
            time, position, snr, entry.Number("r90_stat_arcsec", 0, 160_000) ?? UsualRadius(snr), flux is null && error is null ? null : new(flux ?? 0, error ?? 0),
            entry.Flag("within_eclairs_r90") ?? true, entry.Flag("use_vt_attitude") ?? false, ReadSending(entry, time, common));
        entry.RefuseOthers();
        return fact;
    }

    // What MXT's public radii follow within 1 %, once their systematic is taken out: 3870 arcsec times SNR to the power of -0.7525.
    private static double UsualRadius(double snr) => Math.Round(3870 * Math.Pow(Math.Clamp(snr, 1, MxtPositionPacket.SaturatedSnr), -0.7525), 2);

    private static RetractFact ReadRetract(FactReader entry)
    {
        var fact = new RetractFact(entry.Time("at") ?? throw entry.Fault("at", "is missing"), entry.Text("reason") ?? "not a burst", entry.Texts("notices"));
        entry.RefuseOthers();
        return fact;
    }

    private static CurvesFact ReadCurves(FactReader entry)
    {
        var fact = new CurvesFact(entry.Flag("grm") ?? false, entry.Flag("eclairs") ?? false, entry.Whole("seed", 0, int.MaxValue) ?? 1);
        entry.RefuseOthers();
        return fact;
    }

    private static Sending ReadSending(FactReader entry, DateTimeOffset windowEnd, Common common) => new(
        entry.Time("sent_at") ?? windowEnd.AddSeconds(1), entry.Time("heard_at"), ReadAttitude(entry, "attitude") ?? common.Attitude, ReadPlace(entry, common.Place));

    private static Attitude? ReadAttitude(FactReader parent, string key)
    {
        if (parent.Object(key) is not { } entry)
        {
            return null;
        }

        var attitude = new Attitude(entry.Number("ra", 0, 360) ?? 0, entry.Number("dec", -90, 90) ?? 0, entry.Number("roll", -360, 360) ?? 0);
        entry.RefuseOthers();
        return attitude;
    }

    // Absent, the common place holds; null, this packet does not know.
    private static GeodeticPosition? ReadPlace(FactReader parent, GeodeticPosition? common)
    {
        if (parent.Object("orbit") is not { } entry)
        {
            return parent.IsNull("orbit") ? null : common;
        }

        var place = new GeodeticPosition(
            entry.Number("longitude", -180, 360) ?? 0, entry.Number("latitude", -90, 90) ?? 0, entry.Number("altitude_km", 0, 1800) ?? 620);
        entry.RefuseOthers();
        return place;
    }

    private static SkyPosition? ReadPosition(FactReader entry) => (entry.Number("ra", 0, 360), entry.Number("dec", -90, 90)) switch
    {
        ({ } ra, { } dec) => new(ra, dec),
        (null, null) => null,
        (null, _) => throw entry.Fault("ra", "is missing beside dec"),
        _ => throw entry.Fault("dec", "is missing beside ra"),
    };

    private static EnergyBand? ReadBand(FactReader entry) => entry.Numbers("energy_kev") switch
    {
        null => null,
        [var low, var high] => new(low, high),
        _ => throw entry.Fault("energy_kev", "must be two numbers, the lower edge first"),
    };

    private static void Require(bool holds, FactReader entry, string key, string otherwise)
    {
        if (!holds)
        {
            throw entry.Fault(key, otherwise);
        }
    }

    private readonly record struct Common(Attitude Attitude, GeodeticPosition? Place);
}
