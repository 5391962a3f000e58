using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Svom.Products;

namespace Svom.Workflows;

/// <summary>Where the large payloads lie.</summary>
/// <param name="large">Octets, metadata included, above which a payload is large.</param>
internal sealed class PayloadShelf(IContentStore store, int large)
{
    private const int AtOnce = 8;

    public bool IsLarge(Payload payload) => payload.Data.Length > large || payload.Size > large;

    /// <summary>Keeps the large ones in the store and gives references in their place.</summary>
    public ValueTask<ImmutableArray<Payload>> PutAsync(ImmutableArray<Payload> payloads, CancellationToken cancellationToken) =>
        EachAsync(payloads, IsLarge, PutAsync, cancellationToken);

    /// <summary>Puts what references name in their place.</summary>
    /// <exception cref="PayloadRefusedException">A reference names no content, or another than it says.</exception>
    public ValueTask<ImmutableArray<Payload>> FetchAsync(ImmutableArray<Payload> payloads, CancellationToken cancellationToken) =>
        EachAsync(payloads, PayloadReference.Is, (payload, cancel) => FetchAsync(PayloadReference.Read(payload), cancel), cancellationToken);

    // Some at once: a long history that is read again may hold hundreds, each a way to the store and back.
    private static async ValueTask<ImmutableArray<Payload>> EachAsync(
        ImmutableArray<Payload> payloads, Func<Payload, bool> concerned, Func<Payload, CancellationToken, Task<Payload>> map, CancellationToken cancellationToken)
    {
        var places = Enumerable.Range(0, payloads.Length).Where(n => concerned(payloads[n])).ToArray();
        if (places.Length == 0)
        {
            return payloads;
        }

        var mapped = payloads.ToArray();
        await Parallel.ForAsync(0, places.Length, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (n, cancel) =>
            mapped[places[n]] = await map(payloads[places[n]], cancel));
        return ImmutableCollectionsMarshal.AsImmutableArray(mapped);
    }

    private async Task<Payload> PutAsync(Payload payload, CancellationToken cancellationToken)
    {
        var content = PayloadContent.Write(payload);
        return new PayloadReference(await store.PutAsync(content, cancellationToken), content.Length).ToPayload();
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
