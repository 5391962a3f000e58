using System.Text;

namespace Svom.EventStore;

/// <summary>What an append leaves to others: messages, wake-ups, archives, search rows, snapshots.</summary>
public abstract partial class EventStoreSuite
{
    [Fact]
    public async Task What_a_stream_owes_is_found_in_its_order_until_it_is_settled()
    {
        await TogetherAsync(
            Next("a", 0) with { Owed = [Owe("a1.0"), Owe("a1.1")] }, Next("b", 0) with { Owed = [Owe("b1.0")] }, Next("a", 1) with { Owed = [Owe("a2.0")] });
        var owed = await Store.OwedAsync(0, 1024, 100, None);
        Assert.Equal(["a1.0", "a1.1", "b1.0", "a2.0"], owed.Select(Target));
        Assert.Equal([(1L, 0), (1, 1), (1, 0), (2, 0)], owed.Select(row => (row.Version, row.N)));

        var shard = Stream("a").Shard;
        Assert.Equal(["a1.0", "a1.1", "a2.0"], (await Store.OwedAsync(shard, shard + 1, 100, None)).Select(Target));
        Assert.Equal(["b1.0"], (await Store.OwedAsync(shard + 1, 1024, 100, None)).Concat(await Store.OwedAsync(0, shard, 100, None)).Select(Target));
        Assert.Equal(2, (await Store.OwedAsync(0, 1024, 2, None)).Count);

        await Store.SettleAsync([owed[0], owed[2]], None);
        Assert.Equal(["a1.1", "a2.0"], (await Store.OwedAsync(0, 1024, 100, None)).Select(Target));
        await ReopenAsync();
        Assert.Equal(["a1.1", "a2.0"], (await Store.OwedAsync(0, 1024, 100, None)).Select(Target));
    }

    [Fact]
    public async Task Settling_what_is_gone_changes_nothing()
    {
        await AppendAsync(Next("a", 0) with { Owed = [Owe("1")] });
        var owed = await Store.OwedAsync(0, 1024, 100, None);
        await Store.SettleAsync(owed, None);
        await Store.SettleAsync(owed, None);
        await Store.SettleAsync([owed[0] with { Stream = Stream("nobody") }, owed[0] with { N = 7 }], None);
        await AppendAsync(Next("b", 0) with { Owed = [Owe("2")] });
        await ReopenAsync();
        Assert.Equal(["2"], (await Store.OwedAsync(0, 1024, 100, None)).Select(Target));
    }

    [Fact]
    public async Task Wake_ups_are_set_moved_and_cleared_with_their_append()
    {
        await AppendAsync(Next("a", 0) with { Due = [new("x", Noon.AddTicks(1)), new("y", Noon.AddHours(1))] });
        await AppendAsync(Next("b", 0) with { Due = [new("x", Noon.AddMinutes(-1))] });
        Assert.Equal([("test/b", "x")], (await DueAsync(Noon)).Select(row => (row.Stream.Value, row.Name)));
        Assert.Equal([Noon.AddMinutes(-1), Noon.AddTicks(1), Noon.AddHours(1)], (await DueAsync(Noon.AddDays(1))).Select(row => row.At));
        Assert.Single(await Store.DueAsync(0, 1024, Noon.AddDays(1), 1, None));

        await AppendAsync(Next("a", 1) with { Due = [new("y", Noon.AddHours(-2)), new("x", null), new("never-set", null)] });
        Assert.Equal([("test/a", "y"), ("test/b", "x")], (await DueAsync(Noon.AddDays(1))).Select(row => (row.Stream.Value, row.Name)));
        var shard = Stream("b").Shard;
        Assert.Single(await Store.DueAsync(shard, shard + 1, Noon, 10, None));
    }

    [Fact]
    public async Task A_stale_append_sets_no_wake_up_and_owes_nothing()
    {
        await AppendAsync(Next("a", 5) with { Due = [new("x", Noon)], Owed = [Owe("1")], Index = [new("i", "k", Octets("v"))], Snapshot = Octets("s") });
        Assert.Empty(await DueAsync(Noon));
        Assert.Empty(await Store.OwedAsync(0, 1024, 10, None));
        Assert.Empty(await Store.IndexAsync("i", "", "z", 10, false, None));
        Assert.Empty(Landings);
    }

    [Fact]
    public async Task A_stream_loads_from_its_newest_snapshot()
    {
        await AppendAsync(Next("a", 0, "1"));
        await AppendAsync(Next("a", 1, "2") with { Snapshot = Octets("s2") });
        await AppendAsync(Next("a", 2, "3"));
        var content = await Store.LoadAsync(Stream("a"), None);
        Assert.Equal((3L, 2L, "s2"), (content.Head, content.SnapshotVersion, Encoding.UTF8.GetString(content.Snapshot!.Value.Span)));
        Assert.Equal([3L], content.Rows.Select(row => row.Version));

        await AppendAsync(Next("a", 3, "4") with { Snapshot = Octets("s4") });
        content = await Store.LoadAsync(Stream("a"), None);
        Assert.Equal((4L, 4L, 0), (content.Head, content.SnapshotVersion, content.Rows.Count));
        Assert.Equal(4, (await Store.ReadAsync(Stream("a"), 0, 100, None)).Count);
    }

