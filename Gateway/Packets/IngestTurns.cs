using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using Svom.Hosting;

namespace Svom.Packets;

/// <summary>Lets a bounded number of batches be in memory at once; a bounded number waits, the rest is told to come back.</summary>
internal sealed class IngestTurns(IOptions<GatewayOptions> options) : IDisposable
{
    private readonly ConcurrencyLimiter limiter = new(new()
    {
        PermitLimit = options.Value.ConcurrentBatches,
        QueueLimit = options.Value.WaitingBatches,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    public ValueTask<RateLimitLease> TakeAsync(CancellationToken cancellationToken) => limiter.AcquireAsync(1, cancellationToken);

    public void Dispose() => limiter.Dispose();
}
