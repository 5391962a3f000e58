using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Svom.Crash;
using Svom.Sqlite;
using Svom.Storage;
using Svom.Support;

namespace Svom.EventStore;

/// <summary>A process killed at each step of a commit; another opens what it left.</summary>
public sealed class EventStoreCrashTests(ITestOutputHelper output)
{
    private static readonly CancellationToken None = CancellationToken.None;

    public static TheoryData<string> Steps() =>
    [
        .. new[]
        {
            StorageStep.BeforeBegin, StorageStep.HeadMoved, StorageStep.EventWritten, StorageStep.ClaimWritten, StorageStep.ArchiveWritten,
            StorageStep.OwedWritten, StorageStep.DueWritten, StorageStep.IndexWritten, StorageStep.SnapshotWritten, StorageStep.Settled,
            StorageStep.BeforeCommit, StorageStep.AfterCommit,
        }.Select(step => step.ToString()),
    ];

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task Nothing_answered_is_lost_and_nothing_is_half_there(string step)
    {
        var time = Random.Shared.Next(1, 20);
        output.WriteLine($"dies at {step}, time {time}");
        using var folder = new TemporaryFolder();
        var (lines, exitCode) = await CrashingProcess.RunAsync("events", folder.Path, step, $"{time}");
        Assert.NotEqual(0, exitCode);
        Assert.DoesNotContain(lines, line => line.StartsWith("refused", StringComparison.Ordinal));
        await CheckAsync(folder, lines);
    }

    internal static async Task CheckAsync(TemporaryFolder folder, string[] lines)
    {
        using (var data = DataFolder.Open(folder.Path))
        {
            await using var store = new SqliteEventStore(data, new StorageOptions(), TimeProvider.System, [], NullLogger<SqliteEventStore>.Instance, null);
            await CheckAsync(store, lines);
        }

        await using var connection = new SqliteConnection($"Data Source={folder.File("events.db")};Pooling=False");
        await connection.OpenAsync();
        await using var check = connection.CreateCommand();
        check.CommandText = "PRAGMA integrity_check";
        Assert.Equal("ok", await check.ExecuteScalarAsync());
    }

    /// <summary>What was answered is there, nothing is half there, and every stream goes on.</summary>
    internal static async Task CheckAsync(IEventStore store, string[] lines)
    {
        var heads = new long[EventWork.Streams];
        for (var stream = 0; stream < EventWork.Streams; stream++)
        {
            heads[stream] = await CheckStreamAsync(store, stream);
        }

        foreach (var landed in lines.Where(line => line.StartsWith("landed", StringComparison.Ordinal)).Select(Numbers))
        {
            Assert.True(heads[landed[0]] >= landed[1], $"stream {landed[0]} was told version {landed[1]} and has {heads[landed[0]]}");
        }

        var expected = Enumerable.Range(0, EventWork.Streams).SelectMany(s => Enumerable.Range(1, (int)heads[s]).Select(v => EventWork.Append(s, v))).ToArray();
        await CheckDutiesAsync(store, expected, lines);

        // Every stream goes on from its head.
        for (var stream = 0; stream < EventWork.Streams; stream++)
        {
            Assert.True((await store.AppendAsync(EventWork.Append(stream, heads[stream] + 1), None)).Landed);
        }
    }

    private static async Task<long> CheckStreamAsync(IEventStore store, int stream)
    {
        var rows = await store.ReadAsync(EventWork.Stream(stream), 0, int.MaxValue, None);
        Assert.Equal(Enumerable.Range(1, rows.Count).Select(v => (long)v), rows.Select(row => row.Version));
        Assert.All(rows, row => Assert.Equal(
            (EventWork.Id(stream, row.Version), $"{stream}.{row.Version}"), (row.AppendId, Encoding.UTF8.GetString(row.Payload.Span))));
        var content = await store.LoadAsync(EventWork.Stream(stream), None);
        Assert.Equal((rows.Count, rows.Count / 5 * 5), (content.Head, content.SnapshotVersion));
        return rows.Count;
    }

    private static async Task CheckDutiesAsync(IEventStore store, Append[] expected, string[] lines)
    {
        var settled = lines.Where(line => line.StartsWith("settles", StringComparison.Ordinal)).Select(Numbers)
            .Select(n => $"{n[0]}.{n[1]}.{n[2]}").ToHashSet(StringComparer.Ordinal);
        var owed = (await store.OwedAsync(0, StreamId.ShardCount, int.MaxValue, None)).Select(row => row.Message.Target).ToArray();
        var allOwed = expected.SelectMany(append => append.Owed).Select(message => message.Target).ToArray();
        Assert.Empty(owed.Except(allOwed));

        // A settling that was said and cut off is just as allowed as one that was cut off before it was said.
        Assert.DoesNotContain(allOwed.Except(owed), target => !settled.Contains(target));

        var archive = await store.ArchiveAsync("crash", 0, int.MaxValue, None);
        Assert.Equal(Enumerable.Range(1, archive.Count).Select(n => (long)n), archive.Select(entry => entry.Sequence));
        Assert.Equal(expected.SelectMany(append => append.Archive).Select(entry => entry.Id).Order(), archive.Select(entry => entry.Entry.Id).Order());

        var newest = expected.GroupBy(append => append.Stream).Select(stream => stream.Last()).OrderBy(append => append.Stream.Value).ToArray();
        Assert.Equal(
            newest.Select(append => append.Due[0].At),
            (await store.DueAsync(0, StreamId.ShardCount, DateTimeOffset.MaxValue, 1000, None)).OrderBy(row => row.Stream.Value).Select(row => (DateTimeOffset?)row.At));
        Assert.Equal(
            newest.Select(append => Encoding.UTF8.GetString(append.Index[0].Value!.Value.Span)),
            (await store.IndexAsync("crash", "", "z", 1000, false, None)).OrderBy(row => row.Stream.Value).Select(row => Encoding.UTF8.GetString(row.Value.Span)));

        foreach (var claim in expected.SelectMany(append => append.Claims))
        {
            var thief = new Append(Guid.NewGuid(), new($"thief/{claim.Key}"), 0, new byte[1]) { Claims = [claim] };
            Assert.Equal(AppendOutcome.ClaimTaken, (await store.AppendAsync(thief, None)).Outcome);
        }
    }

    private static int[] Numbers(string line) => [.. line.Split(' ')[1..].Select(number => int.Parse(number, CultureInfo.InvariantCulture))];
}
