using Orleans.Streams;

namespace Svom.Packets.Streams;

/// <summary>
/// Tails the packet log for the feeds of one queue. It does not poll: the wait ends with the append itself, and each second as a
/// safety net, so that an idle platform costs nothing and a packet is on its way at once.
/// </summary>
internal sealed class PacketStreamReceiver(IPacketLog log, TimeProvider time, Func<FeedId, bool> mine) : IQueueAdapterReceiver, IDisposable
{
    private const int PacketsPerRead = 2_048;
    private static readonly TimeSpan SafetyNet = TimeSpan.FromSeconds(1);
    private readonly Dictionary<FeedId, long> cursors = [];
    private readonly CancellationTokenSource stopping = new();
    private long ticket;

    // Above every number of a receiver before, maybe on another silo: a subscriber that is still there goes on from the last number it saw.
    private long slicesRead = time.GetUtcNow().UtcTicks;

    public Task Initialize(TimeSpan timeout) => Task.CompletedTask;

    public async Task<IList<IBatchContainer>> GetQueueMessagesAsync(int maxCount)
    {
        try
        {
            var slices = await ReadAsync();
            if (slices.Count == 0)
            {
                ticket = await log.WaitAnyAsync(ticket, SafetyNet, stopping.Token);
                slices = await ReadAsync();
            }

            return slices;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return [];
        }
    }

    public async Task MessagesDeliveredAsync(IList<IBatchContainer> messages)
    {
        // Only where to begin after a restart: each subscriber keeps its own position and reads the log itself across a gap.
        foreach (var delivered in messages.OfType<PacketSliceContainer>().GroupBy(static container => container.Slice.Feed))
        {
            await log.SaveCheckpointAsync(PacketStream.Reader, delivered.Key, delivered.Max(static container => container.Slice.UpTo), CancellationToken.None);
        }
    }

    public async Task Shutdown(TimeSpan timeout) => await stopping.CancelAsync();

    public void Dispose() => stopping.Dispose();

    private async Task<IList<IBatchContainer>> ReadAsync()
    {
        var slices = new List<IBatchContainer>();
        foreach (var feed in (await log.FeedsAsync(stopping.Token)).Where(mine))
        {
            if (!cursors.TryGetValue(feed, out var after))
            {
                cursors[feed] = after = await log.CheckpointAsync(PacketStream.Reader, feed, stopping.Token);
            }

            if (await log.HeadAsync(feed, stopping.Token) > after)
            {
                var slice = await log.ReadAsync(feed, after, PacketsPerRead, packetsOnly: true, stopping.Token);
                cursors[feed] = slice.UpTo;
                slices.Add(new PacketSliceContainer(new(feed, after, slice.UpTo, [.. slice.Items]), ++slicesRead));
            }
        }

        return slices;
    }
}
