using System.Text.Json;
using Svom.Hosting;

namespace Svom.Packets;

/// <summary>Compares two runs by their reports, as the command or the REST door wrote them.</summary>
internal static class RunComparison
{
    /// <summary>How reports are written and read.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web) { WriteIndented = true, RespectRequiredConstructorParameters = true };

    public static async Task<int> RunAsync(FileInfo first, FileInfo second, TextWriter output, CancellationToken cancellationToken)
    {
        var differences = Differences(await ReadAsync(first, cancellationToken), await ReadAsync(second, cancellationToken)).ToArray();
        foreach (var difference in differences)
        {
            await output.WriteLineAsync(difference);
        }

        await output.WriteLineAsync(differences.Length == 0 ? "The runs came out the same." : FormattableString.Invariant($"{differences.Length} differences."));
        return differences.Length == 0 ? 0 : ReplayCommand.Differs;
    }

    /// <summary>What came out otherwise in the second run, a line each.</summary>
    public static IEnumerable<string> Differences(ReplayReport first, ReplayReport second)
    {
        var (one, other) = (first.Results.ToDictionary(static burst => burst.Id, StringComparer.Ordinal), second.Results.ToDictionary(static burst => burst.Id, StringComparer.Ordinal));
        foreach (var id in one.Keys.Union(other.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            if (one.GetValueOrDefault(id) is not { } before)
            {
                yield return $"{id}: only in the second run";
            }
            else if (other.GetValueOrDefault(id) is not { } after)
            {
                yield return $"{id}: only in the first run";
            }
            else
            {
                foreach (var difference in Differences(before, after))
                {
                    yield return $"{id}: {difference}";
                }
            }
        }

        if (first.Bursts > one.Count || second.Bursts > other.Count)
        {
            yield return FormattableString.Invariant($"Only {one.Count} of {first.Bursts} and {other.Count} of {second.Bursts} bursts stand in the reports: the rest is not compared. Narrow the range.");
        }
    }

    private static IEnumerable<string> Differences(ReplayedBurst before, ReplayedBurst after)
    {
        if (before.State != after.State)
        {
            yield return $"stands as {before.State}, then as {after.State}";
        }

        var (one, other) = (before.Notices.ToDictionary(static notice => notice.Id, StringComparer.Ordinal), after.Notices.ToDictionary(static notice => notice.Id, StringComparer.Ordinal));
        foreach (var id in one.Keys.Union(other.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var (was, now) = (one.GetValueOrDefault(id), other.GetValueOrDefault(id));
            if (was is null || now is null)
            {
                yield return $"{id} only in the {(was is null ? "second" : "first")} run";
            }
            else if (was != now)
            {
                yield return was.Sent != now.Sent ? $"{id} is {(was.Sent ? "sent, then held" : "held, then sent")}" : $"{id} says something else";
            }
        }
    }

    private static async Task<ReplayReport> ReadAsync(FileInfo file, CancellationToken cancellationToken)
    {
        try
        {
            using var document = JsonDocument.Parse(await File.ReadAllBytesAsync(file.FullName, cancellationToken));
            var root = document.RootElement;
            var report = root.ValueKind is JsonValueKind.Object && root.TryGetProperty("report", out var inner) ? inner : root;
            return report.Deserialize<ReplayReport>(Json) is { Results.IsDefault: false } read && read.Results.All(static burst => burst is { Id: not null, Notices.IsDefault: false } && burst.Notices.All(static notice => notice?.Id is not null))
                ? read
                : throw new CannotStartException($"{file.Name} holds no finished replay's report.");
        }
        catch (Exception unreadable) when (unreadable is JsonException or IOException or UnauthorizedAccessException)
        {
            throw new CannotStartException($"{file.Name} cannot be read as a replay's report: {unreadable.Message}", unreadable);
        }
    }
}
