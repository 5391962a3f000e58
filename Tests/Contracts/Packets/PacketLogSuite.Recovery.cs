namespace Svom.Packets;

/// <summary>Recovered packets beside what was heard, and what was diverted by itself.</summary>
public abstract partial class PacketLogSuite
{
    /// <summary>A packet as the majority of broken copies, as the recovery adds it.</summary>
    protected static CheckedReception Recovered(string content, int ms = 0, int apid = 576, int count = 1) =>
        Heard(content, "_recovered", ms, apid, count) with { Verdict = ReceptionVerdict.Recovered };

    [Fact]
    public async Task A_recovered_packet_is_read_as_a_packet_and_reads_back_as_it_was_added()
    {
        var recovered = Recovered("a", ms: 5);
        Assert.Equal(new LogAppend(1, 0, 0, 1, 1), await AppendAsync(recovered));
        for (var again = 0; again < 2; again++)
        {
            var read = Assert.Single(await AllAsync(packetsOnly: true));
            Assert.Equal(
                new LoggedReception(1, "_recovered", Noon.AddMilliseconds(5), null, ReceptionVerdict.Recovered, recovered.Id, recovered.Header, true, false, Noon.AddHours(1), read.Octets), read);
            await ReopenAsync(); // From memory first, then from the file.
        }
    }

    [Fact]
    public async Task A_recovered_packet_added_again_is_stored_once()
    {
        await AppendAsync(Recovered("a"));
        Assert.Equal(new LogAppend(0, 1, 0, null, null), await AppendAsync(Recovered("a")));
        Assert.Equal(1, await Log.HeadAsync(Live, None));
    }

    [Theory] // The one heard whole is the first copy of its packet, be the recovered one there before or not.
    [InlineData(true), InlineData(false)]
    public async Task A_whole_copy_and_the_recovered_one_stand_beside_each_other_under_one_identity(bool recoveredFirst)
    {
        CheckedReception[] both = recoveredFirst ? [Recovered("a"), Heard("a", "hbk", 9)] : [Heard("a", "hbk", 9), Recovered("a")];
        await AppendAsync(both[0]);
        await AppendAsync(both[1]);
        await AppendAsync(Heard("a", "kourou", 10));
        Assert.Equal([(1L, true, false), (2, true, false)], (await AllAsync(packetsOnly: true)).Select(static one => (one.Position, one.FirstCopy, one.Conflict)));
        Assert.Equal([1L, 2, 3], (await Log.CopiesAsync(Live, both[0].Id, None)).Select(static one => one.Position));
        Assert.Equal([Live], await Log.WhereAsync(both[0].Id, None));

        // Browsing tells them apart.
        var whole = recoveredFirst ? 2 : 1;
        Assert.Equal([whole], (await Log.FindAsync(new(Live, FirstCopies: true), None)).Items.Select(static one => (int)one.Position));
        Assert.Equal([3 - whole], (await Log.FindAsync(new(Live, Recovered: true), None)).Items.Select(static one => (int)one.Position));
        Assert.Empty((await Log.FindAsync(new(Live, Invalid: true), None)).Items);
    }

    [Fact]
    public async Task Recovered_packets_are_found_by_application_and_time()
    {
        await AppendAsync(Heard("a"), Recovered("b", ms: 10), Recovered("c", ms: 20, apid: 577, count: 2), Broken("d", ms: 30), Recovered("e", ms: 40, count: 3));
        Assert.Equal(["e", "b"], (await Log.FindAsync(new(Live, Apid: 576, Recovered: true), None)).Items.Select(Text));
        Assert.Equal(["a"], (await Log.FindAsync(new(Live, Apid: 576, FirstCopies: true), None)).Items.Select(Text));
        Assert.Equal(["c", "b"], (await Log.FindAsync(new(Live, From: Noon.AddMilliseconds(5), To: Noon.AddMilliseconds(40), Recovered: true), None)).Items.Select(Text));
        Assert.Equal(["c"], (await Log.FindAsync(new(Live, Apid: 577, From: Noon, To: Noon.AddMilliseconds(40), Recovered: true), None)).Items.Select(Text));
        var page = await Log.FindAsync(new(Live, Recovered: true, Limit: 2), None);
        Assert.Equal(["e", "c"], page.Items.Select(Text));
        Assert.Equal(["b"], (await Log.FindAsync(new(Live, Recovered: true, Limit: 2, Before: page.Before), None)).Items.Select(Text));
    }

    [Fact] // What one application sent in a span of time, whoever heard it and in whatever way.
    public async Task Sequence_counts_of_an_application_are_read_by_the_time_on_board()
    {
        await AppendAsync(
            Heard("a", count: 7, seconds: 10), Heard("a", "hbk", count: 7, seconds: 10), Heard("b", count: 8, seconds: 20), Heard("b2", count: 8, seconds: 20), Recovered("c", count: 9),
            Heard("x", apid: 577, count: 10, seconds: 15), Broken("z"), Heard("d", count: 16383, seconds: 30), Heard("e", count: 0, seconds: 31), Heard("f", count: 1, seconds: 40));
        await AppendAsync(Heard("g", count: 5, seconds: 15, feed: new("svom", "drill")));
        Assert.Equal([0, 7, 8, 9, 16383], (await CountsAsync(0, 31)).Order());
        Assert.Equal([7, 8], (await CountsAsync(10, 20)).Order()); // Both ends are within.
        Assert.Empty(await CountsAsync(11, 19));
        Assert.Equal([7, 8], (await CountsAsync(10, 60, max: 3)).Order()); // Two contents of one count are two packets.
        await ReopenAsync();
        Assert.Equal([0, 7, 8, 9, 16383], (await CountsAsync(0, 31)).Order());
        Assert.Empty(await Log.CountsAsync(new("nobody"), 576, Noon, Noon.AddSeconds(60), 10, None));

        Task<IReadOnlyList<int>> CountsAsync(int from, int to, int max = 100) => Log.CountsAsync(Live, 576, Noon.AddSeconds(from), Noon.AddSeconds(to).AddTicks(7), max, None);
    }

    [Fact]
    public async Task What_is_diverted_is_read_on_by_itself_in_order()
    {
        await AppendAsync(Broken("x"), Heard("a"), Broken("x", "hbk"), Recovered("r"), Broken("y", verdict: ReceptionVerdict.WrongLength), Heard("b", count: 2));
        await AppendAsync(Heard("z", feed: new("svom", "drill"))); // Another feed has its own.
        var first = await Log.ReadDivertedAsync(Live, 0, 2, None);
        Assert.Equal([1L, 3, 3], first.Items.Select(static one => one.Position).Append(first.UpTo));
        Assert.Equal(["x", "x"], first.Items.Select(Text));
        var rest = await Log.ReadDivertedAsync(Live, first.UpTo, 2, None);
        Assert.Equal([5L, 6], rest.Items.Select(static one => one.Position).Append(rest.UpTo));
        var end = await Log.ReadDivertedAsync(Live, 6, 2, None);
        Assert.Equal((0, 6L), (end.Items.Count, end.UpTo));
        Assert.Empty((await Log.ReadDivertedAsync(new("nobody"), 0, 2, None)).Items);
    }

    [Fact]
    public async Task The_idle_application_cannot_be_recovered() =>
        await Assert.ThrowsAsync<ArgumentException>(() => AppendAsync(Recovered("a", apid: 2047)));
}
