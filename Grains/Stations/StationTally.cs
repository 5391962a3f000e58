using System.Text.Json.Serialization;

namespace Svom.Stations;

/// <summary>What a piece of the log adds to one station.</summary>
/// <param name="UpTo">The piece ends there: a station that is as far already has it.</param>
/// <param name="LastHeard">Latest arrival; null when nothing of it was its own.</param>
/// <param name="Receptions">All that it delivered.</param>
/// <param name="Valid">Whole packets.</param>
/// <param name="Broken">Wrong CRC or length.</param>
/// <param name="Repeats">Packets that it delivered before, with another receive time.</param>
/// <param name="Firsts">Packets that it was the first to deliver.</param>
/// <param name="Judged">Copies that others could be held against.</param>
/// <param name="Agreed">Those that equal the majority.</param>
/// <param name="Expected">Packets of others or its own that came from above its mask.</param>
/// <param name="HeardOfExpected">Those that it heard.</param>
/// <param name="Delays">On-board time to arrival, of valid packets.</param>
internal sealed record StationDelta(
    long UpTo, DateTimeOffset? LastHeard, long Receptions, long Valid, long Broken, long Repeats, long Firsts, long Judged, long Agreed,
    long Expected, long HeardOfExpected, DelayHistogram Delays);

/// <summary>All that a station ever delivered in a feed: the sum of its pieces.</summary>
internal sealed record StationTally(
    long UpTo, DateTimeOffset? LastHeard, long Receptions, long Valid, long Broken, long Repeats, long Firsts, long Judged, long Agreed,
    long Expected, long HeardOfExpected, DelayHistogram Delays)
{
    public static readonly StationTally Empty = new(0, null, 0, 0, 0, 0, 0, 0, 0, 0, 0, DelayHistogram.Empty);

    /// <summary>A piece that was taken before changes nothing.</summary>
    public static StationTally Apply(StationTally tally, StationDelta delta) => delta.UpTo <= tally.UpTo ? tally : new(
        delta.UpTo, Later(tally.LastHeard, delta.LastHeard), tally.Receptions + delta.Receptions, tally.Valid + delta.Valid, tally.Broken + delta.Broken,
        tally.Repeats + delta.Repeats, tally.Firsts + delta.Firsts, tally.Judged + delta.Judged, tally.Agreed + delta.Agreed,
        tally.Expected + delta.Expected, tally.HeardOfExpected + delta.HeardOfExpected, tally.Delays + delta.Delays);

    public StationCounts ToCounts() => new(
        Receptions, Valid, Broken, Repeats, LastHeard, Delays.QuantileSeconds(0.5), Delays.QuantileSeconds(0.9), Delays.QuantileSeconds(0.99),
        Share(Broken, Receptions), Share(Agreed, Judged), Share(Firsts, Valid - Repeats), Expected, HeardOfExpected);

    private static double? Share(long part, long whole) => whole <= 0 ? null : Math.Round((double)part / whole, 6);

    private static DateTimeOffset? Later(DateTimeOffset? one, DateTimeOffset? two) => one > two || two is null ? one : two;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(StationDelta))]
[JsonSerializable(typeof(StationDelta[]))]
[JsonSerializable(typeof(StationNews[]))]
[JsonSerializable(typeof(StationTally))]
internal sealed partial class StationJson : JsonSerializerContext;
