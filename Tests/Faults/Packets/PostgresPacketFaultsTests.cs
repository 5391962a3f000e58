using Svom.Crash;
using Svom.EventStore;
using Svom.Storage;
using Svom.Support;

namespace Svom.Packets;

/// <summary>The packet log on PostgreSQL under several writers, cut connections, killed servers and frozen silos.</summary>
public sealed class PostgresPacketFaultsTests(SharedPostgres postgres, ITestOutputHelper output)
{
    private const string CutAll = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'svom%' AND datname = current_database()";
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Two_silos_that_hear_one_feed_keep_one_order_and_each_hears_of_the_others_receptions()
    {
        await using var database = await postgres.NewDatabaseAsync();
        await using var first = Open(database);
        await using var second = Open(database);
        PostgresPacketLog[] silos = [first, second];
        var tails = silos.Select(static log => Task.Run(() => TailAsync(log, PacketWork.Callers * PacketWork.Calls * 8))).ToArray();
        await Task.WhenAll(Enumerable.Range(0, PacketWork.Callers).Select(caller => Task.Run(async () =>
        {
            for (var call = 0; call < PacketWork.Calls; call++)
            {
                await silos[caller % 2].AppendAsync(PacketWork.Call(caller, call), PacketWork.Start, None);
            }
        })));
        foreach (var tail in tails)
        {
            Assert.Equal(Enumerable.Range(1, PacketWork.Callers * PacketWork.Calls * 8).Select(static n => (long)n), await tail);
        }

        await PacketLogCrashTests.CheckWholeAsync(first);
        await PacketLogCrashTests.CheckWholeAsync(second);
    }

    [Fact]
    public async Task A_feed_made_by_another_silo_is_heard_of()
    {
        await using var database = await postgres.NewDatabaseAsync();
        await using var first = Open(database);
        await using var second = Open(database);
        var waiting = second.WaitAnyAsync(await second.WaitAnyAsync(0, TimeSpan.Zero, None), TimeSpan.FromMinutes(1), None);
        await first.AppendAsync(PacketWork.Call(0, 0), PacketWork.Start, None);
        await waiting;
        Assert.Equal([PacketWork.Feed], await second.FeedsAsync(None));
        await first.SaveCheckpointAsync("reader", PacketWork.Feed, 5, None);
        await second.SaveCheckpointAsync("reader", PacketWork.Feed, 3, None);
        while (await second.CheckpointAsync("reader", PacketWork.Feed, None) < 5)
        {
            await Task.Yield();
        }
    }

    [Fact]
    public async Task Connections_cut_again_and_again_lose_no_answered_reception()
    {
        await using var database = await postgres.NewDatabaseAsync();
        await using var log = Open(database);
        await FillAsync(log, (caller, call) => caller == 0 ? database.RunSqlAsync(CutAll) : Task.CompletedTask);
        await PacketLogCrashTests.CheckWholeAsync(log);
    }

    [Fact]
    public async Task A_server_killed_in_the_middle_of_an_ingest_and_started_again_has_all_it_answered()
    {
        Assert.SkipWhen(PostgresServer.Missing is not null, PostgresServer.Missing ?? "");
        await using var server = await PostgresServer.StartNewAsync();
        await using var database = new TestDatabase(server, await server.NewDatabaseAsync());
        await using var log = Open(database);
        await FillAsync(log, async (caller, call) =>
        {
            if (caller == 0 && call % 5 == 2)
            {
                server.Kill();
                await server.StartAsync();
            }
        });
        await PacketLogCrashTests.CheckWholeAsync(log);
    }

    [Theory]
    [InlineData("BeforeBegin"), InlineData("BeforeCommit"), InlineData("AfterCommit")]
    public async Task A_process_killed_at_a_step_leaves_whole_calls_alone(string step)
    {
        await using var database = await postgres.NewDatabaseAsync();
        var time = Random.Shared.Next(1, 11);
        output.WriteLine($"dies at {step}, time {time}");
        var (lines, exitCode) = await CrashingProcess.RunAsync("packets", database.Options().ConnectionString, step, $"{time}");
        Assert.NotEqual(0, exitCode);
        await using var log = Open(database);
        await PacketLogCrashTests.CheckAndCompleteAsync(log, lines);
    }

