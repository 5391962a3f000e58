using System.Text;
using Svom.Storage;
using Svom.Support;

namespace Svom.EventStore;

/// <summary>
/// What every event store does. An adapter's class only says how to open it over the same data again and again; a fault hook of
/// the steps of a commit is passed along.
/// </summary>
public abstract partial class EventStoreSuite : IAsyncLifetime
{
    protected static readonly CancellationToken None = CancellationToken.None;

    private protected WriterFaults Faults { get; } = new();

    private protected List<LandedAppend> Landings { get; } = [];

    protected IEventStore Store { get; private set; } = null!;

    /// <summary>Opens the store over this test's data, which stay over openings.</summary>
    private protected abstract Task<IEventStore> OpenAsync(StorageOptions options, IReadOnlyList<IAppendObserver> observers, WriterFaults faults);

    /// <summary>Closes what was opened.</summary>
    private protected abstract Task CloseAsync(IEventStore store);

    public async ValueTask InitializeAsync() => await ReopenAsync();

    public virtual async ValueTask DisposeAsync()
    {
        Faults.Release();
        if (Store is not null) // Null when the test was skipped.
        {
            await CloseAsync(Store);
        }

        Faults.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected async Task ReopenAsync(StorageOptions? options = null)
    {
        if (Store is not null)
        {
            await CloseAsync(Store);
        }

        Store = await OpenAsync(options ?? new(), [new Observer(Landings)], Faults);
    }

    protected static StreamId Stream(string key) => new("test/" + key);

    protected static byte[] Octets(string text) => Encoding.UTF8.GetBytes(text);

    protected static Append Next(string key, long expected, string payload = "x") => new(Guid.NewGuid(), Stream(key), expected, Octets(payload));

    protected Task<AppendResult> AppendAsync(Append append) => Store.AppendAsync(append, None);

    /// <summary>Runs appends so that the writer finds all of them queued at once.</summary>
    private protected async Task<AppendResult[]> TogetherAsync(params Append[] appends)
    {
        var held = Faults.Hold();
        var first = AppendAsync(Next("hold-" + Guid.NewGuid().ToString("N"), 0));
        await held;
        var queued = appends.Select(AppendAsync).ToArray();
        Faults.Release();
        await first;
        return await Task.WhenAll(queued);
    }

    protected static async Task<long> HeadAsync(IEventStore store, string key) => (await store.LoadAsync(Stream(key), None)).Head;

    private sealed class Observer(List<LandedAppend> landings) : IAppendObserver
    {
        public void Landed(LandedAppend landed)
        {
            lock (landings)
            {
                landings.Add(landed);
            }

            if (landed.Append.Stream.Value.Contains("throwing", StringComparison.Ordinal))
            {
                throw new InvalidOperationException("An observer that breaks its promise.");
            }
        }
    }

    [Fact]
    public async Task A_transition_reads_back_as_it_was_appended()
    {
        var append = Next("a", 0, "first");
        Assert.Equal(new(AppendOutcome.Landed, 1, []), await AppendAsync(append), ResultComparer);
        await AppendAsync(Next("a", 1, ""));

        var content = await Store.LoadAsync(Stream("a"), None);
        Assert.Equal(2, content.Head);
        Assert.Null(content.Snapshot);
        Assert.Equal(append.Id, content.Rows[0].AppendId);
        Assert.Equal("first"u8.ToArray(), content.Rows[0].Payload.ToArray());
        Assert.Equal(0, content.Rows[1].Payload.Length);
        Assert.Equal([2L], (await Store.ReadAsync(Stream("a"), 1, 10, None)).Select(row => row.Version));
        Assert.Equal([1L], (await Store.ReadAsync(Stream("a"), 0, 1, None)).Select(row => row.Version));
    }

    [Fact]
    public async Task A_stream_that_does_not_exist_is_empty()
    {
        var content = await Store.LoadAsync(Stream("nobody"), None);
        Assert.Equal((0, 0, 0), (content.Head, content.SnapshotVersion, content.Rows.Count));
        Assert.Empty(await Store.ReadAsync(Stream("nobody"), 0, 10, None));
    }

    [Fact]
    public async Task A_stale_writer_is_refused_and_told_the_head()
    {
        await AppendAsync(Next("a", 0));
        await AppendAsync(Next("a", 1));
        foreach (var expected in new[] { 0L, 1, 3 })
        {
            var refused = await AppendAsync(Next("a", expected, "foreign"));
            Assert.Equal((AppendOutcome.StaleHead, 2L), (refused.Outcome, refused.Head));
        }

        Assert.Equal(2, await HeadAsync(Store, "a"));
        Assert.Equal(AppendOutcome.StaleHead, (await AppendAsync(Next("new", 1))).Outcome);
    }

    [Fact]
    public async Task Appends_sent_at_once_land_in_their_order()
    {
        var results = await TogetherAsync([.. Enumerable.Range(0, 20).Select(n => Next("a", n, $"{n}"))]);
        Assert.Equal(Enumerable.Range(1, 20).Select(n => (long)n), results.Select(result => result.Head));
        var rows = (await Store.LoadAsync(Stream("a"), None)).Rows;
        Assert.Equal(Enumerable.Range(0, 20).Select(n => $"{n}"), rows.Select(row => Encoding.UTF8.GetString(row.Payload.Span)));
    }

    [Fact] // Its second append expects just the version that the other writer made.
    public async Task A_stale_pipeline_is_wholly_refused()
    {
        await AppendAsync(Next("a", 0, "ours"));
        var results = await TogetherAsync(Next("a", 0, "foreign"), Next("a", 1, "foreign"), Next("a", 2, "foreign"), Next("b", 0));
        Assert.Equal([AppendOutcome.StaleHead, AppendOutcome.StaleHead, AppendOutcome.StaleHead, AppendOutcome.Landed], results.Select(result => result.Outcome));
        Assert.Equal(1, await HeadAsync(Store, "a"));

        // Who was told and decided anew is taken.
        Assert.True((await AppendAsync(Next("a", 1))).Landed);
    }

    [Fact]
    public async Task An_append_that_follows_another_transition_is_refused()
    {
        var first = Next("a", 0);
        await AppendAsync(first);
        Assert.Equal(AppendOutcome.StaleHead, (await AppendAsync(Next("a", 1) with { Follows = Guid.NewGuid() })).Outcome);
        Assert.Equal(AppendOutcome.StaleHead, (await AppendAsync(Next("b", 0) with { Follows = Guid.NewGuid() })).Outcome);
        Assert.True((await AppendAsync(Next("a", 1) with { Follows = first.Id })).Landed);
    }

    [Fact]
    public async Task A_refused_append_leaves_its_neighbours_alone()
    {
        await AppendAsync(Next("taken", 0) with { Claims = [new("id", "1")], Archive = [Entry("n1")] });
        var results = await TogetherAsync(
            Next("a", 0), Next("a", 7), Next("b", 0) with { Claims = [new("id", "2"), new("id", "1")] },
            Next("c", 0) with { Archive = [Entry("n2"), Entry("n1")] }, Next("d", 0) with { Claims = [new("id", "")] }, Next("e", 0));

        Assert.Equal(
            [AppendOutcome.Landed, AppendOutcome.StaleHead, AppendOutcome.ClaimTaken, AppendOutcome.ClaimTaken, AppendOutcome.Malformed, AppendOutcome.Landed],
            results.Select(result => result.Outcome));
        var heads = await Task.WhenAll(new[] { "a", "b", "c", "d", "e" }.Select(key => HeadAsync(Store, key)));
        Assert.Equal([1L, 0, 0, 0, 1], heads);

        // Nothing of the refused ones stayed behind: the key and the id are free.
        Assert.True((await AppendAsync(Next("b", 0) with { Claims = [new("id", "2")], Archive = [Entry("n2")] })).Landed);
    }

    [Fact]
    public async Task Broken_appends_are_refused_with_the_reason()
    {
        Append[] broken =
        [
            Next("a", 0) with { Id = Guid.Empty }, Next("a", -1), new(Guid.NewGuid(), new(""), 0, Octets("x")),
            new(Guid.NewGuid(), new("lone/\ud800"), 0, Octets("x")), new(Guid.NewGuid(), Stream("a"), 0, new byte[(16 << 20) + 1]),
            Next("a", 0) with { Claims = [new("s", "k"), new("s", "k")] }, Next("a", 0) with { Archive = [Entry("1"), Entry("1")] },
            Next("a", 0) with { Lane = (AppendLane)9 }, Next("a", 0) with { Due = [new(new('n', 5000), null)] },
        ];
        foreach (var append in broken)
        {
            var result = await AppendAsync(append);
            Assert.Equal(AppendOutcome.Malformed, result.Outcome);
            Assert.NotEmpty(result.Detail!);
        }

        Assert.True((await AppendAsync(new(Guid.NewGuid(), Stream("a"), 0, new byte[16 << 20]))).Landed);
        Assert.Equal(16 << 20, (await Store.LoadAsync(Stream("a"), None)).Rows[0].Payload.Length);
    }

    [Fact]
    public async Task Any_text_is_a_name()
    {
        string[] names = ["\0", "a\0b", "é", "☄", "' OR 1=1 --", new('x', 1000)];
        foreach (var name in names)
        {
            Assert.True((await AppendAsync(new(Guid.NewGuid(), new(name), 0, Octets(name)) { Owed = [new(name, name, Octets(name))] })).Landed);
        }

        Assert.Equal(names, (await Store.OwedAsync(0, 1024, 100, None)).Select(row => row.Message.Target));
        Assert.Equal(names, (await Store.OwedAsync(0, 1024, 100, None)).Select(row => row.Stream.Value));
    }

    [Fact]
    public async Task Many_writers_of_one_stream_each_land_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 16).Select(async writer =>
        {
            for (var n = 0; n < 10; n++)
            {
                while (!(await AppendAsync(Next("a", await HeadAsync(Store, "a"), $"{writer}.{n}"))).Landed)
                {
                }
            }
        }));

        var rows = (await Store.LoadAsync(Stream("a"), None)).Rows;
        Assert.Equal(Enumerable.Range(1, 160).Select(n => (long)n), rows.Select(row => row.Version));
        Assert.Equal(160, rows.Select(row => Encoding.UTF8.GetString(row.Payload.Span)).Distinct().Count());
    }

    [Fact]
    public async Task A_key_claimed_by_many_is_taken_once()
    {
        var results = await Task.WhenAll(Enumerable.Range(0, 64).Select(n => AppendAsync(Next($"s{n}", 0) with { Claims = [new("burst-id", "sb26042105")] })));
        Assert.Equal(1, results.Count(result => result.Landed));
        Assert.Equal(63, results.Count(result => result.Outcome == AppendOutcome.ClaimTaken));
        Assert.True((await AppendAsync(Next("other", 0) with { Claims = [new("other-scope", "sb26042105")] })).Landed);
    }

    [Fact]
    public async Task Everything_stands_after_a_restart()
    {
        await AppendAsync(Next("a", 0) with
        {
            Owed = [new("burst", "b1", Octets("1"))],
            Due = [new("later", Noon)],
            Claims = [new("s", "k")],
            Archive = [Entry("n1")],
            Index = [new("i", "k", Octets("v"))],
            Snapshot = Octets("snap"),
        });
        await ReopenAsync();

        Assert.Equal("snap"u8.ToArray(), (await Store.LoadAsync(Stream("a"), None)).Snapshot!.Value.ToArray());
        Assert.Single(await Store.OwedAsync(0, 1024, 10, None));
        Assert.Single(await Store.DueAsync(0, 1024, Noon, 10, None));
        Assert.Single(await Store.IndexAsync("i", "a", "z", 10, false, None));
        Assert.Equal(1, await Store.ArchiveHeadAsync("notices", None));
        Assert.Equal(AppendOutcome.ClaimTaken, (await AppendAsync(Next("b", 0) with { Claims = [new("s", "k")] })).Outcome);
        Assert.Equal([2L], (await AppendAsync(Next("a", 1) with { Archive = [Entry("n2")] })).Archived);
    }

    [Fact]
    public async Task Readers_see_the_last_commit_while_the_writer_stands_in_the_next()
    {
        await AppendAsync(Next("a", 0));
        var held = Faults.Hold(StorageStep.BeforeCommit);
        var open = AppendAsync(Next("a", 1));
        await held;
        Assert.Equal(1, await HeadAsync(Store, "a"));
        Faults.Release();
        await open;
        Assert.Equal(2, await HeadAsync(Store, "a"));
    }

    [Fact]
    public async Task A_higher_lane_waits_for_the_lower_ones()
    {
        AppendLane[] asked = [AppendLane.Bulk, AppendLane.GrainState, AppendLane.Workflow, AppendLane.Decision, AppendLane.Bulk, AppendLane.Decision];
        var results = await TogetherAsync([.. asked.Select((lane, n) => Next($"l{n}", 0) with { Lane = lane, Archive = [Entry($"{n}")] })]);
        Assert.Equal([5L, 4, 3, 1, 6, 2], results.Select(result => result.Archived[0]));
    }

    [Fact]
    public async Task A_full_lane_answers_overloaded_and_later_takes_the_same()
    {
        await ReopenAsync(new() { QueuedAppends = 2 });
        var held = Faults.Hold();
        var first = AppendAsync(Next("first", 0));
        await held;
        var queued = new[] { AppendAsync(Next("a", 0)), AppendAsync(Next("b", 0)) };
        var refused = Next("c", 0);
        Assert.Equal(AppendOutcome.Overloaded, (await AppendAsync(refused)).Outcome);
        var other = AppendAsync(Next("d", 0) with { Lane = AppendLane.Bulk });
        Faults.Release();
        Assert.All(await Task.WhenAll([first, other, .. queued]), result => Assert.True(result.Landed));
        Assert.Equal(0, await HeadAsync(Store, "c"));
        Assert.True((await AppendAsync(refused)).Landed);
    }

    [Fact]
    public async Task A_cancelled_append_that_still_waits_is_not_written()
    {
        using var cancel = new CancellationTokenSource();
        var held = Faults.Hold();
        var first = AppendAsync(Next("first", 0));
        await held;
        var waiting = Store.AppendAsync(Next("a", 0), cancel.Token);
        await cancel.CancelAsync();
        Faults.Release();
        await first;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.Equal(0, await HeadAsync(Store, "a"));
    }

    [Fact]
    public async Task Observers_hear_of_what_is_owed_before_the_answer_and_cannot_harm()
    {
        await AppendAsync(Next("plain", 0));
        Assert.Empty(Landings);
        var result = await AppendAsync(Next("throwing", 0) with { Owed = [new("r", "t", Octets("1"))], Archive = [Entry("n1")] });
        Assert.True(result.Landed);
        var landing = Assert.Single(Landings);
        Assert.Equal((1L, 1L), (landing.Version, landing.Archived[0]));
    }

    protected static DateTimeOffset Noon { get; } = new(2026, 4, 21, 12, 0, 0, TimeSpan.Zero);

    protected static ArchiveEntry Entry(string id, string owner = "sb26042105", string kind = "trigger", int minutes = 0) =>
        new("notices", id, owner, kind, Noon.AddMinutes(minutes), Octets(id));

    private static IEqualityComparer<AppendResult> ResultComparer { get; } = EqualityComparer<AppendResult>.Create(
        (a, b) => a!.Outcome == b!.Outcome && a.Head == b.Head && a.Archived.SequenceEqual(b.Archived), result => (int)result.Head);
}
