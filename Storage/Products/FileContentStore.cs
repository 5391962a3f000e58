using System.Security.Cryptography;
using Svom.Sqlite;
using Svom.Storage;

namespace Svom.Products;

/// <summary>
/// Contents as files of the data folder: <c>content/ab/cd/abcd…</c>. Each is written aside, flushed, and then renamed into its place, so that
/// under a name there is all of it or nothing, whenever the process or the machine dies.
/// </summary>
public sealed class FileContentStore : IContentStore, IDisposable
{
    private const int Slice = 1 << 20;
    private const int BlockingPuts = 8; // Flushing blocks a thread of the pool; more of them at once would starve others and not be faster.

    private readonly SemaphoreSlim _places = new(BlockingPuts);
    private readonly DurableFolders _folders = new();
    private readonly IStorageFaults? _faults;
    private readonly string _root;
    private readonly string _aside;

    public FileContentStore(DataFolder folder)
        : this(folder, null)
    {
    }

    /// <param name="folder">Held by this process alone: what lies aside at the start is of a process that died.</param>
    /// <param name="faults">Test hook.</param>
    internal FileContentStore(DataFolder folder, IStorageFaults? faults)
    {
        (_root, _faults) = (folder.File("content"), faults);
        _aside = Path.Combine(_root, "aside");
        _folders.Make(folder.Path, _root);
        Directory.CreateDirectory(_aside);
        foreach (var left in Directory.EnumerateFiles(_aside))
        {
            File.Delete(left);
        }
    }

    public Task<ContentAddress> PutAsync(ReadOnlyMemory<byte> content, CancellationToken cancellationToken) => BlockingAsync(
        () =>
        {
            var address = ContentAddress.FromSha256(SHA256.HashData(content.Span));
            if (Stands(address))
            {
                return Settled(address);
            }

            using var file = new AsideFile(_aside);
            for (var rest = content; !rest.IsEmpty; rest = rest[Math.Min(Slice, rest.Length)..])
            {
                cancellationToken.ThrowIfCancellationRequested();
                file.Octets.Write(rest.Span[..Math.Min(Slice, rest.Length)]);
            }

            return Name(file, address);
        },
        cancellationToken);

    public async Task<ContentAddress> PutAsync(Stream content, CancellationToken cancellationToken)
    {
        using var file = new AsideFile(_aside);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[Slice];
        for (int read; (read = await content.ReadAsync(buffer, cancellationToken)) > 0;)
        {
            hash.AppendData(buffer, 0, read);
            await file.Octets.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
        }

        var address = ContentAddress.FromSha256(hash.GetCurrentHash());
        return await BlockingAsync(() => Stands(address) ? Settled(address) : Name(file, address), cancellationToken);
    }

    public Task<Stream?> OpenAsync(ContentAddress address, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult<Stream?>(OpenFile(address) is { } file ? new FileContentStream(address, file) : null);
    }

    public Task<bool> ExistsAsync(ContentAddress address, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(File.Exists(PathOf(address)));
    }

    public void Dispose() => _places.Dispose();

    /// <summary>Where a content lies.</summary>
    internal string PathOf(ContentAddress address)
    {
        var name = address.ToString();
        return Path.Combine(_root, name[..2], name[2..4], name);
    }

    private async Task<ContentAddress> BlockingAsync(Func<ContentAddress> put, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(put, cancellationToken);
        }
        finally
        {
            _places.Release();
        }
    }

    // A file that lost octets does not count: the same content, put again, takes its place.
    private bool Stands(ContentAddress address)
    {
        using var file = OpenFile(address);
        return file is not null && ContentAddress.FromSha256(SHA256.HashData(file)) == address;
    }

    // Another put may have renamed it a moment ago, and not be through.
    private ContentAddress Settled(ContentAddress address)
    {
        var folder = Path.GetDirectoryName(PathOf(address))!;
        _folders.Make(_root, folder);
        DurableFolders.Sync(folder);
        return address;
    }

    private ContentAddress Name(AsideFile file, ContentAddress address)
    {
        file.Octets.Flush(flushToDisk: true);
        _faults?.At(StorageStep.FileWritten, address);
        var place = PathOf(address);
        _folders.Make(_root, Path.GetDirectoryName(place)!);
        file.MoveTo(place);
        _faults?.At(StorageStep.FileNamed, address);
        return Settled(address);
    }

    private FileStream? OpenFile(ContentAddress address)
    {
        try
        {
            return new(PathOf(address), new FileStreamOptions { Share = FileShare.Read | FileShare.Delete, Options = FileOptions.Asynchronous | FileOptions.SequentialScan });
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