    [Fact] // It had lost the race so often that it locked its feed before it looked; then it froze.
    public async Task A_silo_that_freezes_with_its_feed_locked_is_cut_off_by_the_server_and_learns_it()
    {
        await using var database = await postgres.NewDatabaseAsync();
        var options = database.Options(new() { LockTimeout = TimeSpan.FromMilliseconds(400) });
        await using var other = new PostgresPacketLog(options, TimeProvider.System, null);
        using var faults = new OvertakenThenFrozen(call => other.AppendAsync(PacketWork.Call(1, call), PacketWork.Start, None));
        await using var unlucky = new PostgresPacketLog(options, TimeProvider.System, faults);
        var frozen = unlucky.AppendAsync(PacketWork.Call(0, 0), PacketWork.Start, None);
        await faults.Frozen;

        // The feed's head is locked by the frozen one until the server cuts it off; that takes less than we are ready to wait.
        Assert.Equal(PacketWork.Call(2, 0).Length - 1, (await other.AppendAsync(PacketWork.Call(2, 0), PacketWork.Start, None)).Accepted);
        faults.Wake();
        await Assert.ThrowsAsync<AppendUncertainException>(() => frozen);
        Assert.Equal(PacketWork.Call(0, 0).Length - 1, (await unlucky.AppendAsync(PacketWork.Call(0, 0), PacketWork.Start, None)).Accepted);
    }

    private static PostgresPacketLog Open(TestDatabase database) =>
        new(database.Options(new() { LazyDelay = TimeSpan.FromMilliseconds(1) }), TimeProvider.System, null);

    /// <summary>Sends every call until it is answered; something happens after each.</summary>
    private async Task FillAsync(PostgresPacketLog log, Func<int, int, Task> after)
    {
        var uncertain = 0;
        await Task.WhenAll(Enumerable.Range(0, PacketWork.Callers).Select(caller => Task.Run(async () =>
        {
            for (var call = 0; call < PacketWork.Calls; call++)
            {
                while (true)
                {
                    try
                    {
                        await log.AppendAsync(PacketWork.Call(caller, call), PacketWork.Start, None);
                        break;
                    }
                    catch (AppendUncertainException)
                    {
                        Interlocked.Increment(ref uncertain);
                    }
                }

                await after(caller, call);
            }
        })));
        output.WriteLine($"{uncertain} uncertain answers");
    }

    private static async Task<List<long>> TailAsync(PostgresPacketLog log, int receptions)
    {
        var positions = new List<long>();
        var (at, ticket) = (0L, 0L);
        while (positions.Count < receptions)
        {
            if (at == await log.HeadAsync(PacketWork.Feed, None))
            {
                ticket = await log.WaitAnyAsync(ticket, TimeSpan.FromSeconds(30), None);
            }

            var slice = await log.ReadAsync(PacketWork.Feed, at, 50, packetsOnly: false, None);
            positions.AddRange(slice.Items.Select(static one => one.Position));
            at = slice.UpTo;
        }

        return positions;
    }

    private sealed class OvertakenThenFrozen(Func<int, Task> overtake) : IStorageFaults, IDisposable
    {
        private readonly ManualResetEventSlim woken = new();
        private readonly TaskCompletionSource frozen = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int turns;

        public Task Frozen => frozen.Task;

        public void Wake() => woken.Set();

        public void At(StorageStep step, object? subject)
        {
            if (step != StorageStep.BeforeCommit)
            {
                return;
            }

            if (turns++ < 4)
            {
                WriterFaults.StandStill(overtake(turns));
            }
            else
            {
                frozen.TrySetResult();
                woken.Wait();
            }
        }

        public void Dispose() => woken.Dispose();
    }
}
