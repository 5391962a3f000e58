using Svom.Packets.Messages;

namespace Svom.Bursts;

/// <summary>Evidence is hostile until it was looked at: values that cannot be would break a notice or hide a true one.</summary>
public static class EvidenceChecks
{
    private static readonly DateTimeOffset Earliest = new(2015, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Latest = new(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);

    // A burst's number and its neighbours follow from T0: one that has nothing to do with its packet must not steer them.
    private static readonly TimeSpan FarthestT0 = TimeSpan.FromDays(1);

    /// <returns>What cannot be, in one sentence; null when all can.</returns>
    public static string? Fault(Evidence evidence) => !IsTime(evidence.PacketTime) ? "The packet time is outside the mission." : evidence switch
    {
        EclairsAlert alert => Fault(alert),
        GrmTrigger trigger => Fault(trigger),
        MxtPosition position => Fault(position),
        SlewAnswer => null,
        MessagePart part => Fault(part),
        _ => "The kind of packet says nothing about a burst.",
    };

    private static string? Fault(EclairsAlert alert) =>
        alert.MessageCount is < 0 or > 255 ? "The message count has 8 bits."
        : !IsTime(alert.SequenceT0) || (alert.PacketTime - alert.SequenceT0).Duration() > FarthestT0 ? "T0 is outside the mission."
        : WindowFault(alert.WindowStart, alert.TimescaleSeconds, alert.EnergyLowKev, alert.EnergyHighKev, alert.Snr)
            ?? PlaceFault(alert.Ra, alert.Dec, alert.Attitude, alert.Orbit);

    private static string? Fault(GrmTrigger trigger) =>
        trigger.Detectors is not { Length: 3 } || trigger.Detectors.Any(static c => c is not ('0' or '1')) ? "The detectors are three digits 0 or 1."
        : !IsTime(trigger.T0) || (trigger.PacketTime - trigger.T0).Duration() > FarthestT0 ? "T0 is outside the mission."
        : WindowFault(trigger.WindowStart, trigger.TimescaleSeconds, trigger.EnergyLowKev, trigger.EnergyHighKev, trigger.Snr)
            ?? PlaceFault(trigger.Position?.Ra ?? 0, trigger.Position?.Dec ?? 0, trigger.Attitude, trigger.Orbit);

    private static string? Fault(MxtPosition position) =>
        !IsTime(position.ObservationTime) ? "The observation time is outside the mission."
        : position.Snr is < 0 or > 255 ? "The SNR has 8 bits."
        : position.Source is < 0 or > 15 ? "The source number has 4 bits."
        : !(position.StatisticalRadiusArcsec is >= 0 and < 36_000) ? "The radius cannot be."
        : !IsFlux(position.MeanFlux) || !IsFlux(position.FluxError) ? "The flux cannot be."
        : PlaceFault(position.Ra, position.Dec, position.Attitude, position.Orbit);

    private static string? Fault(MessagePart part) =>
        part.Number is < 0 or > MessagePartHeader.MaxNumber || part.Parts is < 1 or > MessagePartHeader.MaxParts || part.Part < 1 || part.Part > part.Parts
            ? "The message has no such part."
        : (part.GrmT0 ?? part.Window) is { } t0 && (!IsTime(t0) || (part.PacketTime - t0).Duration() > FarthestT0) ? "T0 is outside the mission."
        : null;

    private static string? WindowFault(DateTimeOffset start, decimal seconds, decimal low, decimal high, double snr) =>
        !IsTime(start) ? "The window starts outside the mission."
        : seconds is <= 0 or > 100_000 ? "The timescale cannot be."
        : low < 0 || high <= low || high > 1_000_000 ? "The energy band cannot be."
        : !(snr is > 0 and < 1_000_000) ? "The SNR cannot be."
        : null;

    private static string? PlaceFault(double ra, double dec, Pointing attitude, OrbitPlace? orbit) =>
        !IsDirection(ra, dec) ? "The position is not on the sky."
        : !IsDirection(attitude.Ra, attitude.Dec) || !(attitude.Roll is >= -360 and <= 360) ? "The attitude cannot be."
        : orbit is not null && !(orbit.Longitude is >= -360 and <= 360 && orbit.Latitude is >= -90 and <= 90 && orbit.AltitudeKm is > -1_000 and < 1_000_000)
            ? "The orbit cannot be."
        : null;

    private static bool IsDirection(double ra, double dec) => ra is >= -360 and <= 360 && dec is >= -90 and <= 90;

    private static bool IsFlux(double? flux) => flux is null or (> -1e12 and < 1e12);

    private static bool IsTime(DateTimeOffset at) => at >= Earliest && at < Latest;
}
