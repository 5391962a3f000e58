using Svom.Packets.Recovery;

namespace Svom.Unit.Packets.Recovery;

/// <summary>Who votes with whom follows from the order of the log alone, and costs the same whatever arrives.</summary>
public sealed class CopyWindowTests
{
    private static readonly RecoveryLimits Limits = RecoveryLimits.Standard;

    [Fact]
    public void The_third_station_completes_the_vote_and_a_fourth_gives_the_same()
    {
        var frame = CopyVoteTests.Frame();
        var window = new CopyWindow(Limits);
        VoteOutcome[] votes = [.. Enumerable.Range(0, 4).Select(n => window.Take(CopyVoteTests.Copy(frame, n, [10 + n])).Outcome)];
        Assert.Equal([VoteOutcome.Nothing, VoteOutcome.Nothing, VoteOutcome.Recovered, VoteOutcome.Recovered], votes);
    }

    [Theory]
    [InlineData(30, VoteOutcome.Recovered), InlineData(31, VoteOutcome.Nothing)]
    public void Copies_that_arrive_farther_apart_do_not_vote_together(int seconds, VoteOutcome expected)
    {
        var frame = CopyVoteTests.Frame();
        var window = new CopyWindow(Limits);
        window.Add(CopyVoteTests.Copy(frame, 0, [1]));
        window.Add(CopyVoteTests.Copy(frame, 1, [2], at: CopyVoteTests.Arrival.AddSeconds(15)));
        Assert.Equal(expected, window.Take(CopyVoteTests.Copy(frame, 2, [3], at: CopyVoteTests.Arrival.AddSeconds(seconds))).Outcome);
    }

    [Fact]
    public void A_flood_pushes_old_copies_out_and_that_is_counted()
    {
        var frame = CopyVoteTests.Frame();
        var window = new CopyWindow(Limits);
        window.Add(CopyVoteTests.Copy(frame, 0, [1]));
        window.Add(CopyVoteTests.Copy(frame, 1, [2]));
        var random = new Random(1);
        for (var n = 0; n < Limits.WindowCopies; n++)
        {
            var rubbish = new byte[100];
            random.NextBytes(rubbish);
            Assert.Equal(VoteOutcome.Nothing, window.Take(new(100 + n, $"F{n % 50}", CopyVoteTests.Arrival, rubbish)).Outcome);
        }

        Assert.Equal(2, window.Displaced);
        Assert.Equal(VoteOutcome.Nothing, window.Take(CopyVoteTests.Copy(frame, 2, [3])).Outcome);
    }

    [Fact] // What has another length, or was never broken, takes its place and has no voice.
    public void Receptions_without_a_voice_change_no_vote()
    {
        var frame = CopyVoteTests.Frame();
        var window = new CopyWindow(Limits);
        window.Add(CopyVoteTests.Copy(frame, 0, [1]));
        Assert.Equal(VoteOutcome.Nothing, window.Take(new(7, "T8", CopyVoteTests.Arrival, new byte[99])).Outcome);
        Assert.Equal(VoteOutcome.Nothing, window.Take(new(8, "T9", CopyVoteTests.Arrival, default)).Outcome);
        window.Add(CopyVoteTests.Copy(frame, 1, [2]));
        Assert.Equal(VoteOutcome.Recovered, window.Take(CopyVoteTests.Copy(frame, 2, [3])).Outcome);
    }

    [Fact] // After a restart the window is built from the log's last receptions: every later vote must come out the same.
    public void A_window_built_again_anywhere_votes_the_same()
    {
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var copies = new List<BrokenCopy>();
        for (var packet = 0; packet < 300; packet++)
        {
            var frame = CopyVoteTests.Frame(sequenceCount: random.Next(16_384));
            for (var station = 0; station < 4; station++)
            {
                copies.Add(CopyVoteTests.Copy(frame, station, [random.Next(800), random.Next(800)], copies.Count + 1));
            }
        }

        random.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(copies)[..200]);
        var (whole, cut) = (new CopyWindow(Limits), random.Next(copies.Count));
        var votes = copies.ConvertAll(copy => whole.Take(copy).Outcome);
        var again = new CopyWindow(Limits);
        copies.GetRange(Math.Max(0, cut - Limits.WindowCopies), Math.Min(cut, Limits.WindowCopies)).ForEach(again.Add);
        Assert.Equal(votes[cut..], copies[cut..].ConvertAll(copy => again.Take(copy).Outcome));
        Assert.Contains(VoteOutcome.Recovered, votes);
    }
}
