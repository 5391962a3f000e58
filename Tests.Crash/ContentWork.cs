using Svom.Products;

namespace Svom.Crash;

/// <summary>Contents that follow from their number: small ones, ones of several rows, and the same from memory and from a stream.</summary>
internal static class ContentWork
{
    public const int Contents = 24;

    public static byte[] Octets(int n)
    {
        var octets = new byte[n % 4 == 3 ? (5 << 20) + n : 10_000 + n];
        new Random(n).NextBytes(octets);
        return octets;
    }

    public static async Task RunAsync(IContentStore store)
    {
        await Parallel.ForAsync(0, Contents, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (n, cancellationToken) =>
        {
            var address = n % 2 == 0 ? await store.PutAsync(Octets(n), cancellationToken) : await store.PutAsync(new MemoryStream(Octets(n)), cancellationToken);
            Said.Line($"put {n} {address}");
        });
    }
}
