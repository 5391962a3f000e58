using System.Globalization;
using Svom.Outcomes;
using Svom.Requests;

namespace Svom.Stations;

/// <summary>Stations as messages of <c>svom.v1</c>.</summary>
internal static class StationWire
{
    public static V1.Station Of(StationView station)
    {
        var counts = station.Counts;
        var message = new V1.Station
        {
            Id = station.Id,
            Status = (V1.StationStatus)((int)station.Status + 1), // 0 is "unspecified" in every enumeration of the wire.
            Listed = Of(station.Listed),
            Receptions = counts.Receptions,
            Valid = counts.Valid,
            Broken = counts.Broken,
            Repeats = counts.Repeats,
            LastHeard = WireTime.Write(counts.LastHeard),
            Delay = counts is { DelayMedianSeconds: { } median, Delay90Seconds: { } most, Delay99Seconds: { } longest }
                ? new() { MedianSeconds = median, P90Seconds = most, P99Seconds = longest } : null,
            Coverage = Coverage(counts),
            NextPass = Of(station.NextPass),
        };
        if (station.Session is { } session)
        {
            message.Session = session;
        }

        SetShares(message, counts);
        message.Alarms.AddRange(station.Alarms.OrEmpty());
        return message;
    }

    // A share that is absent stays so: 0 is another thing.
    private static void SetShares(V1.Station message, StationCounts counts)
    {
        if (counts.CrcFailureRate is { } rate)
        {
            message.CrcFailureRate = rate;
        }

        if (counts.Agreement is { } agreement)
        {
            message.Agreement = agreement;
        }

        if (counts.FirstShare is { } first)
        {
            message.FirstShare = first;
        }
    }

    private static V1.StationCoverage Coverage(StationCounts counts)
    {
        var body = StationCoverageBody.Of(counts);
        var message = new V1.StationCoverage { Expected = body.Expected, Heard = body.Heard };
        if (body.Share is { } share)
        {
            message.Share = share;
        }

        return message;
    }

    private static V1.ListedStation? Of(ListedStation? listed) => listed is null ? null : new()
    {
        Name = listed.Name,
        Longitude = listed.Longitude,
        Latitude = listed.Latitude,
        AltitudeMeters = listed.AltitudeMeters,
        OwnerName = listed.OwnerName,
        OwnerEmail = listed.OwnerEmail,
        Since = listed.Since.ToString("O", CultureInfo.InvariantCulture),
    };

    private static V1.StationPass? Of(PassView? pass) => pass is null ? null : new()
    {
        Rise = WireTime.Write(pass.Rise),
        Culmination = WireTime.Write(pass.Culmination),
        Set = WireTime.Write(pass.Set),
        HighestDegrees = pass.HighestDegrees,
    };
}
