using System.Collections.Immutable;

namespace Svom.Workflows;

/// <summary>
/// An author's hook around everything that is kept: compression, encryption. What it encoded is all that stores, viewers and tools see.
/// Search attributes never come here, so that they stay searchable.
/// </summary>
public interface IPayloadCodec
{
    /// <summary>Called with plain payloads before they are kept.</summary>
    /// <returns>One for each, in their order.</returns>
    ValueTask<ImmutableArray<Payload>> EncodeAsync(ImmutableArray<Payload> payloads, CancellationToken cancellationToken);

    /// <summary>
    /// Called with kept payloads before code sees them. One that it never encoded (kept before there was a codec) it gives back as it is;
    /// one that somebody changed it refuses by an exception.
    /// </summary>
    /// <returns>One for each, in their order.</returns>
    ValueTask<ImmutableArray<Payload>> DecodeAsync(ImmutableArray<Payload> payloads, CancellationToken cancellationToken);
}
