namespace Svom.Packets.Recovery;

/// <summary>
/// The latest diverted receptions of a feed, in the order of its log. Which copies vote with a new one follows from these alone, so the window can be built
/// again from the log at any place. Bounded in number: a flood pushes older ones out, which is counted.
/// </summary>
public sealed class CopyWindow(RecoveryLimits limits)
{
    private readonly Queue<BrokenCopy> copies = [];

    /// <summary>Receptions pushed out by number while a copy of theirs could still have come.</summary>
    public long Displaced { get; private set; }

    /// <summary>Takes the next reception without a vote: for building the window again.</summary>
    public void Add(BrokenCopy copy)
    {
        ArgumentNullException.ThrowIfNull(copy);
        copies.Enqueue(copy);
        while (copies.Count > limits.WindowCopies)
        {
            var oldest = copies.Dequeue();
            Displaced += oldest.Bits == FrameBits && (copy.ReceivedAt - oldest.ReceivedAt).Duration() <= limits.Window ? 1 : 0;
        }
    }

    /// <summary>Takes the next reception and lets it vote with the copies near it. One that is not as long as a frame only has its place in the window.</summary>
    public VoteResult Take(BrokenCopy copy)
    {
        ArgumentNullException.ThrowIfNull(copy);
        var result = copy.Bits == FrameBits ? CopyVote.Take([copy, .. Near(copy)], limits) : VoteResult.Nothing;
        Add(copy);
        return result;
    }

    private static int FrameBits => PacketDefinitions.Current.FrameOctets * 8;

    /// <summary>Copies of other stations near a new one, the nearest first; of one station only its nearest.</summary>
    private IEnumerable<BrokenCopy> Near(BrokenCopy copy)
    {
        List<(int Distance, BrokenCopy Copy)>? near = null;
        foreach (var other in copies)
        {
            if (other.Bits == FrameBits && other.Distance(copy) is var distance && distance <= limits.MostDistanceBits
                && (other.ReceivedAt - copy.ReceivedAt).Duration() <= limits.Window && !string.Equals(other.Station, copy.Station, StringComparison.Ordinal))
            {
                (near ??= []).Add((distance, other));
            }
        }

        return near is not { Count: > 1 }
            ? []
            : near.OrderBy(static one => one.Distance).ThenBy(static one => one.Copy.Position).Select(static one => one.Copy).DistinctBy(static one => one.Station, StringComparer.Ordinal);
    }
}
