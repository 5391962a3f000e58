using Svom.Outcomes;

namespace Svom.Packets;

/// <summary>Takes receptions in: checks frames, gives identity, stores. Stateless; key 0.</summary>
[Alias("svom.packet-ingest")]
public interface IPacketIngestGrain : IGrainWithIntegerKey
{
    /// <summary>Stores a batch, all or none; answers after it is durable. The same batch again counts duplicates and stores nothing.</summary>
    /// <returns><see cref="RefusalCode.Overloaded"/> when the queue is full; <see cref="RefusalCode.Invalid"/> names the element that is no reception.</returns>
    [Alias("ingest")]
    Task<Outcome<IngestAnswer>> IngestAsync(ReceptionBatch batch, CancellationToken cancellationToken);
}
