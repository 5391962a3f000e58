using System.Text.Json;
using System.Text.Json.Serialization;
using Svom.Hosting;

namespace Svom.Packets;

/// <summary>Compares two runs by their reports, as the command or the REST door wrote them.</summary>
internal static class CompareCommand
{
    /// <summary>How reports are written and read.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web) { WriteIndented = true, RespectRequiredConstructorParameters = true };

    /// <summary>As the door writes modes and states.</summary>
    private static readonly JsonSerializerOptions DoorJson = new(Json) { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) } };

    public static async Task<int> RunAsync(FileInfo first, FileInfo second, TextWriter output, CancellationToken cancellationToken)
    {
        var (one, other) = (await ReadAsync(first, cancellationToken), await ReadAsync(second, cancellationToken));
        if (one.Request is { } was && other.Request is { } now && !was.SameScope(now))
        {
            throw new CannotStartException($"{first.Name} and {second.Name} speak of different things: session, burst, range and mode must be the same.");
        }

        var differences = RunComparison.Differences(one.Report, other.Report).ToArray();
        foreach (var difference in differences)
        {
            await output.WriteLineAsync(difference.Text);
        }

        await output.WriteLineAsync(differences.Length == 0 ? "The runs came out the same." : FormattableString.Invariant($"{differences.Length} differences."));
        return differences.Length == 0 ? 0 : ReplayCommand.Differs;
    }

    /// <returns>The report, and what was asked for where the file tells.</returns>
    private static async Task<(ReplayReport Report, ReplayRequest? Request)> ReadAsync(FileInfo file, CancellationToken cancellationToken)
    {
        try
        {
            using var document = JsonDocument.Parse(await File.ReadAllBytesAsync(file.FullName, cancellationToken));
            var root = document.RootElement;
            var ofDoor = root.ValueKind is JsonValueKind.Object && root.TryGetProperty("report", out _);
            var report = (ofDoor ? root.GetProperty("report") : root).Deserialize<ReplayReport>(Json);
            return report is not null && IsWhole(report)
                ? (report, ofDoor ? root.Deserialize<ReplayRequest>(DoorJson) : null)
                : throw new CannotStartException($"{file.Name} holds no finished replay's report.");
        }
        catch (Exception unreadable) when (unreadable is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new CannotStartException($"{file.Name} cannot be read as a replay's report: {unreadable.Message}", unreadable);
        }
    }

    // A file may come from anywhere.
    private static bool IsWhole(ReplayReport report) =>
        report is { Results.IsDefault: false, Differences.IsDefault: false }
        && report.Differences.All(static difference => difference is { Text: not null })
        && report.Results.All(static burst => burst is { Id: not null, State: not null, Notices.IsDefault: false } && AreApart(burst.Notices.Select(static notice => notice?.Id)))
        && AreApart(report.Results.Select(static burst => burst.Id));

    private static bool AreApart(IEnumerable<string?> ids)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return ids.All(id => id is not null && seen.Add(id));
    }
}
