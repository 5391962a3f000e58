namespace Svom.Products;

/// <summary>A file on its way to its place; gone when it never gets there.</summary>
internal sealed class AsideFile : IDisposable
{
    private readonly string _path;
    private bool _moved;

    public AsideFile(string folder)
    {
        _path = Path.Combine(folder, Guid.NewGuid().ToString("N"));
        Octets = new(_path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.Delete, BufferSize = 0, Options = FileOptions.Asynchronous });
    }

    public FileStream Octets { get; }

    /// <summary>Renames it. One that stands there already has the same octets, or lost some.</summary>
    public void MoveTo(string place)
    {
        Octets.Dispose(); // Some systems rename no open file.
        File.Move(_path, place, overwrite: true);
        _moved = true;
    }

    public void Dispose()
    {
        Octets.Dispose();
        if (!_moved)
        {
            File.Delete(_path);
        }
    }
}

/// <summary>A content read from its file.</summary>
internal sealed class FileContentStream(ContentAddress address, FileStream file) : ContentStream(address, file.Length)
{
    protected override ValueTask<int> NextAsync(Memory<byte> buffer, CancellationToken cancellationToken) => file.ReadAsync(buffer, cancellationToken);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            file.Dispose();
        }

        base.Dispose(disposing);
    }
}
