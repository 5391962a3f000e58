using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using Svom.Products;

namespace Svom.Workflows;

/// <summary>
/// The way of payloads between code and what is kept. Outgoing: the author's codec, if there is one, then the large ones go to the content
/// store and leave a reference. Incoming: the reverse. Small payloads without a codec pass untouched, at once.
/// </summary>
public sealed class PayloadPipeline
{
    private readonly IPayloadTransform _outgoing;
    private readonly IPayloadTransform _incoming;

    public PayloadPipeline(IContentStore store, IOptions<WorkflowEngineOptions> options, IPayloadCodec? codec = null)
        : this(new PayloadShelf(store, options.Value.LargePayload), codec)
    {
    }

    private PayloadPipeline(PayloadShelf shelf, IPayloadCodec? codec)
    {
        _outgoing = new OutgoingPayloads(shelf, codec);
        _incoming = new IncomingPayloads(shelf, codec);
        WithoutCodec = codec is null ? this : new(shelf, codec: null);
    }

    /// <summary>For payloads of workers and clients elsewhere: they have codecs of their own, and only the content store is ours.</summary>
    public PayloadPipeline WithoutCodec { get; }

    /// <summary>From code or a caller to what is kept. Once for each value: what is already kept would be refused or encoded twice.</summary>
    /// <returns>The same instance when nothing changes.</returns>
    /// <exception cref="PayloadRefusedException">A payload has the form of the platform's own references.</exception>
    public ValueTask<T> OutgoingAsync<T>(T value, CancellationToken cancellationToken)
        where T : class => PayloadWalk.MapAsync(value, _outgoing, cancellationToken);

    /// <inheritdoc cref="OutgoingAsync{T}"/>
    public ValueTask<ImmutableArray<Payload>> OutgoingAsync(ImmutableArray<Payload> payloads, CancellationToken cancellationToken) =>
        PayloadWalk.MapAsync(payloads, _outgoing, cancellationToken);

    /// <inheritdoc cref="OutgoingAsync{T}"/>
    public ValueTask<ImmutableSortedDictionary<string, Payload>> OutgoingAsync(ImmutableSortedDictionary<string, Payload> payloads, CancellationToken cancellationToken) =>
        PayloadWalk.MapAsync(payloads, _outgoing, cancellationToken);

    /// <summary>From what is kept to code or a caller.</summary>
    /// <returns>The same instance when nothing changes.</returns>
    /// <exception cref="PayloadRefusedException">A reference names no content, or another than it says.</exception>
    /// <exception cref="ContentCorruptException">What the store holds is not what was put there.</exception>
    public ValueTask<T> IncomingAsync<T>(T value, CancellationToken cancellationToken)
        where T : class => PayloadWalk.MapAsync(value, _incoming, cancellationToken);

    /// <inheritdoc cref="IncomingAsync{T}"/>
    public ValueTask<ImmutableArray<Payload>> IncomingAsync(ImmutableArray<Payload> payloads, CancellationToken cancellationToken) =>
        PayloadWalk.MapAsync(payloads, _incoming, cancellationToken);

    /// <inheritdoc cref="IncomingAsync{T}"/>
    public ValueTask<ImmutableSortedDictionary<string, Payload>> IncomingAsync(ImmutableSortedDictionary<string, Payload> payloads, CancellationToken cancellationToken) =>
        PayloadWalk.MapAsync(payloads, _incoming, cancellationToken);
}
