using Microsoft.Extensions.Logging;
using Svom.Packets;

namespace Svom.Stations;

/// <summary>After a start the live feed is watched, and what came before and was not counted by station is counted.</summary>
internal sealed partial class StationWatchStart(IPacketLog log, IGrainFactory grains, ILogger<StationWatchStart> logger) : ILifecycleParticipant<ISiloLifecycle>
{
    private static readonly FeedId Live = new(PacketDefinitions.Current.SpacecraftName);

    public void Participate(ISiloLifecycle observer) => observer.Subscribe(nameof(StationWatchStart), ServiceLifecycleStage.Active + 1, StartAsync);

    private Task StartAsync(CancellationToken cancellationToken)
    {
        _ = Task.Run(() => TakeUpAsync(cancellationToken), CancellationToken.None);
        return Task.CompletedTask;
    }

    private async Task TakeUpAsync(CancellationToken cancellationToken)
    {
        try
        {
            await grains.GetGrain<IStationWatchGrain>(Live.ToString()).KeepWatchAsync(cancellationToken);
            foreach (var feed in await log.FeedsAsync(cancellationToken))
            {
                // One after the other: alerts come first.
                if (await log.CheckpointAsync(StationWatchGrain.Reader, feed, cancellationToken) < await log.HeadAsync(feed, cancellationToken))
                {
                    await grains.GetGrain<IStationWatchGrain>(feed.ToString()).CatchUpAsync(cancellationToken);
                }
            }
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            LogNotTakenUp(failure); // The next reception of a feed begins its counting, the next reminder that of the live one.
        }
    }

    [LoggerMessage(2411, LogLevel.Warning, "The station watch could not be taken up at the start; it is with the next receptions")]
    private partial void LogNotTakenUp(Exception failure);
}
