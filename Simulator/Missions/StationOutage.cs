namespace Svom.Simulation;

/// <summary>A time in which stations deliver nothing.</summary>
/// <param name="Kind">station, region or all.</param>
/// <param name="From">Nothing is heard from then on.</param>
/// <param name="To">Heard again.</param>
/// <param name="Stations">Their codes, in order.</param>
/// <param name="Missed">Those of them whose silence shows: others hear for minutes what stood higher over them.</param>
public sealed record StationOutage(string Kind, DateTimeOffset From, DateTimeOffset To, IReadOnlyList<string> Stations, IReadOnlyList<string> Missed)
{
    public const string Station = "station";
    public const string Region = "region";
    public const string All = "all";

    internal bool Covers(DateTimeOffset at) => at >= From && at < To;
}
