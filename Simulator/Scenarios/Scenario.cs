using Svom.Packets;
using Svom.Sky;

namespace Svom.Simulation;

/// <summary>Facts of one burst, with every default filled in. Times are UTC; angles degrees.</summary>
/// <param name="Name">Of the scenario.</param>
/// <param name="Attitude">The common one, for packets that belong to no fact.</param>
/// <param name="Place">The common place of the satellite; null when unknown.</param>
/// <param name="Curves">Which messages of several packets are sent; null: none.</param>
public sealed record Scenario(
    string Name, Attitude Attitude, GeodeticPosition? Place, GrmFact? Grm, EclairsFact? Eclairs, IReadOnlyList<MxtFact> Mxt, RetractFact? Retract,
    CurvesFact? Curves = null)
{
    /// <summary>The same story at another time.</summary>
    public Scenario Shifted(TimeSpan by) => this with
    {
        Grm = Grm is null ? null : Grm with { T0 = Grm.T0 + by, WindowStart = Grm.WindowStart + by, Sending = Grm.Sending.Shifted(by) },
        Eclairs = Eclairs?.Shifted(by),
        Mxt = [.. Mxt.Select(fact => fact with { Time = fact.Time + by, Sending = fact.Sending.Shifted(by) })],
        Retract = Retract is null ? null : Retract with { At = Retract.At + by },
    };
}

/// <summary>How a fact comes down.</summary>
/// <param name="SentAt">When the satellite sends it: the packet time.</param>
/// <param name="HeardAt">No station hears it before; null without such a limit.</param>
/// <param name="Attitude">That the packet carries.</param>
/// <param name="Place">That the packet carries; null when it does not know.</param>
public sealed record Sending(DateTimeOffset SentAt, DateTimeOffset? HeardAt, Attitude Attitude, GeodeticPosition? Place)
{
    /// <summary>When it goes on the air for the stations to hear.</summary>
    public DateTimeOffset OnAir => HeardAt is { } heard && heard > SentAt ? heard : SentAt;

    internal Sending Shifted(TimeSpan by) => this with { SentAt = SentAt + by, HeardAt = HeardAt + by };
}

/// <param name="Position">Null when no direction was found.</param>
public sealed record GrmFact(
    DateTimeOffset T0, DateTimeOffset WindowStart, double TimescaleSeconds, EnergyBand Band, double Snr, string Detectors, SkyPosition? Position, Sending Sending);

/// <param name="Preliminary">False: message counts start at 1, so no preliminary notice is made.</param>
/// <param name="Validation">Who validates.</param>
/// <param name="ValidatedAt">When an expert does.</param>
public sealed record EclairsFact(
    DateTimeOffset T0, bool Preliminary, IReadOnlyList<AlertFact> Alerts, Validation Validation, DateTimeOffset? ValidatedAt, SlewFact? Slew)
{
    internal EclairsFact Shifted(TimeSpan by) => this with
    {
        T0 = T0 + by,
        Alerts = [.. Alerts.Select(alert => alert with { WindowStart = alert.WindowStart + by, Sending = alert.Sending.Shifted(by) })],
        ValidatedAt = ValidatedAt + by,
        Slew = Slew is null ? null : Slew with { At = Slew.At + by },
    };
}

/// <summary>Who validates a burst.</summary>
public enum Validation
{
    /// <summary>The platform's automatic criteria.</summary>
    Automatic,

    /// <summary>An expert, at a stated time.</summary>
    Expert,

    /// <summary>Nobody, ever.</summary>
    Never,
}

/// <param name="Trigger">CRT or IMT.</param>
/// <param name="CatalogId">0 for an unknown source.</param>
public sealed record AlertFact(
    DateTimeOffset WindowStart, double TimescaleSeconds, EnergyBand Band, double Snr, SkyPosition Position, string Trigger, int CatalogId, bool SlewRequest,
    Sending Sending);

/// <param name="Accepted">False: rejected.</param>
/// <param name="Attitude">Reached by the slew; null: on the target.</param>
public sealed record SlewFact(bool Accepted, DateTimeOffset At, Attitude? Attitude);

/// <param name="StatisticalRadiusArcsec">90 % radius without systematic.</param>
/// <param name="Flux">Null when not measured.</param>
public sealed record MxtFact(
    DateTimeOffset Time, SkyPosition Position, double Snr, double StatisticalRadiusArcsec, MxtFlux? Flux, bool WithinEclairsR90, bool UseVtAttitude, Sending Sending);

/// <param name="Notices">Notice types to withdraw; null is all.</param>
public sealed record RetractFact(DateTimeOffset At, string Reason, IReadOnlyList<string>? Notices);

/// <summary>Which messages of several packets are sent.</summary>
/// <param name="Grm">GRM's light curves.</param>
/// <param name="Eclairs">ECLAIRs' light curves, descriptors and sub-image, and after an accepted slew VT's lists and image.</param>
/// <param name="Seed">Of their noise.</param>
public sealed record CurvesFact(bool Grm, bool Eclairs, int Seed);
