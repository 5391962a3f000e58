using System.Collections.Immutable;
using Svom.Products;

namespace Svom.Workflows;

/// <summary>Where the large payloads lie.</summary>
/// <param name="large">Octets, metadata included, above which a payload is large.</param>
internal sealed class PayloadShelf(IContentStore store, int large)
{
    public bool IsLarge(Payload payload) => payload.Data.Length > large || payload.Size > large;

    /// <summary>Keeps the large ones in the store and gives references in their place.</summary>
    public async ValueTask<ImmutableArray<Payload>> PutAsync(ImmutableArray<Payload> payloads, CancellationToken cancellationToken)
    {
        ImmutableArray<Payload>.Builder? kept = null;
        for (var n = 0; n < payloads.Length; n++)
        {
            if (IsLarge(payloads[n]))
            {
                var content = PayloadContent.Write(payloads[n]);
                var address = await store.PutAsync(content, cancellationToken);
                (kept ??= payloads.ToBuilder())[n] = new PayloadReference(address, content.Length).ToPayload();
            }
        }

        return kept?.MoveToImmutable() ?? payloads;
    }

    /// <summary>Puts what references name in their place.</summary>
    /// <exception cref="PayloadRefusedException">A reference names no content, or another than it says.</exception>
    public async ValueTask<ImmutableArray<Payload>> FetchAsync(ImmutableArray<Payload> payloads, CancellationToken cancellationToken)
    {
        ImmutableArray<Payload>.Builder? fetched = null;
        for (var n = 0; n < payloads.Length; n++)
        {
            if (PayloadReference.Is(payloads[n]))
            {
                (fetched ??= payloads.ToBuilder())[n] = await FetchAsync(PayloadReference.Read(payloads[n]), cancellationToken);
            }
        }

        return fetched?.MoveToImmutable() ?? payloads;
    }

    private async Task<Payload> FetchAsync(PayloadReference reference, CancellationToken cancellationToken)
    {
        var content = await store.OpenAsync(reference.Address, cancellationToken)
            ?? throw new PayloadRefusedException($"A payload refers to content {reference.Address}, which the platform does not have.");
        await using (content)
        {
            if (content.Length != reference.Size) // Before it is read: a lie must not cost memory.
            {
                throw new PayloadRefusedException($"A payload refers to content {reference.Address} as {reference.Size} octets; it has {content.Length}.");
            }

            var octets = await content.ReadWholeAsync(cancellationToken); // The store holds them against the name.
            return !PayloadContent.TryRead(octets, out var payload) ? throw new PayloadRefusedException($"A payload refers to content {reference.Address}, which holds no payload.")
                : PayloadReference.Is(payload) ? throw new PayloadRefusedException($"A payload refers to content {reference.Address}, which is a reference itself.")
                : payload;
        }
    }
}
