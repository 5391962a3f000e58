namespace Svom.Packets;

/// <summary>Passes a stream on and remembers its last octets: the trailer of a gzip stream (RFC 1952, 2.3.1).</summary>
internal sealed class TailStream(Stream source) : Stream
{
    /// <summary>CRC-32 and length of what was packed, four octets each.</summary>
    public const int Kept = 8;

    private readonly byte[] tail = new byte[Kept];
    private long seen;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => seen;
        set => throw new NotSupportedException();
    }

    /// <returns><see langword="false"/> when fewer octets came.</returns>
    public bool TryTail(Span<byte> octets)
    {
        tail.CopyTo(octets);
        return seen >= Kept;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await source.ReadAsync(buffer, cancellationToken);
        Remember(buffer.Span[..read]);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var read = source.Read(buffer);
        Remember(buffer[..read]);
        return read;
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    private void Remember(ReadOnlySpan<byte> octets)
    {
        seen += octets.Length;
        var fresh = octets.Length > Kept ? octets[^Kept..] : octets;
        tail.AsSpan(fresh.Length).CopyTo(tail);
        fresh.CopyTo(tail.AsSpan(Kept - fresh.Length));
    }
}
