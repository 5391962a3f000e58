using CsCheck;
using Svom.Packets;
using Svom.Packets.Recovery;

namespace Svom.Unit.Packets.Recovery;

/// <summary>Broken copies of one frame, put together; and everything that must not be taken for a packet.</summary>
public sealed class CopyVoteTests
{
    private static readonly int CheckBits = 8 * (PacketDefinitions.Current.FrameOctets - VhfFrame.CrcOctets); // Where they begin.
    private static readonly RecoveryLimits Limits = RecoveryLimits.Standard;

    [Fact] // Property: few errors that no two stations share always vote away, but for check words that look like those of different packets.
    public void Three_copies_with_different_wrong_bits_give_the_frame_back() =>
        Gen.Select(PacketGenerators.Frames, Gen.Int).Sample((frame, seed) =>
        {
            var contested = 0;
            int[] bits = [.. Shuffled(seed).Where(bit => bit < CheckBits || ++contested <= 3).Take(18)];
            var copies = Enumerable.Range(0, 3).Select(n => Copy(frame, n, bits[(6 * n)..((6 * n) + 6)], at: SoonAfter(frame))).ToArray();
            var vote = CopyVote.Take(copies, Limits);
            Assert.Equal((VoteOutcome.Recovered, Convert.ToHexString(frame)), (vote.Outcome, Convert.ToHexString(vote.Octets.Span)));
            Assert.Equal([1L, 2, 3], vote.Copies);
            Assert.InRange(vote.Risk, 0, Limits.MostRisk);
        });

    [Fact] // Property: whatever the noise, what comes out is the frame or nothing.
    public void What_is_recovered_from_noisy_copies_is_never_another_packet() =>
        Gen.Select(PacketGenerators.Frames, Gen.Double[0.0001, 0.06], Gen.Int[3, 7], Gen.Int).Sample((frame, wrong, count, seed) =>
        {
            var random = new Random(seed);
            var copies = Enumerable.Range(0, count).Select(n => Copy(frame, n, [.. Enumerable.Range(0, 800).Where(_ => random.NextDouble() < wrong)], at: SoonAfter(frame))).ToArray();
            var vote = CopyVote.Take(copies, Limits);
            Assert.True(vote.Outcome is not VoteOutcome.Recovered || vote.Octets.Span.SequenceEqual(frame));
        });

    [Fact]
    public void Five_copies_recover_what_no_three_of_them_can()
    {
        var frame = Frame();
        var bits = Shuffled(5);

        // Any two share an error, so every triple is wrong somewhere; no three do.
        var wrong = Enumerable.Range(0, 5).Select(static _ => new List<int>()).ToArray();
        var next = 0;
        for (var one = 0; one < 5; one++)
        {
            for (var other = one + 1; other < 5; other++)
            {
                wrong[one].Add(bits[next]);
                wrong[other].Add(bits[next++]);
            }
        }

        var copies = wrong.Select((errors, n) => Copy(frame, n, [.. errors])).ToArray();
        Assert.Equal(VoteOutcome.Nothing, CopyVote.Take(copies[..3], Limits).Outcome);
        var vote = CopyVote.Take(copies, Limits);
        Assert.Equal((VoteOutcome.Recovered, 5), (vote.Outcome, vote.Copies.Count));
        Assert.Equal(Convert.ToHexString(frame), Convert.ToHexString(vote.Octets.Span));
    }

    [Fact]
    public void Two_stations_are_never_enough_however_often_each_heard_it()
    {
        var frame = Frame();
        BrokenCopy[] copies = [Copy(frame, 0, [1]), Copy(frame, 1, [2]), Copy(frame, 0, [3], 10), Copy(frame, 1, [4], 11)];
        Assert.Equal(VoteOutcome.Nothing, CopyVote.Take(copies, Limits).Outcome);
        Assert.Equal(VoteOutcome.Recovered, CopyVote.Take([.. copies, Copy(frame, 2, [5])], Limits).Outcome);
    }

    [Fact] // A packet that says it was sent next year passes every CRC; so does one of last week that somebody plays again.
    public void A_packet_whose_time_does_not_fit_its_arrival_is_none()
    {
        foreach (var (seconds, expected) in new[] { (61, false), (59, true), (-599, true), (-601, false) })
        {
            var frame = Frame(arrivedAfter: -seconds);
            Assert.Equal(expected, CopyVote.Take([Copy(frame, 0, [1]), Copy(frame, 1, [2]), Copy(frame, 2, [3])], Limits).Outcome is VoteOutcome.Recovered);
        }
    }

    [Fact]
    public void A_majority_with_a_value_out_of_its_range_is_no_packet()
    {
        var layout = PacketDefinitions.Current[PacketKind.EclairsAlert];
        var field = layout.Fields.First(static field => field is { Kind: FieldKind.Enum });
        var unknown = Enumerable.Range(0, 1 << field.Bits).Select(static code => (ulong)code).First(code => !field.InRange(code));
        var frame = Frame();
        field.Write(frame, unknown);
        VhfFrame.Seal(frame);
        Assert.Equal(VoteOutcome.Nothing, CopyVote.Take([Copy(frame, 0, [1]), Copy(frame, 1, [2]), Copy(frame, 2, [3])], Limits).Outcome);
    }

