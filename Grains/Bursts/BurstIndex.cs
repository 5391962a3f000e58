using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using Svom.EventStore;

namespace Svom.Bursts;

/// <summary>Search rows of bursts: by first heard, by observation, and the feed of each.</summary>
internal static class BurstIndex
{
    private const string ByFirstHeard = "burst";
    private const string ByObservation = "burst-observation";
    private const string FeedOf = "burst-feed";

    public static bool IsRehearsal(string burst) => burst.StartsWith("tb", StringComparison.Ordinal);

    /// <summary>Key of a burst in the list by first heard: sorts by time, then id.</summary>
    public static string Key(BurstView burst) => string.Create(CultureInfo.InvariantCulture, $"{burst.FirstHeard.UtcDateTime:yyyyMMddHHmmssfffffff}/{burst.Id}");

    /// <summary>Rows that a burst's commit sets.</summary>
    /// <param name="observations">On-board identifiers that its new packets carry, ECLAIRs' or GRM's: the burst is found by each.</param>
    public static IEnumerable<IndexChange> Rows(BurstView burst, byte[] view, IEnumerable<uint> observations)
    {
        var key = Key(burst);
        yield return new(ByFirstHeard, key, view);
        foreach (var observation in observations)
        {
            yield return new(ByObservation, string.Create(CultureInfo.InvariantCulture, $"{observation}/{burst.Id}"), Encoding.UTF8.GetBytes(key));
        }
    }

    /// <summary>Row that the sequencer sets when it opens a burst.</summary>
    public static IndexChange Feed(string burst, string feed) => new(FeedOf, burst, Encoding.UTF8.GetBytes(feed));

    /// <summary>The feed of a burst; null when there is no such burst.</summary>
    public static async Task<string?> FeedAsync(IEventStore store, string burst, CancellationToken cancellationToken)
    {
        var rows = await store.IndexAsync(FeedOf, burst, burst + '\0', 1, descending: false, cancellationToken);
        return rows.Count > 0 ? Encoding.UTF8.GetString(rows[0].Value.Span) : null;
    }

    /// <summary>Ids of the bursts of one day.</summary>
    /// <param name="prefix">sb or tb.</param>
    /// <param name="day">YYMMDD.</param>
    public static async Task<IEnumerable<string>> OfDayAsync(IEventStore store, string prefix, string day, CancellationToken cancellationToken)
    {
        const int Most = 1_000_000; // Above ten a second, the whole day.
        return (await store.IndexAsync(FeedOf, prefix + day, prefix + day + "~", Most, descending: true, cancellationToken)).Select(static row => row.Key);
    }

    /// <summary>Views before a key, newest first.</summary>
    public static async Task<IReadOnlyList<(string Key, BurstView View)>> PageAsync(
        IEventStore store, string from, string before, int max, CancellationToken cancellationToken)
    {
        var rows = await store.IndexAsync(ByFirstHeard, from, before, max, descending: true, cancellationToken);
        return [.. rows.Select(static row => (row.Key, Read(row.Value)))];
    }

    /// <summary>Bursts of one observation, newest first.</summary>
    public static async Task<IReadOnlyList<BurstView>> OfObservationAsync(IEventStore store, string observation, int max, CancellationToken cancellationToken)
    {
        var found = new List<BurstView>();
        foreach (var row in await store.IndexAsync(ByObservation, observation + "/", observation + "0", max, descending: true, cancellationToken))
        {
            var key = Encoding.UTF8.GetString(row.Value.Span);
            found.AddRange((await store.IndexAsync(ByFirstHeard, key, key + '\0', 1, descending: false, cancellationToken)).Select(static burst => Read(burst.Value)));
        }

        return [.. found.OrderByDescending(Key, StringComparer.Ordinal)];
    }

    /// <summary>Ids of bursts that changed since a time.</summary>
    public static async IAsyncEnumerable<string> RecentAsync(IEventStore store, DateTimeOffset since, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        const int Page = 200;
        var before = "~";
        while (await PageAsync(store, "", before, Page, cancellationToken) is { Count: > 0 } page)
        {
            foreach (var (_, view) in page.Where(burst => burst.View.Updated >= since))
            {
                yield return view.Id;
            }

            before = page[^1].Key;
            if (page.Count < Page || page[^1].View.FirstHeard < since - TimeSpan.FromDays(30))
            {
                break; // Bursts close long before that: nothing older has changed since.
            }
        }
    }

    private static BurstView Read(ReadOnlyMemory<byte> view) =>
        JsonSerializer.Deserialize(view.Span, BurstViewJson.Default.BurstView) ?? throw new InvalidDataException("A burst's view is empty.");
}
