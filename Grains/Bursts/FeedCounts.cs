using System.Collections.Immutable;
using Svom.Ccsds;
using Svom.Packets;

namespace Svom.Bursts;

/// <summary>
/// An application numbers its packets whatever burst they are of, so what lies between those of one burst may be another's. The feed's log knows:
/// it is asked when somebody reads, so that no packet costs more on its way and whatever comes later, to whichever burst, is seen.
/// </summary>
internal sealed class FeedCounts(IPacketLog log)
{
    /// <summary>Packets of an application looked at for one burst: a quarter of all counts. Counts beyond stay missing.</summary>
    private const int MostPackets = SpacePacketHeader.SequenceModulus / 4;

    private static readonly string Spacecraft = PacketDefinitions.Current.SpacecraftName;

    /// <summary>The burst with <see cref="PacketCount.Expected"/> less what the feed heard for others.</summary>
    public async Task<BurstView> SettleAsync(BurstView burst, CancellationToken cancellationToken)
    {
        if (burst.Completeness.IsDefaultOrEmpty || burst.Completeness.All(static count => count.Gaps is null))
        {
            return burst;
        }

        var feed = new FeedId(Spacecraft, burst.Session);
        return burst with { Completeness = [.. await Task.WhenAll(burst.Completeness.Select(count => SettleAsync(feed, count, cancellationToken)))] };
    }

    private async Task<PacketCount> SettleAsync(FeedId feed, PacketCount count, CancellationToken cancellationToken)
    {
        if (count is not { Apid: { } apid, Gaps: { } gaps })
        {
            return count;
        }

        var heard = await log.CountsAsync(feed, apid, gaps.From, gaps.To, MostPackets, cancellationToken);
        return count with { Expected = count.Expected - heard.Count(one => IsIn(gaps.Runs, one)), Gaps = null };
    }

    private static bool IsIn(ImmutableArray<CountGap> runs, int count) =>
        runs.Any(run => (count - run.First + SpacePacketHeader.SequenceModulus) % SpacePacketHeader.SequenceModulus < run.Length);
}
