using CsCheck;

namespace Svom.Packets;

/// <summary>Calls drawn at random, compared with a list.</summary>
public abstract partial class PacketLogSuite
{
    private static readonly Gen<CheckedReception> Receptions = Gen.Select(
        Gen.Int[0, 5], Gen.Int[0, 2], Gen.Int[0, 2], Gen.Int[0, 2], Gen.Int[0, 4], Gen.Bool, static (content, station, ms, count, broken, drill) =>
        {
            var feed = new FeedId("svom", drill ? "drill" : null);
            return broken == 0
                ? Broken($"c{content}", $"s{station}", ms) with { Feed = feed }
                : Heard($"c{content}", $"s{station}", ms, apid: 576 + (count / 2), count: count % 2, feed: feed);
        });

    [Fact]
    public async Task Whatever_is_heard_in_whatever_order_the_log_is_what_the_list_is() =>
        await Receptions.Array[1, 12].Array[1, 8].SampleAsync(
            async calls =>
            {
                // A folder of its own a case would cost more than the case: spacecraft of its own instead.
                var craft = $"c{Guid.NewGuid():N}";
                var list = new List<CheckedReception>();
                foreach (var call in calls.Select(call => call.Select(one => one with { Feed = one.Feed with { Spacecraft = craft } }).ToArray()))
                {
                    var fresh = call.DistinctBy(Key).ExceptBy(list.Select(Key), Key).ToArray();
                    var answer = await AppendAsync(call);
                    Assert.Equal(
                        (fresh.Length, call.Length - fresh.Length, fresh.Count(one => one.Header is null)), (answer.Accepted, answer.Duplicates, answer.Invalid));
                    list.AddRange(fresh);
                }

                foreach (var feed in list.GroupBy(one => one.Feed))
                {
                    await CompareAsync(feed.Key, [.. feed]);
                }
            },
            iter: 100,
            threads: 1);

    private async Task CompareAsync(FeedId feed, CheckedReception[] expected)
    {
        var all = await AllAsync(feed);
        Assert.Equal(Enumerable.Range(1, expected.Length).Select(n => (long)n), all.Select(one => one.Position));
        Assert.Equal(expected.Select(one => (one.Id, one.Header, one.Verdict)), all.Select(one => (one.Id, one.Header, one.Verdict)));
        for (var n = 0; n < all.Count; n++)
        {
            var (one, before) = (expected[n], expected[..n]);
            var valid = one.Header is not null;
            Assert.Equal(valid && !before.Any(other => other.Header == one.Header && other.Id == one.Id), all[n].FirstCopy);
            Assert.Equal(valid && expected.Any(other => other.Header == one.Header && other.Id != one.Id), all[n].Conflict);
        }

        await CompareTailAsync(feed, all);
        await CompareSearchAsync(feed, all);
        foreach (var id in expected.Select(one => one.Id).Distinct())
        {
            Assert.Equal(all.Where(one => one.Id == id).Select(one => one.Position), (await Log.CopiesAsync(feed, id, None)).Select(one => one.Position));
            Assert.Contains(feed, await Log.WhereAsync(id, None));
        }
    }

    // A reader of packets may be served from elsewhere than the rows that the other reads come from: not a field may differ.
    private async Task CompareTailAsync(FeedId feed, IReadOnlyList<LoggedReception> all)
    {
        for (var after = 0; after <= all.Count; after++)
        {
            foreach (var max in (int[])[1, 2, 100])
            {
                var slice = await Log.ReadAsync(feed, after, max, packetsOnly: true, None);
                LoggedReception[] expected = [.. all.Where(one => one.FirstCopy && one.Position > after).Take(max)];
                Assert.Equal(expected.Select(static one => (one with { Octets = default }, Text(one))), slice.Items.Select(static one => (one with { Octets = default }, Text(one))));
                Assert.Equal(expected.Length == max ? expected[^1].Position : all.Count, slice.UpTo);
            }
        }
    }

    // However little a search may look at, one that goes on where it stopped finds everything, newest first.
    private async Task CompareSearchAsync(FeedId feed, IReadOnlyList<LoggedReception> all)
    {
        PacketQuery[] queries =
        [
            new(feed), new(feed, Station: "s1"), new(feed, 577), new(feed, 576, "s1"), new(feed, 576, "s0", FirstCopies: true), new(feed, Station: "s2", Invalid: true),
            new(feed, Station: "s2", Invalid: false), new(feed, Station: "s0", From: Noon.AddMilliseconds(1)), new(feed, To: Noon.AddMilliseconds(2), FirstCopies: true),
        ];
        foreach (var query in queries)
        {
            var expected = all.Reverse().Where(one => Matches(one, query)).Select(static one => one.Position).ToList();
            foreach (var (look, limit) in ((int, int)[])[(1, 1), (2, 50), (3, 2), (1_000, 50)])
            {
                var found = new List<long>();
                for (var next = query with { Look = look, Limit = limit }; ;)
                {
                    var part = await Log.FindAsync(next, None);
                    found.AddRange(part.Items.Select(static one => one.Position));
                    if (part.Before is not { } before)
                    {
                        break;
                    }

                    Assert.True(before < (next.Before ?? long.MaxValue), $"{next} does not go on");
                    next = next with { Before = before };
                }

                Assert.Equal(expected, found);
            }
        }
    }

    private static bool Matches(LoggedReception one, PacketQuery query) =>
        (query.Apid is not { } apid || one.Header?.Apid == apid) && (query.Station is not { } station || one.Station == station)
        && !(one.ReceivedAt < query.From) && !(one.ReceivedAt >= query.To) && (query.Invalid is not { } invalid || invalid == one.Header is null)
        && (!query.FirstCopies || one.FirstCopy);

    private static (FeedId Feed, string Station, DateTimeOffset At, PacketId Id) Key(CheckedReception one) =>
        (one.Feed, one.Reception.Station, one.Reception.ReceivedAt, one.Id);
}
