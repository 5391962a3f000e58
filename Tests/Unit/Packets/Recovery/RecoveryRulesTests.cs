using Microsoft.Extensions.Options;
using Svom.EventStore;
using Svom.Packets;
using Svom.Packets.Recovery;
using Svom.Storage;
using Svom.Support;

namespace Svom.Unit.Packets.Recovery;

/// <summary>What follows from votes, and what a crash before it was told changes.</summary>
public sealed class RecoveryRulesTests : IDisposable
{
    private static readonly FeedId Feed = new("svom", "drill");
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_vote_gives_one_packet_owed_to_its_feed_and_further_copies_join_it()
    {
        var first = RecoveryRules.Decide(RecoveryState.Nothing, Feed, [Voted(3, 1, 2, 3)], [], 9, 0)!;
        Assert.Collection(
            first.Records,
            static record => Assert.Equal([1L, 2, 3], Assert.IsType<RecoveryRecord.Recovered>(record).From),
            static record => Assert.Equal(new RecoveryRecord.Reached(9, 0), record));
        Assert.Equal(("recovery", Feed.ToString()), (Assert.Single(first.Owed).Route, first.Owed[0].Target));
        var after = first.Records.Aggregate(RecoveryState.Nothing, RecoveryState.Apply);
        Assert.Null(RecoveryRules.Decide(after, Feed, [Voted(3, 1, 2, 3)], [], 9, 0)); // Decided again after an uncertain commit.

        var joined = RecoveryRules.Decide(after, Feed, [Voted(12, 1, 2, 12)], [], 12, 0)!;
        Assert.Equal(12, Assert.IsType<RecoveryRecord.Joined>(joined.Records[0]).Position);
        Assert.Empty(joined.Owed);
        Assert.Null(RecoveryRules.Decide(after, Feed, [], [], 20, 0)); // Nothing came of it: nothing is written.
    }

    [Fact]
    public void A_packet_that_was_heard_whole_is_never_owed() =>
        Assert.Empty(RecoveryRules.Decide(RecoveryState.Nothing, Feed, [Voted(3, 1, 2, 3) with { Known = true }], [], 9, 0)!.Owed);

    [Fact]
    public void Copies_of_one_packet_cannot_be_of_another()
    {
        var state = RecoveryRules.Decide(RecoveryState.Nothing, Feed, [Voted(3, 1, 2, 3)], [], 3, 0)!.Records.Aggregate(RecoveryState.Nothing, RecoveryState.Apply);
        var second = RecoveryRules.Decide(state, Feed, [Voted(4, 2, 3, 4) with { Packet = new(9, 9) }], [5], 5, 2)!;
        Assert.Equal([new RecoveryRecord.Ambiguous(4), new RecoveryRecord.Ambiguous(5), new RecoveryRecord.Reached(5, 2)], second.Records);
        Assert.Empty(second.Owed);
        var after = second.Records.Aggregate(state, RecoveryState.Apply);
        Assert.Equal((1, 2, 2, 5), (after.RecoveredCount, after.AmbiguousCount, after.DisplacedCount, after.Position));
    }

    [Fact] // The outbox delivers at least once: told twice, before and after a restart, it stands in the log once.
    public async Task A_recovered_packet_brought_twice_stands_once_in_its_feed()
    {
        var owed = RecoveryRules.Decide(RecoveryState.Nothing, Feed, [Voted(3, 1, 2, 3)], [], 9, 0)!.Owed[0];
        OwedRow[] rows = [new(new($"recovery/{Feed}"), 1, 0, owed)];
        for (var life = 0; life < 2; life++)
        {
            using var data = Svom.Sqlite.DataFolder.Open(folder.Path);
            await using var log = new SqlitePacketLog(data, Options.Create(new StorageOptions()), TimeProvider.System);
            var route = new RecoveryRoute(log, TimeProvider.System);
            await route.DeliverAsync(owed.Target, rows, default);
            await route.DeliverAsync(owed.Target, rows, default);
            var one = Assert.Single((await log.ReadAsync(Feed, 0, 10, packetsOnly: true, default)).Items);
            Assert.Equal((ReceptionVerdict.Recovered, RecoveryRoute.NoStation, 1), (one.Verdict, one.Station, await log.HeadAsync(Feed, default)));
        }
    }

    [Fact]
    public void No_station_can_call_itself_what_recovered_packets_are_filed_under() => Assert.False(FeedId.IsName(RecoveryRoute.NoStation));

    [Fact]
    public void Records_are_read_as_they_were_written()
    {
        var format = new RecordFormat<RecoveryRecord>(RecoveryJson.Default.RecoveryRecordArray);
        RecoveryRecord[] records = [new RecoveryRecord.Joined(4, "ab"), new RecoveryRecord.Ambiguous(5), new RecoveryRecord.Reached(6, 7)];
        Assert.Equal(records, format.Decode(format.Encode(records)));
        const string Stored = """[{"$type":"recovered","position":3,"packet":"ab","from":[1,2,3],"risk":1E-13},{"$type":"reached","upTo":3,"displaced":0}]""";
        var read = format.Decode((byte[])[1, .. System.Text.Encoding.UTF8.GetBytes(Stored)]);
        Assert.Equal([1L, 2, 3], Assert.IsType<RecoveryRecord.Recovered>(read[0]).From);
        Assert.Equal(Stored, System.Text.Encoding.UTF8.GetString(format.Encode(read).Span[1..]));
    }

    private static VotedPacket Voted(long position, params long[] copies)
    {
        var frame = CopyVoteTests.Frame();
        return new(position, new(VoteOutcome.Recovered, frame, copies, CopyVoteTests.Arrival, 1e-13), RecoveryRules.Identify(frame), false);
    }
}
