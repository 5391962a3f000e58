using System.Numerics;

namespace Svom.Packets.Recovery;

/// <summary>What a vote came to.</summary>
public enum VoteOutcome
{
    /// <summary>No majority is a packet, or none is certain enough.</summary>
    Nothing = 0,

    /// <summary>One packet, beyond doubt.</summary>
    Recovered = 1,

    /// <summary>Different majorities are different packets: none is taken.</summary>
    Ambiguous = 2,
}

/// <param name="Octets">The recovered frame; empty unless recovered.</param>
/// <param name="Copies">Positions of the copies whose majority it is, ascending.</param>
/// <param name="FirstArrival">Earliest arrival of those.</param>
/// <param name="Risk">Probability that it is wrong.</param>
public sealed record VoteResult(VoteOutcome Outcome, ReadOnlyMemory<byte> Octets, IReadOnlyList<long> Copies, DateTimeOffset FirstArrival, double Risk)
{
    public static readonly VoteResult Nothing = new(VoteOutcome.Nothing, default, [], default, 1);

    public static readonly VoteResult Ambiguous = new(VoteOutcome.Ambiguous, default, [], default, 1);
}

/// <summary>
/// Bitwise majority of broken copies of one packet. Triples vote first, those that agree most before the others; then five, then seven. A majority
/// counts when it is a valid frame whose fields are all in range and whose time fits its arrival. One packet must come out of all votes, with a
/// <see cref="PhantomRisk"/> below the limit for at least one of them. Copies whose check words disagree in more bits than they are many are of different
/// packets.
/// </summary>
public static class CopyVote
{
    private const int Least = 3;

    /// <summary>Votes.</summary>
    /// <param name="copies">Copies near each other, of one length, the newest first and then the nearest to it. A station that is there twice votes once.</param>
    public static VoteResult Take(IReadOnlyList<BrokenCopy> copies, RecoveryLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        var voters = copies.DistinctBy(static copy => copy.Station, StringComparer.Ordinal).Take(limits.MostVoters).ToArray();
        if (voters.Length < Least)
        {
            return VoteResult.Nothing;
        }

        var best = VoteResult.Nothing;
        ulong[]? found = null;
        foreach (var electorate in Electorates(voters, limits))
        {
            var majority = Majority(electorate);
            if (ContestedCheckBits(electorate, majority) > electorate.Length || !IsPacket(majority, electorate, limits))
            {
                continue;
            }

            if (found is not null && !found.AsSpan().SequenceEqual(majority))
            {
                return VoteResult.Ambiguous;
            }

            found = majority;
            var risk = PhantomRisk.Of(electorate.Length, electorate.Sum(copy => BrokenCopy.Distance(copy.Words, majority)), electorate[0].Bits);
            if (risk <= limits.MostRisk && risk < best.Risk)
            {
                best = new(
                    VoteOutcome.Recovered, BrokenCopy.ToOctets(majority, electorate[0].Bits), [.. electorate.Select(static copy => copy.Position).Order()],
                    electorate.Min(static copy => copy.ReceivedAt), risk);
            }
        }

        return best;
    }

    /// <summary>The triples that the newest copy is in, then all voters in odd numbers: older triples have voted before.</summary>
    private static IEnumerable<BrokenCopy[]> Electorates(BrokenCopy[] voters, RecoveryLimits limits)
    {
        var triples = new List<(int Disagreement, BrokenCopy[] Copies)>();
        for (var one = 1; one < voters.Length; one++)
        {
            for (var other = one + 1; other < voters.Length; other++)
            {
                var (near, far, across) = (voters[0].Distance(voters[one]), voters[0].Distance(voters[other]), voters[one].Distance(voters[other]));
                if (Math.Max(Math.Max(near, far), across) <= limits.MostDistanceBits)
                {
                    triples.Add((near + far + across, [voters[0], voters[one], voters[other]]));
                }
            }
        }

        foreach (var (_, triple) in triples.OrderBy(static triple => triple.Disagreement))
        {
            yield return triple;
        }

        for (var count = 5; count <= voters.Length && triples.Count > 0; count += 2)
        {
            yield return voters[..count];
        }
    }

    private static ulong[] Majority(BrokenCopy[] copies)
    {
        var words = new ulong[copies[0].Words.Length];
        for (var n = 0; n < words.Length; n++)
        {
            words[n] = copies.Length == Least
                ? (copies[0].Words[n] & copies[1].Words[n]) | (copies[0].Words[n] & copies[2].Words[n]) | (copies[1].Words[n] & copies[2].Words[n])
                : Counted(copies, n);
        }

        return words;
    }

    // Counts of up to seven in three planes of bits: one, two and four.
    private static ulong Counted(BrokenCopy[] copies, int word)
    {
        ulong ones = 0, twos = 0, fours = 0;
        foreach (var copy in copies)
        {
            var carry = ones & copy.Words[word];
            ones ^= copy.Words[word];
            fours ^= twos & carry;
            twos ^= carry;
        }

        return copies.Length == 5 ? fours | (twos & ones) : fours; // Three of five; four of seven.
    }

    /// <summary>
    /// Bits of the CRC in which the copies do not all agree. Copies of one packet agree in nearly all; three packets that are alike but for their
    /// counters have three CRCs that have nothing to do with each other, and disagree in twelve of sixteen bits.
    /// </summary>
    private static int ContestedCheckBits(BrokenCopy[] copies, ulong[] majority)
    {
        var contested = 0;
        for (var octet = copies[0].Octets.Length - VhfFrame.CrcOctets; octet < copies[0].Octets.Length; octet++)
        {
            var (word, shift) = (octet / 8, 56 - (8 * (octet % 8)));
            var differing = copies.Aggregate(0UL, (bits, copy) => bits | (copy.Words[word] ^ majority[word]));
            contested += BitOperations.PopCount((byte)(differing >> shift));
        }

        return contested;
    }

    private static bool IsPacket(ulong[] majority, BrokenCopy[] copies, RecoveryLimits limits)
    {
        if (!PacketDefinitions.Current.TryDecode(BrokenCopy.ToOctets(majority, copies[0].Bits), out var packet) || !packet.AllInRange)
        {
            return false;
        }

        var arrival = copies.Min(static copy => copy.ReceivedAt);
        return packet.PacketTime >= arrival - limits.OnBoardDelay && packet.PacketTime <= arrival + limits.ClockError;
    }
}
