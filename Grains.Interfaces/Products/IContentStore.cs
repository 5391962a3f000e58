namespace Svom.Products;

/// <summary>
/// Immutable octets under the name that follows from them. The same content put twice is there once; nobody ever sees half of one; and what
/// was answered survives a crash. Nothing is taken away.
/// </summary>
public interface IContentStore
{
    /// <summary>Keeps a content. It may be repeated at will, also after a failure: at worst it was there already.</summary>
    /// <returns>Its name, once it is durable.</returns>
    Task<ContentAddress> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>The same for what is too large for memory: reads the stream from where it stands to its end and leaves it open.</summary>
    Task<ContentAddress> PutAsync(Stream content, CancellationToken cancellationToken);

    /// <summary>
    /// Opens a content for reading from its start to its end, asynchronously. The length is known at once. Whoever reads to the end has had
    /// the right octets: the last of them are given out only when all of them fit the name.
    /// </summary>
    /// <returns>Null when nothing has that name.</returns>
    /// <exception cref="ContentCorruptException">Found while it is read: what is stored is not what was put.</exception>
    Task<Stream?> OpenAsync(ContentAddress address, CancellationToken cancellationToken);

    /// <summary>True when something has that name. It is not read.</summary>
    Task<bool> ExistsAsync(ContentAddress address, CancellationToken cancellationToken);
}

/// <summary>What stands under a name is not what was put there: the medium lost or changed octets. A file is mended by putting the content again.</summary>
public sealed class ContentCorruptException(ContentAddress address, string detail)
    : Exception($"Content {address} is corrupt: {detail}")
{
    public ContentAddress Address => address;
}

/// <summary>Short forms of what <see cref="IContentStore"/> does.</summary>
public static class ContentStoreReading
{
    /// <summary>The whole of a content in memory.</summary>
    /// <returns>Null when nothing has that name.</returns>
    /// <exception cref="ContentCorruptException">What is stored is not what was put.</exception>
    public static async Task<ReadOnlyMemory<byte>?> ReadAsync(this IContentStore store, ContentAddress address, CancellationToken cancellationToken)
    {
        var content = await store.OpenAsync(address, cancellationToken);
        if (content is null)
        {
            return null;
        }

        await using (content)
        {
            return await content.ReadWholeAsync(cancellationToken);
        }
    }

    /// <summary>All octets of an opened content.</summary>
    public static async Task<ReadOnlyMemory<byte>> ReadWholeAsync(this Stream content, CancellationToken cancellationToken)
    {
        var octets = new byte[content.Length];
        await content.ReadExactlyAsync(octets, cancellationToken);
        _ = await content.ReadAsync(new byte[1], cancellationToken); // Also an empty content is held against its name.
        return octets;
    }
}
