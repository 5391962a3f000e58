using Svom.Bursts;

namespace Svom.Packets;

/// <summary>Waits for the packets of a replay at its pace, and says how far it is while it waits.</summary>
/// <param name="tell">Is told the mission time that the replay has reached, before each wait.</param>
internal sealed class PacedReplay(ReplayPace pace, BurstOptions options, TimeProvider time, Action<DateTimeOffset?> tell)
{
    // As often a reader of the progress sees it move, and the workflow has a sign of life.
    private static readonly TimeSpan EachWait = TimeSpan.FromSeconds(5);

    private readonly long began = time.GetTimestamp();

    /// <summary>Waits for the next packet beyond a position.</summary>
    /// <param name="clock">The feed's clock there.</param>
    /// <param name="upTo">No further than this.</param>
    /// <returns>Everything up to here is due.</returns>
    public async ValueTask<long> ReachAsync(FeedPage page, FeedClock clock, long after, long upTo, CancellationToken cancellationToken)
    {
        for (var i = page.After(after); i < page.Slice.Items.Count && page.Slice.Items[i].Position <= upTo; i++)
        {
            var packet = page.Slice.Items[i];
            clock = page.Decoded[i].Undecodable is null ? SequencerRules.Tick(clock, packet, options) : clock;
            if (Left(packet.Position, packet.StoredAt, clock.Watermark) <= TimeSpan.Zero)
            {
                continue;
            }

            if (packet.Position - 1 > after)
            {
                return packet.Position - 1; // What is due already is not held up by what is not.
            }

            await WaitAsync(packet.Position, packet.StoredAt, clock.Watermark, cancellationToken);
        }

        return upTo;
    }

    /// <summary>Waits until a packet is due.</summary>
    /// <param name="mission">Mission time with it; null before there is one.</param>
    public async ValueTask WaitAsync(long position, DateTimeOffset storedAt, DateTimeOffset? mission, CancellationToken cancellationToken)
    {
        while (Left(position, storedAt, mission) is var left && left > TimeSpan.Zero)
        {
            tell(pace.At(time.GetElapsedTime(began)));
            await Task.Delay(left < EachWait ? left : EachWait, time, cancellationToken);
        }
    }

    private TimeSpan Left(long position, DateTimeOffset storedAt, DateTimeOffset? mission) => pace.Wait(position, storedAt, mission, time.GetElapsedTime(began));
}
