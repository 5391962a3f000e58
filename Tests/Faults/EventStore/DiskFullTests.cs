using Microsoft.Extensions.Logging.Abstractions;
using Svom.Packets;
using Svom.Sqlite;
using Svom.Storage;
using Svom.Support;

namespace Svom.EventStore;

/// <summary>No room: answers are uncertain, what was answered stays, and with room again the store goes on.</summary>
public sealed class DiskFullTests
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task A_file_that_may_not_grow_refuses_and_recovers()
    {
        using var folder = new TemporaryFolder();
        using var data = DataFolder.Open(folder.Path);
        await using var store = Open(data);
        await LimitAsync(store, 200);
        var landed = await FillAsync(store, 64 << 10);
        Assert.InRange(landed.Count, 1, 100);

        // A small one may still find a place; a large one finds none; their neighbours are judged one by one.
        await LimitAsync(store, 1_000_000);
        await CheckAndGoOnAsync(store, landed);
    }

    [Fact]
    public async Task A_full_disk_refuses_and_recovers()
    {
        using var disk = await SmallDisk.MountAsync(megabytes: 8);
        var ballast = Path.Combine(disk.Path, "ballast");
        await File.WriteAllBytesAsync(ballast, new byte[3 << 20]);
        List<Append> landed;
        using (var data = DataFolder.Open(disk.Path))
        {
            await using var store = Open(data);
            landed = await FillAsync(store, 64 << 10);
            Assert.InRange(landed.Count, 1, 100);
            File.Delete(ballast);
            await CheckAndGoOnAsync(store, landed);
        }

        using var again = DataFolder.Open(disk.Path);
        await using var reopened = Open(again);
        await CheckAsync(reopened, landed);
    }

    [Fact]
    public async Task A_packet_log_without_room_loses_nothing_it_answered()
    {
        using var disk = await SmallDisk.MountAsync(megabytes: 8);
        var ballast = Path.Combine(disk.Path, "ballast");
        await File.WriteAllBytesAsync(ballast, new byte[3 << 20]);
        using var data = DataFolder.Open(disk.Path);
        await using var log = new SqlitePacketLog(data, new StorageOptions(), TimeProvider.System, null);
        var (sent, failed) = (0, 0);
        while (failed < 3)
        {
            try
            {
                await log.AppendAsync(Call(sent), DateTimeOffset.UnixEpoch, None);
                sent++;
            }
            catch (AppendUncertainException)
            {
                failed++;
            }
        }

        File.Delete(ballast);
        var feed = new FeedId("svom");
        Assert.Equal(sent * 100, (await log.ReadAsync(feed, 0, 1_000_000, packetsOnly: false, None)).Items.Count);
        Assert.Equal(new LogAppend(100, 0, 0, (sent * 100) + 1, (sent * 100) + 100), await log.AppendAsync(Call(sent), DateTimeOffset.UnixEpoch, None));
    }

    private static CheckedReception[] Call(int call) => [.. Enumerable.Range(call * 100, 100).Select(n => new CheckedReception(
        new("svom"), new("kourou", DateTimeOffset.UnixEpoch.AddMilliseconds(n), new byte[1000]), new((ulong)n, 1), ReceptionVerdict.Valid,
        new(576, n % 16_384, DateTimeOffset.UnixEpoch.AddSeconds(n))))];

    private static SqliteEventStore Open(DataFolder data) =>
        new(data, new StorageOptions(), TimeProvider.System, [], NullLogger<SqliteEventStore>.Instance, null);

    private static Task<long> LimitAsync(SqliteEventStore store, int pages) =>
        store.CallAsync(AppendLane.Decision, c => c.Prepare($"PRAGMA max_page_count={pages}").Scalar() ?? 0, None);

    /// <summary>Appends several streams at once until some of them fail.</summary>
    private static async Task<List<Append>> FillAsync(SqliteEventStore store, int octets)
    {
        var landed = new List<Append>();
        for (var round = 0; ; round++)
        {
            var appends = Enumerable.Range(0, 4).Select(n => new Append(Guid.NewGuid(), new($"full/{round}.{n}"), 0, new byte[octets])).ToArray();
            var sent = appends.Select(append => store.AppendAsync(append, None)).ToArray();
            var failed = 0;
            for (var n = 0; n < sent.Length; n++)
            {
                try
                {
                    Assert.True((await sent[n]).Landed);
                    landed.Add(appends[n]);
                }
                catch (AppendUncertainException)
                {
                    failed++;
                }
            }

            if (failed > 0)
            {
                return landed;
            }
        }
    }

    private static async Task CheckAndGoOnAsync(SqliteEventStore store, List<Append> landed)
    {
        await CheckAsync(store, landed);
        var after = Enumerable.Range(0, 8).Select(n => new Append(Guid.NewGuid(), new($"after/{n}"), 0, new byte[1000])).ToArray();
        Assert.All(await Task.WhenAll(after.Select(append => store.AppendAsync(append, None))), result => Assert.True(result.Landed));
        landed.AddRange(after);
        await CheckAsync(store, landed);
    }

    private static async Task CheckAsync(SqliteEventStore store, List<Append> landed)
    {
        foreach (var append in landed)
        {
            var content = await store.LoadAsync(append.Stream, None);
            Assert.Equal((append.Id, append.Payload.Length), (content.Rows[0].AppendId, content.Rows[0].Payload.Length));
        }
    }
}
