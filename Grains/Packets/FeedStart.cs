using Microsoft.Extensions.Logging;

namespace Svom.Packets;

/// <summary>
/// After a start every feed whose sequencer is behind its log is taken up again, without waiting for the feed's next packet.
/// </summary>
internal sealed partial class FeedStart(IPacketLog log, IGrainFactory grains, ILogger<FeedStart> logger) : ILifecycleParticipant<ISiloLifecycle>
{
    public void Participate(ISiloLifecycle observer) =>
        observer.Subscribe(nameof(FeedStart), ServiceLifecycleStage.Active + 1, StartAsync);

    private Task StartAsync(CancellationToken cancellationToken)
    {
        _ = Task.Run(() => TakeUpAsync(cancellationToken), CancellationToken.None);
        return Task.CompletedTask;
    }

    private async Task TakeUpAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var feed in await log.FeedsAsync(cancellationToken))
            {
                await grains.GetGrain<ISequencerGrain>(feed.ToString()).CatchUpAsync(cancellationToken);
            }
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            LogNotTakenUp(failure); // The next packet of each feed shows its sequencer the gap.
        }
    }

    [LoggerMessage(2111, LogLevel.Warning, "Not every feed could be taken up at the start")]
    private partial void LogNotTakenUp(Exception failure);
}
