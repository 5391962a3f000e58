using Svom.Crash;
using Svom.Support;

namespace Svom.EventStore;

/// <summary>Connections cut, servers killed, processes killed: what was answered stays, and who asks again is told the truth.</summary>
public sealed class PostgresOutageTests(SharedPostgres postgres, ITestOutputHelper output)
{
    private const string CutAll = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'svom%' AND datname = current_database()";

    [Fact]
    public async Task Connections_cut_again_and_again_lose_no_answered_append_and_double_none()
    {
        await using var database = await postgres.NewDatabaseAsync();
        await using var store = PostgresStores.Open(database);
        using var cut = new SemaphoreSlim(0);
        using var done = new CancellationTokenSource();
        var cutting = Task.Run(async () =>
        {
            var cuts = 0;
            for (; !done.IsCancellationRequested; cuts++)
            {
                await cut.WaitAsync(done.Token).ContinueWith(static _ => { }, TaskScheduler.Default);
                await database.RunSqlAsync(CutAll);
            }

            return cuts;
        });
        var (sent, uncertain) = await PostgresStores.FillAsync(store, streams: 8, versions: 50, landed =>
        {
            if (landed % 20 == 0)
            {
                cut.Release();
            }
        });
        await done.CancelAsync();
        output.WriteLine($"{await cutting} cuts, {uncertain} uncertain answers");
        await PostgresStores.CheckAsync(store, sent);
    }

    [Fact]
    public async Task A_server_killed_in_the_middle_of_appends_and_started_again_has_all_it_answered()
    {
        Assert.SkipWhen(PostgresServer.Missing is not null, PostgresServer.Missing ?? "");
        await using var server = await PostgresServer.StartNewAsync();
        await using var database = new TestDatabase(server, await server.NewDatabaseAsync());
        await using var store = PostgresStores.Open(database);
        using var kill = new SemaphoreSlim(0);
        var killing = Task.Run(async () =>
        {
            for (var kills = 0; kills < 3; kills++)
            {
                await kill.WaitAsync();
                server.Kill();
                await server.StartAsync();
            }
        });
        var (sent, uncertain) = await PostgresStores.FillAsync(store, streams: 8, versions: 50, landed =>
        {
            if (landed is 50 or 170 or 290)
            {
                kill.Release();
            }
        });
        await killing;
        output.WriteLine($"3 kills, {uncertain} uncertain answers");
        await PostgresStores.CheckAsync(store, sent);
    }

    [Theory]
    [InlineData("BeforeBegin"), InlineData("EventWritten"), InlineData("BeforeCommit"), InlineData("AfterCommit")]
    public async Task A_process_killed_at_a_step_leaves_nothing_half_there(string step)
    {
        await using var database = await postgres.NewDatabaseAsync();
        var time = Random.Shared.Next(1, 20);
        output.WriteLine($"dies at {step}, time {time}");
        var (lines, exitCode) = await CrashingProcess.RunAsync("events", database.Options().ConnectionString, step, $"{time}");
        Assert.NotEqual(0, exitCode);
        await using var store = PostgresStores.Open(database);
        await EventStoreCrashTests.CheckAsync(store, lines);
    }

    [Fact] // It wakes up believing that it still leads its streams.
    public async Task A_silo_frozen_in_the_middle_of_its_work_holds_nobody_up_and_writes_nothing_foreign_when_it_wakes()
    {
        await using var database = await postgres.NewDatabaseAsync();
        await using var store = PostgresStores.Open(database);
        var after = Random.Shared.Next(5, 60);
        output.WriteLine($"frozen after {after} answers");
        using var silo = FrozenProcess.Start("events", database.Options().ConnectionString);
        await silo.FreezeAfterAsync(after);
        var taken = new long[EventWork.Streams];
        for (var stream = 0; stream < EventWork.Streams; stream++)
        {
            // What the frozen one had sent may still land, but only before we look.
            AppendResult result;
            do
            {
                taken[stream] = (await store.LoadAsync(EventWork.Stream(stream), CancellationToken.None)).Head + 1;
                result = await store.AppendAsync(new(Guid.NewGuid(), EventWork.Stream(stream), taken[stream] - 1, new byte[1]), CancellationToken.None);
            }
            while (!result.Landed);
        }

        var lines = await silo.WakeAsync();
        for (var stream = 0; stream < EventWork.Streams; stream++)
        {
            var rows = await store.ReadAsync(EventWork.Stream(stream), 0, int.MaxValue, CancellationToken.None);
            Assert.Equal(Enumerable.Range(1, rows.Count).Select(static v => (long)v), rows.Select(static row => row.Version));
            Assert.All(rows, row => Assert.Equal(row.Version < taken[stream], row.AppendId == EventWork.Id(stream, row.Version)));
            Assert.Equal(taken[stream], rows.Count);
        }

        Assert.Contains(lines, static line => line.StartsWith("refused", StringComparison.Ordinal));
    }
}
