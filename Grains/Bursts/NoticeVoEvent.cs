using System.Globalization;
using Svom.VoEvent;

namespace Svom.Bursts;

/// <summary>A notice as VOEvent 2.0: names, order, units, UCDs and decimals as subscribers know them from the public notices.</summary>
public static class NoticeVoEvent
{
    private const string RetractionText = "Determined to not be a viable GRB candidate";
    private const string Pages = "https://www.svom.eu/en/";

    /// <summary>The VOEvent as text; its octets are the UTF-8 of it.</summary>
    public static string Write(NoticeFacts facts, BurstOptions options) => VoEventWriter.Write(Document(facts, options));

    /// <summary>The document before writing.</summary>
    public static VoEventDocument Document(NoticeFacts facts, BurstOptions options) => new(
        facts.Ivorn, facts.Rehearsal ? "test" : "observation",
        new(options.AuthorIvorn, NoticeText.Date(facts.Date), options.AuthorTitle, options.AuthorShortName, options.ContactName, options.ContactEmail),
        Top(facts), [.. Groups(facts).Where(static g => g.Params.Count > 0)],
        new(NoticeText.IsoTime(facts.IsoTime), facts.Position is { } p ? new(Fixed(p.Ra, 4), Fixed(p.Dec, 4), p.ErrorDegrees is { } r ? Fixed(r, 4) : "-1.0000") : null),
        facts.Retracts ? null : new($"{facts.Level} notice, data from {facts.Instrument}", Pages + Page(facts.Instrument)),
        facts.Citations.IsEmpty
            ? null
            : new([.. facts.Citations.Select(static c => new VoEventCitation(c.Cite, c.Ivorn))], facts.Retracts ? RetractionText : null));

    private static List<VoEventParam> Top(NoticeFacts facts) => Params(
        facts.PacketType is { } type ? new("Packet_Type", type.ToString(CultureInfo.InvariantCulture), null, "meta.id") : null,
        new("Pkt_Ser_Num", "1", null, "meta.id"),
        new("Instrument", facts.Instrument, null, "instr"));

    private static IEnumerable<VoEventGroup> Groups(NoticeFacts facts)
    {
        yield return new("Svom_Identifiers", Params(
            new("Notice_Level", facts.Level, null, "meta.id"),
            new("Burst_Id", facts.Burst, null, "meta.id"),
            facts.SequenceT0 is { } t0 ? new("Alert_Seq_T0", NoticeText.Time(t0), null, "time.start") : null));
        yield return new("Detection_Info", Detection(facts));
        yield return new("Target_Info", Target(facts));
        yield return new("Satellite_Info", Satellite(facts));
    }

    private static List<VoEventParam> Detection(NoticeFacts facts)
    {
        var window = facts.Window;
        return Params(
            Number("SNR", facts.Snr, 2, "sigma", "stat.snr"),
            window is null ? null : new("Timescale", NoticeText.Timescale(window.TimescaleSeconds), "s", "time.interval"),
            window is null ? null : new("Time_Window_Start", NoticeText.Time(window.Start), null, "time.start"),
            window is null ? null : new("Time_Window_End", NoticeText.Time(window.End()), null, "time.end"),
            window is null ? null : new("Lower_Energy_Bound", NoticeText.Shortest(window.EnergyLowKev), "keV", "em.energy"),
            window is null ? null : new("Upper_Energy_Bound", NoticeText.Shortest(window.EnergyHighKev), "keV", "em.energy"),
            facts.TriggerType is { } type ? new("Trigger_Type", type, null, "instr.param") : null,
            facts.TriggeredGrds is { } detectors ? new("Triggered_GRDs", detectors, null, "instr.param") : null,
            Number("Mean_Flux", facts.MeanFlux, 2, "erg.cm^-2.s^-1", "phot.flux"),
            Number("Flux_Error", facts.FluxError, 2, "erg.cm^-2.s^-1", "phot.flux"));
    }

