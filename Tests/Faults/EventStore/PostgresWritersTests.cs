using Npgsql;
using Svom.Storage;
using Svom.Support;

namespace Svom.EventStore;

/// <summary>Several writers on one database, and transactions that hold what others need.</summary>
public sealed class PostgresWritersTests(SharedPostgres postgres)
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Two_silos_that_write_the_same_streams_share_one_history()
    {
        await using var database = await postgres.NewDatabaseAsync();
        await using var first = PostgresStores.Open(database);
        await using var second = PostgresStores.Open(database);
        PostgresEventStore[] silos = [first, second];
        var sent = await Task.WhenAll(Enumerable.Range(0, 12).Select(writer => Task.Run(async () =>
        {
            var store = silos[writer % 2];
            var landed = new List<Append>();
            for (var n = 0; n < 20; n++)
            {
                var stream = $"s{(writer + n) % 3}";
                while (true)
                {
                    var append = PostgresStores.Append(stream, (await store.LoadAsync(new(stream), None)).Head + 1) with { Claims = [new("turn", $"{n / 2}.{stream}")] };
                    append = append with { Owed = [append.Owed[0] with { Target = append.Id.ToString() }], Archive = [append.Archive[0] with { Id = append.Id.ToString() }] };
                    var result = await store.AppendAsync(append, None);
                    if (result.Landed)
                    {
                        landed.Add(append);
                        break;
                    }

                    if (result.Outcome == AppendOutcome.ClaimTaken)
                    {
                        break; // Somebody had this turn: each is taken once, whoever asks.
                    }
                }
            }

            return landed;
        })));
        var all = sent.SelectMany(static one => one).ToDictionary(static append => append.Id);
        Assert.Equal(30, all.Count);
        foreach (var stream in (string[])["s0", "s1", "s2"])
        {
            var rows = await first.ReadAsync(new(stream), 0, 1000, None);
            Assert.Equal(Enumerable.Range(1, 10).Select(static v => (long)v), rows.Select(static row => row.Version));
            Assert.All(rows, row => Assert.Equal(row.Version - 1, all[row.AppendId].ExpectedVersion));
        }

        var archive = await second.ArchiveAsync("faults", 0, 1000, None);
        Assert.Equal(Enumerable.Range(1, 30).Select(static n => (long)n), archive.Select(static entry => entry.Sequence));
        Assert.Equal(all.Keys.Select(static id => id.ToString()).Order(StringComparer.Ordinal), archive.Select(static entry => entry.Entry.Id).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_stream_held_by_a_transaction_that_does_not_end_fails_alone()
    {
        await using var database = await postgres.NewDatabaseAsync();
        using var faults = new WriterFaults();
        await using var store = PostgresStores.Open(database.Options(new() { LockTimeout = TimeSpan.FromMilliseconds(200) }), faults);
        string[] streams = ["a", "b", "c", "d"];
        await Task.WhenAll(streams.Select(stream => store.AppendAsync(PostgresStores.Append(stream, 1), None)));
        await using var other = await database.OpenAsync();
        await using var transaction = await other.BeginTransactionAsync();
        await using (var hold = new NpgsqlCommand("SELECT FROM svom_events.stream WHERE name = 'b' FOR UPDATE", other))
        {
            await hold.ExecuteNonQueryAsync();
        }

        var held = faults.Hold();
        var before = store.AppendAsync(PostgresStores.Append("e", 1), None);
        await held;
        var appends = streams.Select(static stream => PostgresStores.Append(stream, 2)).ToArray();
        var queued = appends.Select(append => store.AppendAsync(append, None)).ToArray();
        faults.Release();
        Assert.True((await before).Landed);
        await Assert.ThrowsAsync<AppendUncertainException>(() => queued[1]);
        Assert.All(await Task.WhenAll(queued[0], queued[2], queued[3]), static result => Assert.True(result.Landed));

        await transaction.RollbackAsync();
        Assert.Equal(2, (await store.AppendAsync(appends[1], None)).Head);
    }

    [Fact] // Before each of its commits another silo moves one of its streams; at last it locks what it needs before it looks.
    public async Task A_batch_that_is_overtaken_again_and_again_lands_in_the_end()
    {
        await using var database = await postgres.NewDatabaseAsync();
        await using var other = PostgresStores.Open(database);
        string[] streams = ["a", "b", "c", "d", "e"];
        using var faults = new Overtaken(turn => turn < 4 ? other.AppendAsync(PostgresStores.Append(streams[turn], 1), None) : Task.CompletedTask);
        await using var unlucky = PostgresStores.Open(database.Options(), faults);
        var first = unlucky.AppendAsync(PostgresStores.Append("first", 1), None);
        await faults.Held;
        var queued = streams.Select(stream => unlucky.AppendAsync(PostgresStores.Append(stream, 1) with { Archive = [] }, None)).ToArray();
        faults.Release();
        Assert.True((await first).Landed);
        var results = await Task.WhenAll(queued);
        Assert.Equal([false, false, false, false, true], results.Select(static result => result.Landed));
        Assert.Equal(6, faults.Turns);
    }

    /// <summary>Lets something happen before each commit; the first commit waits until it is released.</summary>
    private sealed class Overtaken(Func<int, Task> overtake) : IStorageFaults, IDisposable
    {
        private readonly ManualResetEventSlim released = new();
        private readonly TaskCompletionSource held = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Held => held.Task;

        public int Turns { get; private set; }

        public void Release() => released.Set();

        public void At(StorageStep step, object? subject)
        {
            if (step == StorageStep.BeforeCommit && Turns++ == 0)
            {
                held.TrySetResult();
                released.Wait();
            }
            else if (step == StorageStep.BeforeCommit)
            {
                WriterFaults.StandStill(overtake(Turns - 2));
            }
        }

        public void Dispose() => released.Dispose();
    }
}
