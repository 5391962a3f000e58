using Svom.EventStore;
using Svom.Sqlite;

namespace Svom.Packets;

/// <summary>Many callers, many waiters, failing commits.</summary>
public abstract partial class PacketLogSuite
{
    [Fact]
    public async Task Positions_have_no_gap_and_a_tail_misses_nothing_while_many_ingest()
    {
        const int Callers = 8, Calls = 20, Each = 10;
        var tailed = new List<LoggedReception>();
        var tail = Task.Run(async () =>
        {
            long at = 0, ticket = 0;
            while (tailed.Count < Callers * Calls * Each)
            {
                ticket = await Log.HeadAsync(Live, None) > at ? ticket : await Log.WaitAnyAsync(ticket, TimeSpan.FromSeconds(30), None);
                var slice = await Log.ReadAsync(Live, at, 77, packetsOnly: false, None);
                tailed.AddRange(slice.Items);
                at = slice.UpTo;
            }
        });
        var answers = await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            var accepted = 0;
            for (var call = 0; call < Calls; call++)
            {
                // Every call repeats half of the one before it.
                var from = call * Each;
                accepted += (await AppendAsync([.. Enumerable.Range(Math.Max(0, from - 5), from == 0 ? Each : Each + 5)
                    .Select(n => Heard($"{caller}.{n}", $"station-{caller}", ms: n, count: n))])).Accepted;
            }

            return accepted;
        })));
        await tail;
        Assert.Equal(Callers * Calls * Each, answers.Sum());
        Assert.Equal(Enumerable.Range(1, Callers * Calls * Each).Select(n => (long)n), tailed.Select(one => one.Position));
    }

    [Fact]
    public async Task One_packet_from_many_stations_at_once_is_first_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 30).Select(n => AppendAsync(Heard("a", $"station-{n}"))));
        Assert.Equal(30, (await AllAsync()).Count);
        Assert.Single(await AllAsync(packetsOnly: true));
        Assert.Equal(1, (await AllAsync()).Count(one => one.FirstCopy));
    }

    [Fact]
    public async Task An_append_to_any_feed_wakes_who_waits()
    {
        var ticket = await Log.WaitAnyAsync(0, TimeSpan.Zero, None);
        foreach (var feed in new FeedId[] { Live, new("svom", "drill") })
        {
            var waiting = Log.WaitAnyAsync(ticket, TimeSpan.FromMinutes(1), None);
            Assert.False(waiting.IsCompleted);
            await AppendAsync(Heard("a", feed: feed));
            var next = await waiting;
            Assert.NotEqual(ticket, next);
            ticket = next;
        }
    }

    [Fact]
    public async Task Who_waits_in_vain_gets_the_ticket_back_when_the_time_is_up()
    {
        await AppendAsync(Heard("a"));
        var ticket = await Log.WaitAnyAsync(0, TimeSpan.FromMinutes(1), None);
        Assert.Equal(ticket, await Log.WaitAnyAsync(ticket, TimeSpan.FromMilliseconds(5), None));
        using var cancel = new CancellationTokenSource();
        var waiting = Log.WaitAnyAsync(ticket, TimeSpan.FromMinutes(1), cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task A_duplicate_wakes_nobody()
    {
        await AppendAsync(Heard("a"));
        var ticket = await Log.WaitAnyAsync(0, TimeSpan.Zero, None);
        await AppendAsync(Heard("a"));
        Assert.Equal(ticket, await Log.WaitAnyAsync(ticket, TimeSpan.Zero, None));
    }

    [Fact]
    public async Task A_call_whose_answer_was_lost_can_be_sent_again()
    {
        Faults.LoseAnswers(1);
        await Assert.ThrowsAsync<AppendUncertainException>(() => AppendAsync(Heard("a"), Heard("b", count: 2)));
        for (long ticket = 0; await Log.HeadAsync(Live, None) < 2;) // Its readers hear of it without the sender.
        {
            ticket = await Log.WaitAnyAsync(ticket, TimeSpan.FromMinutes(1), None);
        }

        Assert.Equal(new LogAppend(0, 2, 0, null, null), await AppendAsync(Heard("a"), Heard("b", count: 2)));
        Assert.Equal(2, (await AllAsync()).Count);
    }

    [Fact]
    public async Task A_call_that_fails_leaves_nothing_of_itself()
    {
        await AppendAsync(Heard("a"));
        Faults.FailCommits(1);
        await Assert.ThrowsAsync<AppendUncertainException>(() => AppendAsync(Heard("b"), Heard("c", feed: new("svom", "drill"))));
        Assert.Equal(["a"], (await AllAsync()).Select(Text));
        Assert.False((await AllAsync())[0].Conflict);
        Assert.Equal([Live], await Log.FeedsAsync(None));
        Assert.Equal(new LogAppend(1, 0, 0, 2, 2), await AppendAsync(Heard("b", count: 2)));
    }

    [Fact]
    public async Task A_full_queue_answers_overloaded_and_later_takes_the_same()
    {
        await ReopenAsync(new() { QueuedIngests = 1 });
        var held = Faults.Hold();
        var first = AppendAsync(Heard("a"));
        await held;
        var queued = AppendAsync(Heard("b", count: 2));
        Assert.Equal(new LogAppend(0, 0, 0, null, null, Overloaded: true), await AppendAsync(Heard("c", count: 3)));
        Faults.Release();
        await first;
        await queued;
        Assert.Equal(3, (await AppendAsync(Heard("c", count: 3))).Last);
    }
}
