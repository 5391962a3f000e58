using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using Grpc.Core;
using Grpc.Net.Compression;
using Svom.Packets;

namespace Svom.Hosting;

/// <summary>
/// gzip for gRPC messages that stops where a message may not go on: the library bounds a message as it was sent, not what comes out of it, and a
/// megabyte can hold a gigabyte of zeros. It also takes a stream that ends early for a shorter one: half a batch would be stored and acknowledged as the whole.
/// </summary>
internal sealed class BoundedGzip(int most) : ICompressionProvider
{
    public string EncodingName => "gzip";

    public Stream CreateCompressionStream(Stream stream, CompressionLevel? compressionLevel) => new GZipStream(stream, compressionLevel ?? CompressionLevel.Fastest, leaveOpen: true);

    public Stream CreateDecompressionStream(Stream stream)
    {
        var tail = new TailStream(stream);
        return new BoundedStream(tail, new GZipStream(tail, CompressionMode.Decompress, leaveOpen: true), most);
    }

    private sealed class BoundedStream(TailStream tail, Stream source, int most) : Stream
    {
        private readonly Crc32 crc = new();
        private long came;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => came;
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            var read = source.Read(buffer);
            came += read;
            if (came > most)
            {
                throw new RpcException(new(StatusCode.ResourceExhausted, "The message is longer than the call takes."));
            }

            crc.Append(buffer[..read]);
            return read > 0 || buffer.IsEmpty || IsWhole() ? read : throw new InvalidDataException("The message is not one whole gzip stream of one member.");
        }

        // The trailer tells whether all came, as for bodies over HTTP.
        private bool IsWhole()
        {
            tail.CopyTo(Null);
            Span<byte> trailer = stackalloc byte[TailStream.Kept];
            return tail.TryTail(trailer) && BinaryPrimitives.ReadUInt32LittleEndian(trailer) == crc.GetCurrentHashAsUInt32() && BinaryPrimitives.ReadUInt32LittleEndian(trailer[4..]) == came;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                source.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
