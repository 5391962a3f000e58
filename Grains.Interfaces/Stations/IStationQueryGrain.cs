using System.Collections.Immutable;
using Svom.Outcomes;

namespace Svom.Stations;

/// <summary>Looks at the station network. Stateless; key 0.</summary>
[Alias("svom.station-query")]
public interface IStationQueryGrain : IGrainWithIntegerKey
{
    /// <summary>A page of stations by id: all of the network list, and those that delivered without standing in it.</summary>
    /// <returns><see cref="RefusalCode.Invalid"/> for a cursor that is none of ours.</returns>
    [Alias("find")]
    Task<Outcome<Page<StationView>>> FindAsync(StationSearch search, CancellationToken cancellationToken);

    /// <summary>One station.</summary>
    /// <param name="session">What it delivered in this rehearsal; null: live.</param>
    /// <returns><see cref="RefusalCode.NotFound"/> when it neither stands in the list nor ever delivered.</returns>
    [Alias("get")]
    Task<Outcome<StationView>> GetAsync(string id, string? session, CancellationToken cancellationToken);
}

/// <summary>What to look for; nulls do not filter.</summary>
/// <param name="Session">Counts of this rehearsal; null: live.</param>
[GenerateSerializer, Immutable, Alias("svom.station-search")]
public sealed record StationSearch(
    [property: Id(0)] string? Session = null, [property: Id(1)] StationStatus? Status = null, [property: Id(2)] string? Cursor = null, [property: Id(3)] int Limit = 50);

/// <summary>How a station stands.</summary>
public enum StationStatus
{
    /// <summary>Stands in the list and never delivered.</summary>
    NeverHeard = 0,

    /// <summary>Delivers as expected.</summary>
    Hearing = 1,

    /// <summary>An alarm says that it is silent.</summary>
    Silent = 2,

    /// <summary>Delivers, but too many frames are broken or late: an alarm says which.</summary>
    Degraded = 3,

    /// <summary>Delivers without standing in the list.</summary>
    Unlisted = 4,
}

/// <summary>One station: what the list says of it, what it delivered, when it hears the satellite next.</summary>
/// <param name="Listed">Its line in the network list; null for one that delivers without standing there.</param>
/// <param name="Counts">All that it ever delivered in this feed.</param>
/// <param name="NextPass">Under way or next; null without a known orbit or a known place.</param>
[GenerateSerializer, Immutable, Alias("svom.station-view")]
public sealed record StationView(
    [property: Id(0)] string Id, [property: Id(1)] string? Session, [property: Id(2)] StationStatus Status, [property: Id(3)] ListedStation? Listed,
    [property: Id(4)] StationCounts Counts, [property: Id(5)] PassView? NextPass, [property: Id(6)] ImmutableArray<string> Alarms);

/// <summary>A line of the network list.</summary>
[GenerateSerializer, Immutable, Alias("svom.listed-station")]
public sealed record ListedStation(
    [property: Id(0)] string Name, [property: Id(1)] double Longitude, [property: Id(2)] double Latitude, [property: Id(3)] double AltitudeMeters,
    [property: Id(4)] string OwnerName, [property: Id(5)] string OwnerEmail, [property: Id(6)] DateOnly Since);

/// <summary>What a station delivered. Shares are 0 to 1, null without anything to judge by.</summary>
/// <param name="Receptions">All it ever delivered and that was stored, also broken ones.</param>
/// <param name="Valid">Whole packets among them.</param>
/// <param name="Broken">Those whose CRC or length is wrong.</param>
/// <param name="Repeats">Packets that it delivered again with another receive time.</param>
/// <param name="LastHeard">Latest arrival at the platform; null: never.</param>
/// <param name="DelayMedianSeconds">From the packet's on-board time to its arrival at the platform.</param>
/// <param name="CrcFailureRate">Broken of all.</param>
/// <param name="Agreement">Its copies that equal what most stations heard, of those that others heard too.</param>
/// <param name="FirstShare">Packets of which it was the first to deliver, of all its packets.</param>
/// <param name="Expected">Packets that it should have heard: the satellite stood above the mask.</param>
/// <param name="HeardOfExpected">Those of them that it heard.</param>
[GenerateSerializer, Immutable, Alias("svom.station-counts")]
public sealed record StationCounts(
    [property: Id(0)] long Receptions, [property: Id(1)] long Valid, [property: Id(2)] long Broken, [property: Id(3)] long Repeats,
    [property: Id(4)] DateTimeOffset? LastHeard, [property: Id(5)] double? DelayMedianSeconds, [property: Id(6)] double? Delay90Seconds,
    [property: Id(7)] double? Delay99Seconds, [property: Id(8)] double? CrcFailureRate, [property: Id(9)] double? Agreement,
    [property: Id(10)] double? FirstShare, [property: Id(11)] long Expected, [property: Id(12)] long HeardOfExpected)
{
    /// <summary>Of a station that never delivered.</summary>
    public static readonly StationCounts None = new(0, 0, 0, 0, null, null, null, null, null, null, null, 0, 0);
}

/// <summary>The satellite over a station.</summary>
[GenerateSerializer, Immutable, Alias("svom.pass-view")]
public sealed record PassView(
    [property: Id(0)] DateTimeOffset Rise, [property: Id(1)] DateTimeOffset Culmination, [property: Id(2)] DateTimeOffset Set, [property: Id(3)] double HighestDegrees);
