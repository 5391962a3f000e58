using CsCheck;

namespace Svom.EventStore;

/// <summary>Shards divided over silos.</summary>
public sealed class FairShareTests
{
    [Fact]
    public void Every_shard_belongs_to_one_silo_and_no_silo_has_two_more_than_another() =>
        Gen.String[Gen.Char['a', 'z'], 1, 8].HashSet[1, 40].Sample(static silos =>
        {
            string[] active = [.. silos];
            var shares = active.Select(silo => FairShare.Of(silo, active)).Order().ToArray();
            Assert.Equal(Enumerable.Range(0, StreamId.ShardCount), shares.SelectMany(static share => Enumerable.Range(share.From, share.To - share.From)));
            var sizes = shares.Select(static share => share.To - share.From).ToArray();
            Assert.InRange(sizes.Max() - sizes.Min(), 0, 1);
        });

    [Fact]
    public void A_silo_that_is_not_on_the_roll_yet_counts_itself()
    {
        Assert.Equal((0, StreamId.ShardCount), FairShare.Of("a", []));
        Assert.Equal((512, StreamId.ShardCount), FairShare.Of("b", ["a"]));
    }
}
