using Svom.Gcn;

namespace Svom.Bursts;

/// <summary>A notice in the unified GCN schema. It says what the VOEvent says, in the same digits.</summary>
public static class NoticeGcn
{
    /// <summary>The object as text; its octets are the UTF-8 of it.</summary>
    public static string Write(NoticeFacts facts) => GcnTriggerWriter.Write(Trigger(facts));

    /// <summary>The object before writing.</summary>
    public static GcnTrigger Trigger(NoticeFacts facts)
    {
        var window = facts.Window;
        var statistics = new GcnStatistics(facts.Snr, window?.TimescaleSeconds, window?.EnergyLowKev, window?.EnergyHighKev);
        var grm = facts.Instrument == Instruments.Grm;
        return new(
            "SVOM", facts.Instrument, facts.RecordNumber, NoticeText.UtcDate(facts.Date), facts.Rehearsal ? "test" : "current", facts.AlertType, facts.Burst,
            facts.SequenceT0 is { } t0 ? NoticeText.Time(t0) : null)
        {
            ObservationStart = NoticeText.Time(facts.IsoTime),
            ObservationStop = window is null ? null : NoticeText.Time(window.End()),
            Ra = facts.Position?.Ra,
            Dec = facts.Position?.Dec,
            RaDecError = facts.Position?.ErrorDegrees,
            SystematicIncluded = facts.Position?.ErrorDegrees is null ? null : true,
            Rate = grm ? statistics : null,
            Image = grm ? null : statistics,
            TriggerType = facts.TriggerType switch
            {
                nameof(TriggerAlgorithm.CRT) => "rate",
                nameof(TriggerAlgorithm.IMT) => "image",
                _ => null,
            },
            RaPointing = facts.AttitudeRa,
            DecPointing = facts.AttitudeDec,
            Roll = facts.AttitudeRoll,
            Latitude = facts.SatLatitude,
            Longitude = facts.SatLongitude,
            Altitude = facts.SatAltitudeKm,
            SlewStatus = facts.SlewStatus switch
            {
                SlewStatuses.Accepted => "accepted",
                SlewStatuses.Rejected => "rejected",
                SlewStatuses.NotRequested => "not_requested",
                _ => null,
            },
            TriggeredGrds = facts.TriggeredGrds is { } detectors ? [.. detectors.Select(static d => d == '1')] : null,
            AdditionalInfo = facts.Retracts ? "Determined to not be a viable GRB candidate" : null,
        };
    }
}