    [Fact] // Two packets may be near each other, their check words too: then some copies are of the one and some of the other.
    public void Copies_that_give_two_different_packets_give_none()
    {
        var one = Frame();
        var other = Neighbour(one);
        BrokenCopy[] copies = [Copy(one, 0, [300]), Copy(one, 1, [301]), Copy(one, 2, [302]), Copy(other, 3, [303]), Copy(other, 4, [304])];
        Assert.Equal(VoteOutcome.Recovered, CopyVote.Take(copies[..3], Limits).Outcome);
        Assert.Equal(VoteOutcome.Recovered, CopyVote.Take([copies[0], .. copies[3..]], Limits).Outcome);
        Assert.Equal(VoteOutcome.Ambiguous, CopyVote.Take(copies, Limits).Outcome);
    }

    [Fact] // Packets that differ in their counters alone: one CRC in 65,536 fits a mixture of three.
    public void Copies_of_different_packets_do_not_vote_together_although_they_are_near()
    {
        BrokenCopy[] copies = [.. Enumerable.Range(0, 3).Select(static n => Copy(Frame(sequenceCount: 40 + n), n, [300 + n]))];
        Assert.InRange(copies[0].Distance(copies[1]), 1, Limits.MostDistanceBits);
        Assert.Equal(VoteOutcome.Nothing, CopyVote.Take(copies, Limits with { MostRisk = 1 }).Outcome);
    }

    [Fact]
    public void Copies_that_differ_in_more_than_a_tenth_of_their_bits_do_not_vote()
    {
        var frame = Frame();
        var bits = Shuffled(9);
        BrokenCopy[] near = [Copy(frame, 0, [1]), Copy(frame, 1, [2]), Copy(frame, 2, bits[..70])];
        BrokenCopy[] far = [Copy(frame, 0, [1]), Copy(frame, 1, [2]), Copy(frame, 2, bits[..90])];
        var certain = Limits with { MostRisk = 1 };
        Assert.Equal(VoteOutcome.Recovered, CopyVote.Take(near, certain).Outcome);
        Assert.Equal(VoteOutcome.Nothing, CopyVote.Take(far, certain).Outcome);
    }

    [Fact] // The more the copies disagree, the less a CRC of 16 bits says.
    public void A_majority_of_copies_that_disagree_much_is_not_certain_enough()
    {
        Assert.InRange(PhantomRisk.Of(3, 8, 800), 0, 1e-10);
        Assert.InRange(PhantomRisk.Of(3, 60, 800), 1e-7, 1e-5);
        Assert.InRange(PhantomRisk.Of(5, 100, 800), 1e-12, 1e-8);
        Assert.Equal(0.5, PhantomRisk.MajorityWrong(3, 0.5), 1e-12);
        Assert.Equal((3 * 0.01 * 0.01 * 0.99) + (0.01 * 0.01 * 0.01), PhantomRisk.MajorityWrong(3, 0.01), 1e-15);

        var frame = Frame();
        var bits = Shuffled(3);
        BrokenCopy[] copies = [Copy(frame, 0, bits[..20]), Copy(frame, 1, bits[20..40]), Copy(frame, 2, bits[40..60])];
        Assert.Equal(VoteOutcome.Nothing, CopyVote.Take(copies, Limits).Outcome);
        Assert.Equal(VoteOutcome.Recovered, CopyVote.Take(copies, Limits with { MostRisk = 1e-5 }).Outcome);
    }

    internal static byte[] Frame(int sequenceCount = 1, double arrivedAfter = 2) => Svom.Support.Frames.Alert(4711, 0, 12.5, sequenceCount: sequenceCount, t0: Arrival.AddSeconds(-15 - arrivedAfter));

    internal static readonly DateTimeOffset Arrival = new(2026, 3, 1, 4, 14, 0, TimeSpan.Zero);

    internal static BrokenCopy Copy(byte[] frame, int station, int[] wrong, long? position = null, DateTimeOffset? at = null)
    {
        var octets = (byte[])frame.Clone();
        foreach (var bit in wrong)
        {
            octets[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        return new(position ?? station + 1, $"T{station}", at ?? Arrival, octets);
    }

    private static DateTimeOffset SoonAfter(byte[] frame) => PacketDefinitions.Current.Decode(frame).PacketTime.AddSeconds(2);

    /// <summary>Another valid frame, with few bits changed and nearly the same check word.</summary>
    private static byte[] Neighbour(byte[] frame)
    {
        var field = PacketDefinitions.Current[PacketKind.EclairsAlert]["Alert_SkyVar"];
        for (ulong raw = 1; ; raw++)
        {
            var near = (byte[])frame.Clone();
            field.Write(near, raw << 4);
            VhfFrame.Seal(near);
            if (System.Numerics.BitOperations.PopCount((uint)(((near[98] ^ frame[98]) << 8) | (near[99] ^ frame[99]))) == 1)
            {
                return near;
            }
        }
    }

    private static int[] Shuffled(int seed)
    {
        var bits = Enumerable.Range(0, 800).ToArray();
        new Random(seed).Shuffle(bits);
        return bits;
    }
}
