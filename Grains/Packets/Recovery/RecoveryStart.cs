using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Runtime;

namespace Svom.Packets.Recovery;

/// <summary>After a start whatever was diverted and has not voted does, without waiting for the feed's next packet. One feed after the other.</summary>
internal sealed partial class RecoveryStart(IPacketLog log, IGrainFactory grains, IOptions<RecoveryOptions> options, ILogger<RecoveryStart> logger) : ILifecycleParticipant<ISiloLifecycle>
{
    public void Participate(ISiloLifecycle observer) => observer.Subscribe(nameof(RecoveryStart), ServiceLifecycleStage.Active + 1, StartAsync);

    private Task StartAsync(CancellationToken cancellationToken)
    {
        _ = options.Value.Enabled ? Task.Run(() => TakeUpAsync(cancellationToken), CancellationToken.None) : Task.CompletedTask;
        return Task.CompletedTask;
    }

    private async Task TakeUpAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (var feed in await log.FeedsAsync(cancellationToken))
            {
                await grains.GetGrain<IRecoveryGrain>(feed.ToString()).CatchUpAsync(cancellationToken);
            }
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            LogNotTakenUp(failure); // The next reception of each feed shows its recovery the gap.
        }
    }

    [LoggerMessage(2133, LogLevel.Warning, "Broken copies of before the start could not be looked at; each feed's are with its next reception")]
    private partial void LogNotTakenUp(Exception failure);
}
