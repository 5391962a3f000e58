using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Svom.EventStore;
using Svom.Packets.Recovery;

namespace Svom.Packets;

/// <summary>Follows feeds of the packet log. Its waits are woken by the append itself, and each second as a safety net.</summary>
[StatelessWorker(1), Reentrant]
internal sealed class PacketFollowGrain(IPacketLog log, IEventStore store, IOptions<RecoveryOptions> recovery, TimeProvider time) : Grain, IPacketFollowGrain
{
    private const int Most = 1_000;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SafetyNet = TimeSpan.FromSeconds(1);
    private static readonly string Spacecraft = PacketDefinitions.Current.SpacecraftName;

    private readonly PacketSummaries details = new(log, store, recovery.Value);

    public async Task<PacketsFollowed> AfterAsync(string? session, long after, int most, TimeSpan atMost, CancellationToken cancellationToken)
    {
        var feed = new FeedId(Spacecraft, session);
        var began = time.GetTimestamp();
        atMost = atMost < Longest ? atMost : Longest;
        while (true)
        {
            var ticket = await log.WaitAnyAsync(0, TimeSpan.Zero, cancellationToken); // Before the read: what lands between the two is not slept through.
            if (await log.HeadAsync(feed, cancellationToken) > after)
            {
                var slice = await log.ReadAsync(feed, after, Math.Clamp(most, 1, Most), packetsOnly: true, cancellationToken);
                if (slice.Items.Count > 0)
                {
                    return new(await details.SummariesAsync(feed, slice.Items, cancellationToken), slice.UpTo);
                }

                after = Math.Max(after, slice.UpTo); // Copies and broken frames only.
            }

            var left = atMost - time.GetElapsedTime(began);
            if (left <= TimeSpan.Zero)
            {
                return new([], after);
            }

            await log.WaitAnyAsync(ticket, left < SafetyNet ? left : SafetyNet, cancellationToken);
        }
    }

    public Task<long> HeadAsync(string? session, CancellationToken cancellationToken) => log.HeadAsync(new(Spacecraft, session), cancellationToken);
}
