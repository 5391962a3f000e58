using Svom.Outcomes;
using Svom.Packets;

namespace Svom.Notifications.Mqtt;

/// <summary>Where receptions go: what it answered is durable.</summary>
internal interface IReceptionIntake
{
    Task<Outcome<IngestAnswer>> IngestAsync(ReceptionBatch batch, CancellationToken cancellationToken);
}

/// <summary>The same way as for receptions over REST.</summary>
internal sealed class GrainReceptionIntake(IGrainFactory grains) : IReceptionIntake
{
    public Task<Outcome<IngestAnswer>> IngestAsync(ReceptionBatch batch, CancellationToken cancellationToken) =>
        grains.GetGrain<IPacketIngestGrain>(0).IngestAsync(batch, cancellationToken);
}