    [Fact]
    public async Task Search_rows_are_found_by_ordinal_key()
    {
        string[] keys = ["b", "a", "B", "a/1", "é", "z"];
        foreach (var key in keys)
        {
            await AppendAsync(Next("k" + key, 0) with { Index = [new("i", key, Octets(key)), new("other", key, Octets("o"))] });
        }

        Assert.Equal(["B", "a", "a/1", "b", "z", "é"], await KeysAsync("", "\uffff", 10, descending: false));
        Assert.Equal(["b", "a/1", "a"], await KeysAsync("a", "c", 10, descending: true));
        Assert.Equal(["é", "z"], await KeysAsync("", "\uffff", 2, descending: true));

        // Two streams may hold one key; each sets and removes its own.
        await AppendAsync(Next("kb", 1) with { Index = [new("i", "a", Octets("second")), new("i", "b", null)] });
        var rows = await Store.IndexAsync("i", "a", "a\0", 10, false, None);
        Assert.Equal(["test/ka", "test/kb"], rows.Select(row => row.Stream.Value).Order());
        await AppendAsync(Next("kb", 2) with { Index = [new("i", "a", Octets("third"))] });
        await AppendAsync(Next("ka", 1) with { Index = [new("i", "a", null)] });
        var left = Assert.Single(await Store.IndexAsync("i", "a", "a\0", 10, false, None));
        Assert.Equal("third"u8.ToArray(), left.Value.ToArray());
    }

    [Fact]
    public async Task An_archive_is_searched_by_owner_kind_and_time()
    {
        foreach (var (id, owner, kind, minutes) in new[] { ("1", "a", "t", 0), ("2", "b", "t", 1), ("3", "a", "u", 2), ("4", "a", "t", 3) })
        {
            await AppendAsync(Next(id, 0) with { Archive = [Entry(id, owner, kind, minutes)] });
        }

        Assert.Equal(["4", "3", "2", "1"], await SearchAsync(new()));
        Assert.Equal(["4", "3", "1"], await SearchAsync(new(Owner: "a")));
        Assert.Equal(["1", "4"], await SearchAsync(new(Owner: "a", Kind: "t", Ascending: true)));
        Assert.Equal(["4", "2"], await SearchAsync(new(Kind: "t", Limit: 2)));
        Assert.Equal(["2", "1"], await SearchAsync(new(From: Noon, To: Noon.AddMinutes(2))));
        Assert.Equal(["2", "1"], await SearchAsync(new(Before: 3)));
        Assert.Equal(["3", "4"], await SearchAsync(new(After: 2, Ascending: true)));

        Assert.Equal(3, (await Store.ArchivedAsync("notices", "3", None))!.Sequence);
        Assert.Null(await Store.ArchivedAsync("notices", "9", None));
        Assert.Null(await Store.ArchivedAsync("nothing", "3", None));
        Assert.Equal(0, await Store.ArchiveHeadAsync("nothing", None));
        Assert.Equal(["3", "4"], (await Store.ArchiveAsync("notices", 2, 10, None)).Select(entry => entry.Entry.Id));
        var entry = (await Store.ArchivedAsync("notices", "2", None))!.Entry;
        Assert.Equal(("b", "t", Noon.AddMinutes(1), "2"), (entry.Owner, entry.Kind, entry.At, Encoding.UTF8.GetString(entry.Content.Span)));
    }

    [Fact]
    public async Task An_entry_without_owner_and_kind_is_read_in_its_order_and_found_by_no_other_name()
    {
        Assert.True((await AppendAsync(Next("w", 0) with { Archive = [new("notices", "1", "", "", Noon, Octets("1")), new("notices", "2", "b", "t", Noon, Octets("2"))] })).Landed);
        Assert.Equal(["1", "2"], (await Store.ArchiveAsync("notices", 0, 10, None)).Select(static entry => entry.Entry.Id));
        Assert.Equal(["2", "1"], await SearchAsync(new()));
        Assert.Equal(["2"], await SearchAsync(new(Owner: "b", Kind: "t")));
        Assert.Empty(await SearchAsync(new(Owner: "")));
        Assert.Empty(await SearchAsync(new(Kind: "")));
        Assert.False((await AppendAsync(Next("w", 1) with { Archive = [new("notices", "1", "", "", Noon, Octets("1"))] })).Landed);
    }

    [Fact]
    public async Task Who_tails_an_archive_misses_nothing_while_many_write()
    {
        const int Writers = 16, Each = 25;
        var seen = new List<ArchivedEntry>();
        var tail = Task.Run(async () =>
        {
            while (seen.Count < Writers * Each)
            {
                seen.AddRange(await Store.ArchiveAsync("notices", seen.Count == 0 ? 0 : seen[^1].Sequence, 50, None));
            }
        });
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            for (var n = 0; n < Each; n++)
            {
                await AppendAsync(Next($"w{writer}", n + 1) with { Archive = [Entry("refused")] });
                Assert.True((await AppendAsync(Next($"w{writer}", n) with { Archive = [Entry($"{writer}.{n}")] })).Landed);
            }
        })));
        await tail;
        Assert.Equal(Enumerable.Range(1, Writers * Each).Select(n => (long)n), seen.Select(entry => entry.Sequence));
        Assert.Equal(Writers * Each, seen.Select(entry => entry.Entry.Id).Distinct().Count());
    }

    protected static Owed Owe(string target) => new("burst", target, Octets(target));

    private static string Target(OwedRow row) => row.Message.Target;

    private Task<IReadOnlyList<DueRow>> DueAsync(DateTimeOffset until) => Store.DueAsync(0, 1024, until, 100, None);

    private async Task<IEnumerable<string>> KeysAsync(string from, string to, int max, bool descending) =>
        (await Store.IndexAsync("i", from, to, max, descending, None)).Select(row => row.Key);

    private async Task<IEnumerable<string>> SearchAsync(ArchiveQuery query) =>
        (await Store.SearchArchiveAsync("notices", query, None)).Select(entry => entry.Entry.Id);
}
