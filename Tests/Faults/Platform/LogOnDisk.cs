using System.Collections.Immutable;
using Svom.Packets;
using Svom.Sqlite;
using Svom.Storage;

namespace Svom.Faults;

/// <summary>The packet log of a platform that was stopped, read as it lies on the disk, and what must be true of it.</summary>
internal static class LogOnDisk
{
    private const int Slice = 1_000;

    /// <param name="story">Receptions of the story, in its order; its one sender waited for each answer.</param>
    /// <param name="acknowledged">All receptions that were ever acknowledged.</param>
    /// <param name="sessions">The feeds there are: null is the live one.</param>
    public static async Task<List<string>> FindingsAsync(
        string folder, IReadOnlyCollection<ReceptionKey> story, IReadOnlyCollection<ReceptionKey> acknowledged, ImmutableArray<string?> sessions)
    {
        var findings = new List<string>();
        using var data = Sqlite.DataFolder.Open(folder);
        await using var log = new SqlitePacketLog(data, new StorageOptions(), TimeProvider.System, faults: null);
        var feeds = await log.FeedsAsync(CancellationToken.None);
        Compare("feeds", string.Join(' ', sessions.Order(StringComparer.Ordinal).Select(static session => session ?? "live")), string.Join(' ', feeds.Select(static feed => feed.Session).Order(StringComparer.Ordinal).Select(static session => session ?? "live")));
        var stored = new List<ReceptionKey>();
        foreach (var feed in feeds)
        {
            var receptions = await ReadAsync(log, feed);
            var gap = receptions.Select(static (reception, n) => (reception.Position, Wanted: n + 1L)).FirstOrDefault(static one => one.Position != one.Wanted);
            Compare($"first position out of line in {feed}", $"{default((long, long))}", $"{gap}");
            Compare($"head of {feed}", $"{receptions.Count}", $"{await log.HeadAsync(feed, CancellationToken.None)}");

            // Recovered packets come from the platform itself: nobody sent them.
            stored.AddRange(receptions.Where(static reception => reception.Verdict is not ReceptionVerdict.Recovered).Select(reception => new ReceptionKey(feed.Session, reception.Station, reception.ReceivedAt, reception.Id)));
        }

        var known = stored.ToHashSet();
        findings.AddRange(stored.GroupBy(static key => key).Where(static same => same.Count() > 1).Select(static same => $"{same.Key} stands {same.Count()} times in the log"));
        findings.AddRange(acknowledged.Where(key => !known.Contains(key)).Select(static lost => $"{lost} was acknowledged and is lost"));
        findings.AddRange(stored.Except(acknowledged).Select(static key => $"{key} is in the log and was never acknowledged, though its sender got all its answers"));

        // The order is the story's, whatever happened in between and whatever else came in beside it.
        var told = story.ToHashSet();
        Compare("order of the story", string.Join('\n', story.Distinct()), string.Join('\n', stored.Where(told.Contains)));
        return findings;

        void Compare(string what, string wanted, string found)
        {
            if (wanted != found)
            {
                findings.Add($"{what} should be:\n{wanted}\nand is:\n{found}");
            }
        }
    }

    /// <summary>Everything that stands in one feed, by position.</summary>
    public static async Task<List<LoggedReception>> ReadAsync(string folder, FeedId feed)
    {
        using var data = Sqlite.DataFolder.Open(folder);
        await using var log = new SqlitePacketLog(data, new StorageOptions(), TimeProvider.System, faults: null);
        return await ReadAsync(log, feed);
    }

    private static async Task<List<LoggedReception>> ReadAsync(SqlitePacketLog log, FeedId feed)
    {
        var stored = new List<LoggedReception>();
        while (await log.ReadAsync(feed, stored.Count == 0 ? 0 : stored[^1].Position, Slice, packetsOnly: false, CancellationToken.None) is { Items.Count: > 0 } slice)
        {
            stored.AddRange(slice.Items);
        }

        return stored;
    }
}
