using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Orleans.Concurrency;
using Svom.EventStore;

namespace Svom.Notifications;

/// <summary>One thing that a telescope said, as it stands in its followers' archive.</summary>
internal sealed record ArchivedWord(string Burst, string? Notice, TelescopeReceipt? Receipt, TelescopeIntent? Intent);

/// <summary>The archive of what telescopes said: one order over all of them, so that one number says up to where a follower has heard.</summary>
internal static class TelescopeArchive
{
    /// <summary>Name of the archive in the event store.</summary>
    public const string Name = "telescope-words";

    public static ArchiveEntry Of(TelescopeReceipt receipt, string notice) => Entry(
        $"{receipt.Envelope}/{receipt.Telescope}", "receipt", receipt.ToldAt, new(notice[..notice.IndexOf('_', StringComparison.Ordinal)], notice, receipt, null));

    /// <param name="number">Its place among the intents about its burst.</param>
    public static ArchiveEntry Of(TelescopeIntent intent, int number) => Entry(
        string.Create(CultureInfo.InvariantCulture, $"{intent.Burst}/{number}"), "intent", intent.ToldAt, new(intent.Burst, null, null, intent));

    public static TelescopeWord Read(ArchivedEntry entry)
    {
        var word = JsonSerializer.Deserialize(entry.Entry.Content.Span, TelescopeJson.Default.ArchivedWord) ?? throw new InvalidDataException("A telescope's word is empty.");
        return new(entry.Sequence, word.Burst, word.Notice, word.Receipt, word.Intent);
    }

    private static ArchiveEntry Entry(string id, string kind, DateTimeOffset at, ArchivedWord word) =>
        new(Name, id, word.Burst, kind, at, JsonSerializer.SerializeToUtf8Bytes(word, TelescopeJson.Default.ArchivedWord));
}

/// <summary>Follows what telescopes say. Its waits are woken by the append itself; many followers wait side by side in one activation.</summary>
[StatelessWorker(1), Reentrant]
internal sealed class TelescopeFollowGrain(IEventStore store, ArchiveWatch watch, ISiloRoll roll) : Grain, ITelescopeFollowGrain
{
    private const int Most = 1_000;

    public Task<ImmutableArray<TelescopeWord>> AfterAsync(long after, int most, TimeSpan atMost, CancellationToken cancellationToken) =>
        watch.ReadAsync(
            TelescopeArchive.Name, null, roll.Now.Active.Count <= 1, atMost, () => ReadAsync(after, Math.Clamp(most, 1, Most), cancellationToken), cancellationToken);

    public Task<long> HeadAsync(CancellationToken cancellationToken) => store.ArchiveHeadAsync(TelescopeArchive.Name, cancellationToken);

    private async Task<(ImmutableArray<TelescopeWord> Found, bool Any, TimeSpan? Again)> ReadAsync(long after, int most, CancellationToken cancellationToken)
    {
        var page = await store.ArchiveAsync(TelescopeArchive.Name, after, most, cancellationToken);
        return ([.. page.Select(TelescopeArchive.Read)], page.Count > 0, null);
    }
}
