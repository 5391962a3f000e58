using System.Security.Cryptography;

namespace Svom.Products;

/// <summary>A content on its way out of a store. It is held against its name as it goes: the last octets come only when all of them fit.</summary>
internal abstract class ContentStream(ContentAddress address, long length) : Stream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _position;
    private bool _checked;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    /// <summary>The next octets; 0 when there are no more.</summary>
    protected abstract ValueTask<int> NextAsync(Memory<byte> buffer, CancellationToken cancellationToken);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.Length > length - _position)
        {
            buffer = buffer[..(int)(length - _position)];
        }

        var read = 0;
        if (!buffer.IsEmpty)
        {
            read = await NextAsync(buffer, cancellationToken);
            if (read == 0)
            {
                throw new ContentCorruptException(address, $"it ends after {_position} of {length} octets.");
            }

            _hash.AppendData(buffer.Span[..read]);
            _position += read;
        }

        if (_position == length && !_checked)
        {
            Check();
        }

        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Content is read asynchronously.");

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _hash.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Check()
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        _hash.GetCurrentHash(digest);
        var found = ContentAddress.FromSha256(digest);
        if (found != address)
        {
            throw new ContentCorruptException(address, $"its octets are those of {found}.");
        }

        _checked = true;
    }
}
