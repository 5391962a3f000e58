using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Orleans.Concurrency;
using Svom.EventStore;

namespace Svom.Bursts;

/// <summary>What a commit of a burst tells its followers, as it stands in their archive.</summary>
internal sealed record ArchivedChange(string Burst, string? Session, long Version, ImmutableArray<TimelineEntry> Lines);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ArchivedChange))]
internal sealed partial class BurstChangeJson : JsonSerializerContext;

/// <summary>The archive of changes: one order over all bursts, so that one number says up to where a follower has heard.</summary>
internal static class BurstChanges
{
    /// <summary>Name of the archive in the event store.</summary>
    public const string Archive = "burst-changes";

    /// <summary>The entry of one commit; none when nothing happened that anybody is told. Read in order alone: owner and kind would cost an alert two index rows.</summary>
    public static IEnumerable<ArchiveEntry> Of(string burst, string? session, long version, IReadOnlyList<TimelineEntry> lines)
    {
        if (lines.Count > 0)
        {
            var change = new ArchivedChange(burst, session, version, [.. lines]);
            yield return new(Archive, $"{burst}/{version}", "", "", lines[^1].At, JsonSerializer.SerializeToUtf8Bytes(change, BurstChangeJson.Default.ArchivedChange));
        }
    }

    public static BurstChange Read(ArchivedEntry entry)
    {
        var change = JsonSerializer.Deserialize(entry.Entry.Content.Span, BurstChangeJson.Default.ArchivedChange) ?? throw new InvalidDataException("A burst's change is empty.");
        return new(entry.Sequence, change.Burst, change.Session, change.Version, change.Lines);
    }
}

/// <summary>Follows the changes of all bursts. Its waits are woken by the append itself; many followers wait side by side in one activation.</summary>
[StatelessWorker(1), Reentrant]
internal sealed class BurstFollowGrain(IEventStore store, ArchiveWatch watch, ISiloRoll roll) : Grain, IBurstFollowGrain
{
    private const int Most = 1_000;

    public Task<ImmutableArray<BurstChange>> AfterAsync(long after, int most, TimeSpan atMost, CancellationToken cancellationToken) =>
        watch.ReadAsync(
            BurstChanges.Archive, null, roll.Now.Active.Count <= 1, atMost, () => ReadAsync(after, Math.Clamp(most, 1, Most), cancellationToken), cancellationToken);

    public Task<long> HeadAsync(CancellationToken cancellationToken) => store.ArchiveHeadAsync(BurstChanges.Archive, cancellationToken);

    private async Task<(ImmutableArray<BurstChange> Found, bool Any, TimeSpan? Again)> ReadAsync(long after, int most, CancellationToken cancellationToken)
    {
        var page = await store.ArchiveAsync(BurstChanges.Archive, after, most, cancellationToken);
        return ([.. page.Select(BurstChanges.Read)], page.Count > 0, null);
    }
}
