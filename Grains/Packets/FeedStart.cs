using Microsoft.Extensions.Logging;

namespace Svom.Packets;

/// <summary>
/// After a start every feed whose sequencer is behind its log is taken up again, without waiting for the feed's next packet.
/// </summary>
internal sealed partial class FeedStart(IPacketLog log, FeedCatchUp catchUp, ILogger<FeedStart> logger) : ILifecycleParticipant<ISiloLifecycle>
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
                catchUp.Want(feed);
            }
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            LogNotTakenUp(failure); // The next packet of each feed shows its sequencer the gap.
        }
    }

    [LoggerMessage(2111, LogLevel.Warning, "The feeds of the log could not be read at the start; each is taken up with its next packet")]
    private partial void LogNotTakenUp(Exception failure);
}