    private static List<VoEventParam> Target(NoticeFacts facts) => Params(
        Flag("Within_ECLAIRs_R90", facts.WithinEclairsR90),
        Number("ECLAIRs_Angle", facts.EclairsAngleArcmin, 2, "arcmin", "pos.angdistance"),
        facts.OnboardCatalogId is { } number ? new("Onboard_Catalog_Id", number.ToString(CultureInfo.InvariantCulture), null, "meta.id.assoc") : null,
        facts.SourceName is { } name ? new("Source_Name", name, null, "meta.id.assoc") : null,
        Number("Galactic_Lon", facts.Target?.GalacticLongitude, 2, "deg", "pos.galactic.lon"),
        Number("Galactic_Lat", facts.Target?.GalacticLatitude, 2, "deg", "pos.galactic.lat"),
        Number("Moon_Angle", facts.Target?.MoonAngle, 2, "deg", "pos.angdistance"),
        Number("Sun_Angle", facts.Target?.SunAngle, 2, "deg", "pos.angdistance"));

    private static List<VoEventParam> Satellite(NoticeFacts facts) => Params(
        facts.SlewStatus is { } status ? new("Slew_Status", status, null, "meta.code.status") : null,
        Flag("Use_VT_Attitude", facts.UseVtAttitude),
        Number("Attitude_Ra", facts.AttitudeRa, 2, "deg", "instr.param"),
        Number("Attitude_Dec", facts.AttitudeDec, 2, "deg", "instr.param"),
        Number("Attitude_Roll", facts.AttitudeRoll, 2, "deg", "instr.param"),
        Number("Sat_Longitude", facts.SatLongitude, 2, "deg", "pos.earth.lon"),
        Number("Sat_Latitude", facts.SatLatitude, 2, "deg", "pos.earth.lat"),
        Number("Sat_Altitude", facts.SatAltitudeKm, 2, "km", "pos.earth.altitude"));

    private static VoEventParam? Flag(string name, bool? value) => value is { } set ? new(name, set ? "True" : "False", null, "instr.param") : null;

    private static VoEventParam? Number(string name, decimal? value, int decimals, string unit, string ucd) =>
        value is { } number ? new(name, Fixed(number, decimals), unit, ucd) : null;

    private static List<VoEventParam> Params(params IEnumerable<VoEventParam?> all) => [.. all.OfType<VoEventParam>()];

    private static string Fixed(decimal value, int decimals) => value.ToString($"F{decimals}", CultureInfo.InvariantCulture);

    private static string Page(string instrument) => instrument switch
    {
        Instruments.Grm => "grm-gamma-ray-burst-monitor-en/",
        Instruments.Mxt => "mxt-microchannel-x-ray-telescope-en/",
        _ => "telescope-eclairs-en/",
    };
}

/// <summary>Texts of times and numbers in notices.</summary>
internal static class NoticeText
{
    /// <summary>In Params: milliseconds and Z.</summary>
    public static string Time(DateTimeOffset at) => Format(at, "yyyy-MM-dd'T'HH:mm:ss.fff'Z'");

    /// <summary>Who/Date: whole seconds, zone written out.</summary>
    public static string Date(DateTimeOffset at) => Format(at, "yyyy-MM-dd'T'HH:mm:ss'+00:00'");

    /// <summary>The same moment with Z.</summary>
    public static string UtcDate(DateTimeOffset at) => Format(at, "yyyy-MM-dd'T'HH:mm:ss'Z'");

    /// <summary>ISOTime: no zone; no fraction for a whole second, else six digits.</summary>
    public static string IsoTime(DateTimeOffset at) => Format(at, at.Ticks % TimeSpan.TicksPerSecond == 0 ? "yyyy-MM-dd'T'HH:mm:ss" : "yyyy-MM-dd'T'HH:mm:ss.ffffff");

    /// <summary>As short as it can be, at least one decimal.</summary>
    public static string Timescale(decimal seconds) => seconds.ToString("0.0###########", CultureInfo.InvariantCulture);

    /// <summary>As short as it can be.</summary>
    public static string Shortest(decimal value) => value.ToString("0.############", CultureInfo.InvariantCulture);

    private static string Format(DateTimeOffset at, string format) => at.UtcDateTime.ToString(format, CultureInfo.InvariantCulture);
}
