using Microsoft.Extensions.Diagnostics.HealthChecks;
using Svom.EventStore;
using Svom.Notifications;

namespace Svom.Hosting;

/// <summary>Ready means: the stores answer. A platform that cannot read its archive must not be sent receptions.</summary>
internal sealed class ReadyCheck(IEventStore store, Packets.IPacketLog log) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var sequence = await store.ArchiveHeadAsync("notices", cancellationToken);
            var feeds = await log.FeedsAsync(cancellationToken);
            return HealthCheckResult.Healthy($"{sequence} archive sequences, {feeds.Count} feeds");
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            return HealthCheckResult.Unhealthy("A store does not answer.", failure);
        }
    }
}
