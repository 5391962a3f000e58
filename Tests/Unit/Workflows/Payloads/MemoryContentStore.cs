using System.Collections.Concurrent;
using System.Security.Cryptography;
using Svom.Products;

namespace Svom.Workflows;

/// <summary>A content store for tests of those who use one; it never looks whether what it holds is sound.</summary>
internal sealed class MemoryContentStore : IContentStore
{
    public ConcurrentDictionary<ContentAddress, ReadOnlyMemory<byte>> Contents { get; } = new();

    public Task<ContentAddress> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var address = ContentAddress.FromSha256(SHA256.HashData(content.Span));
        Contents[address] = content.ToArray();
        return Task.FromResult(address);
    }

    public async Task<ContentAddress> PutAsync(Stream content, CancellationToken cancellationToken)
    {
        using var octets = new MemoryStream();
        await content.CopyToAsync(octets, cancellationToken);
        return await PutAsync(octets.ToArray(), cancellationToken);
    }

    public Task<Stream?> OpenAsync(ContentAddress address, CancellationToken cancellationToken) =>
        Task.FromResult<Stream?>(Contents.TryGetValue(address, out var content) ? new MemoryStream(content.ToArray(), writable: false) : null);

    public Task<bool> ExistsAsync(ContentAddress address, CancellationToken cancellationToken) => Task.FromResult(Contents.ContainsKey(address));
}
