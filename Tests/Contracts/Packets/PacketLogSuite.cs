using System.Security.Cryptography;
using System.Text;
using Svom.EventStore;
using Svom.Storage;
using Svom.Support;

namespace Svom.Packets;

/// <summary>What every packet log does. An adapter's class only says how to open it over the same data again and again.</summary>
public abstract partial class PacketLogSuite : IAsyncLifetime
{
    protected static readonly CancellationToken None = CancellationToken.None;

    protected static FeedId Live { get; } = new("svom");

    protected static DateTimeOffset Noon { get; } = new(2026, 4, 21, 12, 0, 0, TimeSpan.Zero);

    private protected WriterFaults Faults { get; } = new();

    protected IPacketLog Log { get; private set; } = null!;

    private protected abstract Task<IPacketLog> OpenAsync(StorageOptions options, WriterFaults faults);

    private protected abstract Task CloseAsync(IPacketLog log);

    public async ValueTask InitializeAsync() => await ReopenAsync();

    public virtual async ValueTask DisposeAsync()
    {
        Faults.Release();
        if (Log is not null) // Null when the test was skipped.
        {
            await CloseAsync(Log);
        }

        Faults.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected async Task ReopenAsync(StorageOptions? options = null)
    {
        if (Log is not null)
        {
            await CloseAsync(Log);
        }

        Log = await OpenAsync(options ?? new(), Faults);
    }

    /// <summary>A valid reception; the content decides the identity.</summary>
    protected static CheckedReception Heard(
        string content, string station = "kourou", int ms = 0, int apid = 576, int count = 1, int seconds = 0, FeedId? feed = null, double? signal = null)
    {
        var octets = Encoding.UTF8.GetBytes(content);
        return new(
            feed ?? Live, new(station, Noon.AddMilliseconds(ms), octets, signal), PacketId.FromSha256(SHA256.HashData(octets)), ReceptionVerdict.Valid,
            new(apid, count, Noon.AddSeconds(seconds).AddTicks(7)));
    }

    protected static CheckedReception Broken(string content, string station = "kourou", int ms = 0, ReceptionVerdict verdict = ReceptionVerdict.BadCrc) =>
        Heard(content, station, ms) with { Verdict = verdict, Header = null };

    protected Task<LogAppend> AppendAsync(params CheckedReception[] receptions) => Log.AppendAsync(receptions, Noon.AddHours(1), None);

    protected async Task<IReadOnlyList<LoggedReception>> AllAsync(FeedId? feed = null, bool packetsOnly = false) =>
        (await Log.ReadAsync(feed ?? Live, 0, 100_000, packetsOnly, None)).Items;

    protected static string Text(LoggedReception one) => Encoding.UTF8.GetString(one.Octets.Span);

    [Fact]
    public async Task A_reception_reads_back_as_it_was_heard()
    {
        var heard = Heard("a", "kourou", ms: 123, apid: 2047, count: 16383, seconds: 5, signal: -101.5);
        Assert.Equal(new LogAppend(1, 0, 0, 1, 1), await AppendAsync(heard));
        var read = Assert.Single(await AllAsync());
        Assert.Equal(
            new LoggedReception(1, "kourou", Noon.AddMilliseconds(123), -101.5, ReceptionVerdict.Valid, heard.Id, heard.Header, true, false, Noon.AddHours(1), read.Octets), read);
        Assert.Equal("a", Text(read));
    }

    [Fact]
    public async Task The_same_reception_is_stored_once_within_a_call_and_later()
    {
        Assert.Equal(new LogAppend(3, 1, 0, 1, 3), await AppendAsync(Heard("a"), Heard("a"), Heard("a", ms: 1), Heard("a", "hbk")));
        Assert.Equal(new LogAppend(1, 2, 0, 4, 4), await AppendAsync(Heard("a"), Heard("b"), Heard("a", "hbk")));
        Assert.Equal(new LogAppend(0, 1, 0, null, null), await AppendAsync(Heard("b")));
        Assert.Equal(4, await Log.HeadAsync(Live, None));
        await ReopenAsync();
        Assert.Equal(new LogAppend(0, 1, 0, null, null), await AppendAsync(Heard("b")));
        Assert.Equal(4, await Log.HeadAsync(Live, None));
    }

    [Fact] // Definitions change between two receptions of one octet string; what it is called does not make it another reception.
    public async Task A_duplicate_is_one_whatever_the_check_says_today()
    {
        await AppendAsync(Broken("a", verdict: ReceptionVerdict.UnknownApid));
        Assert.Equal(1, (await AppendAsync(Heard("a"))).Duplicates);
        Assert.Equal(new LogAppend(1, 0, 0, 2, 2), await AppendAsync(Heard("a", "hbk")));
        Assert.Equal([2L], (await AllAsync(packetsOnly: true)).Select(one => one.Position));
        Assert.Equal([1L, 2], (await Log.CopiesAsync(Live, Heard("a").Id, None)).Select(one => one.Position));
    }

    [Fact]
    public async Task Copies_point_at_one_packet_and_only_the_first_is_told_as_packet()
    {
        await AppendAsync(Heard("a"), Heard("b", count: 2), Heard("a", "hbk"));
        await AppendAsync(Heard("a", "hiva-oa"), Heard("c", count: 3));
        Assert.Equal([true, true, false, false, true], (await AllAsync()).Select(one => one.FirstCopy));
        Assert.Equal(["a", "b", "a", "a", "c"], (await AllAsync()).Select(Text));
        Assert.Equal([1L, 2, 5], (await AllAsync(packetsOnly: true)).Select(one => one.Position));

        var copies = await Log.CopiesAsync(Live, Heard("a").Id, None);
        Assert.Equal([(1L, "kourou"), (3, "hbk"), (4, "hiva-oa")], copies.Select(one => (one.Position, one.Station)));
        Assert.Empty(await Log.CopiesAsync(Live, Heard("never").Id, None));
    }

    [Fact]
    public async Task Two_contents_under_one_header_are_both_kept_and_both_flagged()
    {
        await AppendAsync(Heard("a"), Heard("x", count: 2));
        Assert.DoesNotContain(await AllAsync(), one => one.Conflict);
        await AppendAsync(Heard("b"));
        await AppendAsync(Heard("c"), Heard("a", "hbk"), Heard("y", count: 2, seconds: 1), Heard("z", apid: 577, count: 2));
        Assert.Equal(["a", "b", "c", "a"], (await AllAsync()).Where(one => one.Conflict).Select(Text));
        Assert.Equal(["a", "b", "c"], (await AllAsync(packetsOnly: true)).Where(one => one.Conflict).Select(Text));
    }

    [Fact]
    public async Task A_broken_reception_is_kept_counted_and_no_packet()
    {
        Assert.Equal(new LogAppend(4, 1, 3, 1, 4), await AppendAsync(
            Broken("x"), Broken("x", "hbk"), Heard("a"), Broken("y", verdict: ReceptionVerdict.WrongLength), Broken("x")));
        Assert.Equal([3L], (await AllAsync(packetsOnly: true)).Select(one => one.Position));
        var broken = (await AllAsync())[1];
        Assert.Equal((ReceptionVerdict.BadCrc, null, false, "x"), (broken.Verdict, broken.Header, broken.FirstCopy, Text(broken)));
        Assert.Equal(["y", "x", "x"], (await Log.FindAsync(new(Live, Invalid: true), None)).Items.Select(Text));
        Assert.Equal(["a"], (await Log.FindAsync(new(Live, Invalid: false), None)).Items.Select(Text));
    }

    [Fact]
    public async Task A_rehearsal_is_a_feed_of_its_own()
    {
        var drill = new FeedId("svom", "night-drill");
        Assert.Equal(new LogAppend(3, 0, 0, null, null), await AppendAsync(Heard("a"), Heard("a", feed: drill), Heard("b", feed: drill, count: 2)));
        Assert.Equal((1L, 2L), (await Log.HeadAsync(Live, None), await Log.HeadAsync(drill, None)));
        Assert.Equal([true, true], (await AllAsync(drill)).Select(one => one.FirstCopy));
        Assert.Equal([Live, drill], (await Log.FeedsAsync(None)).OrderBy(feed => feed.ToString()));
        Assert.Equal([Live, drill], (await Log.WhereAsync(Heard("a").Id, None)).OrderBy(feed => feed.ToString()));
        Assert.Equal([drill], await Log.WhereAsync(Heard("b").Id, None));
        Assert.Empty(await Log.WhereAsync(Heard("c").Id, None));
        await ReopenAsync();
        Assert.Equal([Live, drill], (await Log.FeedsAsync(None)).OrderBy(feed => feed.ToString()));
        Assert.Equal(2L, await Log.HeadAsync(drill, None));
    }

    [Fact]
    public async Task A_slice_says_how_far_it_looked()
    {
        await AppendAsync(Heard("a"), Heard("a", "hbk"), Heard("b", count: 2), Heard("b", "hbk", count: 2));
        var slice = await Log.ReadAsync(Live, 0, 1, packetsOnly: true, None);
        Assert.Equal(1, slice.UpTo);
        slice = await Log.ReadAsync(Live, slice.UpTo, 1, packetsOnly: true, None);
        Assert.Equal((3L, 3L), (slice.Items[0].Position, slice.UpTo));
        slice = await Log.ReadAsync(Live, slice.UpTo, 1, packetsOnly: true, None);
        Assert.Equal((0, 4L), (slice.Items.Count, slice.UpTo));
        Assert.Equal(2, (await Log.ReadAsync(Live, 0, 2, packetsOnly: false, None)).UpTo);
        Assert.Equal(4, (await Log.ReadAsync(Live, 4, 2, packetsOnly: false, None)).UpTo);
        Assert.Empty((await Log.ReadAsync(new("nobody"), 0, 2, packetsOnly: false, None)).Items);
    }

    [Fact]
    public async Task A_call_without_receptions_stores_nothing() => Assert.Equal(new LogAppend(0, 0, 0, null, null), await AppendAsync());

    [Fact]
    public async Task Browsing_is_newest_first_and_filters()
    {
        for (var n = 0; n < 20; n++)
        {
            await AppendAsync(Heard($"p{n}", "kourou", ms: n * 1000, apid: 576 + (n % 2), count: n), Heard($"p{n}", "hbk", ms: (n * 1000) + 1, apid: 576 + (n % 2), count: n));
        }

        await AppendAsync(Broken("x", ms: 500));
        Assert.Equal([41L, 40, 39], await FindAsync(new(Live, Limit: 3)));
        Assert.Equal([38L, 37], await FindAsync(new(Live, Before: 39, Limit: 2)));
        Assert.Equal([40L, 39, 36, 35], await FindAsync(new(Live, Apid: 577, Limit: 4)));
        Assert.Equal([35L, 31], await FindAsync(new(Live, Apid: 577, Station: "kourou", Before: 36, Limit: 2)));
        Assert.Equal([37L, 33], await FindAsync(new(Live, Apid: 576, FirstCopies: true, Limit: 2)));
        Assert.Equal([40L, 38], await FindAsync(new(Live, Station: "hbk", Limit: 2)));
        Assert.Equal([41L, 3, 2], await FindAsync(new(Live, From: Noon.AddMilliseconds(1), To: Noon.AddMilliseconds(1001))));
        Assert.Equal([3L], await FindAsync(new(Live, From: Noon.AddMilliseconds(0.5), To: Noon.AddMilliseconds(1001), Apid: 577)));
        Assert.Equal([2L, 1], await FindAsync(new(Live, To: Noon.AddMilliseconds(1.5), Invalid: false)));
        Assert.Equal([39L, 37], await FindAsync(new(Live, FirstCopies: true, Limit: 2)));
        Assert.Empty(await FindAsync(new(Live, Station: "nobody")));
        Assert.Empty(await FindAsync(new(new("nobody"))));
        Assert.Empty(await FindAsync(new(Live, Apid: 576, Invalid: true)));

        async Task<IEnumerable<long>> FindAsync(PacketQuery query) => (await Log.FindAsync(query, None)).Items.Select(one => one.Position);
    }

    [Fact] // A station that fell silent long ago, an application that is rare: a search costs no more for it, and says where it goes on.
    public async Task A_search_looks_at_so_many_receptions_and_says_where_it_goes_on()
    {
        await AppendAsync([Heard("old", "hbk", apid: 577), .. Enumerable.Range(1, 29).Select(static n => Heard($"p{n}", ms: n, apid: 576 + (n % 2), count: n))]);
        Assert.Equal((0, 21L), await FindAsync(new(Live, Station: "hbk", Look: 10)));
        Assert.Equal((0, 11L), await FindAsync(new(Live, Station: "hbk", Look: 10, Before: 21)));
        Assert.Equal((1, null), await FindAsync(new(Live, Station: "hbk", Look: 10, Before: 11)));
        Assert.Equal((1, null), await FindAsync(new(Live, Station: "hbk")));
        Assert.Equal((0, 21L), await FindAsync(new(Live, 577, "hbk", Look: 5)));
        Assert.Equal((10, null), await FindAsync(new(Live, Before: 11, Limit: 20)));
        Assert.Equal((5, 26L), await FindAsync(new(Live, Limit: 5)));
        Assert.Equal((0, null), await FindAsync(new(Live, Station: "nobody", Look: 10)));
        Assert.Equal((0, null), await FindAsync(new(Live, Before: 1)));
        Assert.Equal((20, 11L), await FindAsync(new(Live, Before: 5_000_000_000_000, Limit: 100, Look: 20)));

        async Task<(int Found, long? Before)> FindAsync(PacketQuery query) => await Log.FindAsync(query, None) is var found ? (found.Items.Count, found.Before) : default;
    }

    [Fact]
    public async Task A_reader_goes_on_where_it_was_and_never_backwards()
    {
        await AppendAsync(Heard("a"));
        Assert.Equal(0, await Log.CheckpointAsync("sequencer", Live, None));
        await Log.SaveCheckpointAsync("sequencer", Live, 7, None);
        await Log.SaveCheckpointAsync("sequencer", Live, 9, None);
        await Log.SaveCheckpointAsync("sequencer", Live, 8, None);
        await Log.SaveCheckpointAsync("index", new("svom", "empty"), 3, None);
        Assert.Equal(9, await Log.CheckpointAsync("sequencer", Live, None));
        await ReopenAsync();
        await Log.SaveCheckpointAsync("sequencer", Live, 2, None);
        Assert.Equal(9, await Log.CheckpointAsync("sequencer", Live, None));
        Assert.Equal(3, await Log.CheckpointAsync("index", new("svom", "empty"), None));
        Assert.Equal(0, await Log.CheckpointAsync("other", Live, None));
    }

    [Fact]
    public async Task Contents_are_found_by_digest_near_and_far_from_the_end()
    {
        // More than the end of a feed that is looked through.
        for (var n = 0; n < 40; n++)
        {
            await Log.AppendAsync([.. Enumerable.Range(n * 1000, 1000).Select(i => Heard($"p{i}", ms: i, count: i % 16384, seconds: i))], Noon, None);
        }

        foreach (var i in new[] { 0, 1, 32_767, 32_768, 39_999 })
        {
            Assert.Equal([i + 1L], (await Log.CopiesAsync(Live, Heard($"p{i}").Id, None)).Select(one => one.Position));
            Assert.Equal([Live], await Log.WhereAsync(Heard($"p{i}").Id, None));
        }

        Assert.Equal(40_000, (await AllAsync(packetsOnly: true)).Count);
    }
}
