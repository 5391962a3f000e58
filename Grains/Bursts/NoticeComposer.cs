using System.Collections.Immutable;
using Svom.Sky;

namespace Svom.Bursts;

/// <summary>Where a notice stands in its burst.</summary>
internal sealed record NoticePlace(string Ivorn, DateTimeOffset Decided, ImmutableArray<NoticeCitation> Citations, string AlertType, int? RecordNumber);

/// <summary>The facts of a notice from the evidence it reports and the burst as it stands.</summary>
internal static class NoticeComposer
{
    public static NoticeFacts Compose(BurstState state, NoticeWish wish, NoticePlace place, BurstOptions options)
    {
        var retracts = wish.Withdraws is not null;
        var blank = new NoticeFacts(
            state.Id, wish.Type, wish.Quality, place.Ivorn, NoticeTypes.PacketType(wish.Type), "", "", place.Decided, state.Rehearsal,
            null, 0, null, null, null, null, null, null, null, null, null, null, null, null, 0, 0, 0, null, null, null, default, null,
            retracts, place.Citations, place.AlertType, place.RecordNumber);
        return wish.Evidence switch
        {
            GrmTrigger trigger => Grm(blank, trigger),
            MxtPosition position => Mxt(blank, position, state),
            EclairsAlert alert => Eclairs(blank, alert, state, options),
            _ => throw new InvalidOperationException($"A {wish.Evidence.GetType().Name} makes no notice."),
        };
    }

    private static NoticeFacts Grm(NoticeFacts blank, GrmTrigger trigger)
    {
        // Two detectors give a time; only three give a direction.
        var position = trigger is { DetectorCount: 3, Position: { } found } ? new NoticePosition(Printed.Circle(found.Ra, 4), Printed.Round(found.Dec, 4), null) : null;
        return Common(blank, Instruments.Grm, blank.Retracts ? "N3g" : "N1g", trigger.WindowStart, trigger.Attitude, trigger.Orbit, position) with
        {
            SequenceT0 = trigger.T0,
            Snr = Printed.Round(trigger.Snr, 2),
            Window = new(trigger.WindowStart, trigger.TimescaleSeconds, trigger.EnergyLowKev, trigger.EnergyHighKev),
            TriggeredGrds = trigger.Detectors,
        };
    }

    private static NoticeFacts Eclairs(NoticeFacts blank, EclairsAlert alert, BurstState state, BurstOptions options)
    {
        var position = new NoticePosition(
            Printed.Circle(alert.Ra, 4), Printed.Round(alert.Dec, 4), Printed.Round(EclairsRules.RadiusDegrees(alert.Snr), 4));
        var catalog = blank.Type == NoticeTypes.Catalog;
        return Common(blank, Instruments.Eclairs, blank.Retracts ? "N3e" : "N1e", alert.WindowStart, alert.Attitude, alert.Orbit, position) with
        {
            SequenceT0 = state.Science.EclairsT0,
            Snr = Printed.Round(alert.Snr, 2),
            Window = new(alert.WindowStart, alert.TimescaleSeconds, alert.EnergyLowKev, alert.EnergyHighKev),
            TriggerType = alert.Trigger.ToString(),
            OnboardCatalogId = catalog ? alert.CatalogNumber : null,
            SourceName = catalog ? options.SourceNames.GetValueOrDefault(alert.CatalogNumber) : null,
            SlewStatus = state.Science.SlewStatus,
        };
    }

    private static NoticeFacts Mxt(NoticeFacts blank, MxtPosition found, BurstState state)
    {
        var position = new NoticePosition(
            Printed.Circle(found.Ra, 4), Printed.Round(found.Dec, 4), Printed.Round(MxtRules.RadiusDegrees(found.StatisticalRadiusArcsec), 4));
        var facts = Common(blank, Instruments.Mxt, blank.Retracts ? "N3m" : "N2m", found.ObservationTime, found.Attitude, found.Orbit, position);
        return facts with
        {
            SequenceT0 = state.Science.EclairsT0,
            Snr = Printed.Round(found.Snr, 2),
            MeanFlux = found.MeanFlux is { } flux ? Printed.Round(flux, 2) : null,
            FluxError = found.FluxError is { } error ? Printed.Round(error, 2) : null,
            WithinEclairsR90 = found.WithinEclairsR90,
            EclairsAngleArcmin = state.Science.BestAlert is { } best
                ? Printed.Round(60 * new SkyDirection(found.Ra, found.Dec).DegreesTo(new SkyDirection(best.Ra, best.Dec)), 2)
                : null,
            UseVtAttitude = found.UseVtAttitude,
        };
    }

    private static NoticeFacts Common(
        NoticeFacts blank, string instrument, string level, DateTimeOffset isoTime, Pointing attitude, OrbitPlace? orbit, NoticePosition? position) => blank with
        {
            Instrument = instrument,
            Level = level,
            IsoTime = isoTime,
            Position = position,
            Target = position is null ? null : Place(new((double)position.Ra, (double)position.Dec), isoTime),
            AttitudeRa = Printed.Circle(attitude.Ra, 2),
            AttitudeDec = Printed.Round(attitude.Dec, 2),
            AttitudeRoll = Printed.Circle(attitude.Roll, 2),
            SatLongitude = orbit is null ? null : Printed.Longitude(orbit.Longitude, 2),
            SatLatitude = orbit is null ? null : Printed.Round(orbit.Latitude, 2),
            SatAltitudeKm = orbit is null ? null : Printed.Round(orbit.AltitudeKm, 2),
        };

    private static TargetPlace Place(SkyDirection target, DateTimeOffset at)
    {
        var galactic = Galactic.FromIcrs(target);
        return new(
            Printed.Circle(galactic.Longitude, 2), Printed.Round(galactic.Latitude, 2),
            Printed.Round(target.DegreesTo(SunAndMoon.Moon(at)), 2), Printed.Round(target.DegreesTo(SunAndMoon.Sun(at)), 2));
    }
}

/// <summary>Numbers as notices print them.</summary>
internal static class Printed
{
    /// <summary>Rounded to so many decimals, with all of them kept; never a negative zero.</summary>
    public static decimal Round(double value, int decimals)
    {
        var text = value.ToString($"F{decimals}", System.Globalization.CultureInfo.InvariantCulture);
        var number = decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
        return number == 0 ? decimal.Abs(number) : number;
    }

    /// <summary>An angle from 0 to below 360, also after rounding.</summary>
    public static decimal Circle(double degrees, int decimals)
    {
        var rounded = Round(((degrees % 360) + 360) % 360, decimals);
        return rounded >= 360 ? rounded - 360 : rounded;
    }

    /// <summary>An angle above -180 to 180.</summary>
    public static decimal Longitude(double degrees, int decimals)
    {
        var rounded = Circle(degrees, decimals);
        return rounded > 180 ? rounded - 360 : rounded;
    }
}
