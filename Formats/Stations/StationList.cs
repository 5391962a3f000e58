using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Svom.Stations;

/// <summary>The network list: one JSON file, for the platform and for the simulator alike.</summary>
public static partial class StationList
{
    // The name of a station is part of stored addresses and of topics.
    private const int LongestId = 64;
    private const int LongestText = 200;
    private const int MostStations = 1_000;

    /// <summary>The list that comes with the program.</summary>
    public static ImmutableArray<Station> Bundled { get; } = ReadBundled();

    /// <summary>Reads a list.</summary>
    /// <exception cref="FormatException">Says which station is wrong, and how.</exception>
    public static ImmutableArray<Station> Read(ReadOnlySpan<byte> json)
    {
        try
        {
            return Check(JsonSerializer.Deserialize(json, ListJson.Default.ListFile)?.Stations ?? []);
        }
        catch (JsonException fault)
        {
            throw new FormatException($"The list of stations is not the JSON that it should be: line {(fault.LineNumber ?? 0) + 1}, {fault.Path}.", fault);
        }
    }

    private static ImmutableArray<Station> Check(ImmutableArray<Station> stations)
    {
        if (stations.IsDefaultOrEmpty || stations.Length > MostStations)
        {
            throw new FormatException($"A list of stations has 1 to {MostStations} stations.");
        }

        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (station, n) in stations.Select(static (station, n) => (station, n)))
        {
            if (Fault(station) is { } fault)
            {
                throw new FormatException($"Station {n + 1}{(station?.Id is { Length: <= LongestId } id ? $" ({id})" : "")}: {fault}.");
            }

            if (!ids.Add(station!.Id))
            {
                throw new FormatException($"Station {n + 1}: the id {station.Id} stands in the list twice.");
            }
        }

        return stations;
    }

    private static string? Fault(Station? station) => station switch
    {
        null => "it is null",
        _ when !IsId(station.Id) => $"the id is 1 to {LongestId} of a-z, A-Z, 0-9, '-', '_' and '.', beginning with a letter or digit",
        _ when !IsText(station.Name) => $"the name has 1 to {LongestText} printable characters",
        _ when station.Longitude is not (>= -180 and <= 180) => "the longitude is -180 to 180 degrees",
        _ when station.Latitude is not (>= -90 and <= 90) => "the latitude is -90 to 90 degrees",
        _ when station.AltitudeMeters is not (>= -500 and <= 9_000) => "the altitude is -500 to 9000 m",
        _ when !IsText(station.Owner?.Name) || !IsText(station.Owner?.Email) || !station.Owner!.Email.Contains('@', StringComparison.Ordinal) => "the owner needs a name and an email",
        _ => null,
    };

    private static bool IsId(string? id) =>
        id is { Length: > 0 and <= LongestId } && char.IsAsciiLetterOrDigit(id[0]) && id.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    private static bool IsText(string? text) => text is { Length: > 0 and <= LongestText } && !text.Any(char.IsControl);

    private static ImmutableArray<Station> ReadBundled()
    {
        using var file = typeof(StationList).Assembly.GetManifestResourceStream("Svom.Stations.stations.json")
            ?? throw new InvalidOperationException("The list of stations is missing from the program.");
        using var octets = new MemoryStream();
        file.CopyTo(octets);
        return Read(octets.ToArray());
    }

    private sealed record ListFile(ImmutableArray<Station> Stations, string? About = null);

    [JsonSourceGenerationOptions(
        PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectRequiredConstructorParameters = true, AllowDuplicateProperties = false)]
    [JsonSerializable(typeof(ListFile))]
    private sealed partial class ListJson : JsonSerializerContext;
}
