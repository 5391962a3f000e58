using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Hashing;
using Microsoft.AspNetCore.Http.Features;
using Svom.Outcomes;

namespace Svom.Packets;

/// <summary>
/// The body of one request, decompressed, in rented memory. It grows with what arrives, never with what a header promises, and
/// stops at the limit: a small gzip of gigabytes costs no more than an honest batch.
/// </summary>
internal sealed class RequestBody : IDisposable
{
    private const int FirstRent = 64 * 1024;

    // Above it room is no longer rented: the pool would keep what a few bombs took, 32 MiB each, until it is collected many times over.
    private const int LargestRent = 1024 * 1024;
    private const string NoGzip = "The body is not one whole gzip stream of one member.";

    private byte[] rented = ArrayPool<byte>.Shared.Rent(FirstRent);
    private int length;

    public ReadOnlySpan<byte> Octets => rented.AsSpan(0, length);

    public void Dispose() => GiveBack();

    /// <returns>The problem to answer; null when the whole body was read.</returns>
    public async Task<Problem?> FillAsync(HttpRequest request, int most, CancellationToken cancellationToken)
    {
        var encoding = request.Headers.ContentEncoding.ToString();
        if (encoding is not ("" or "identity") && !encoding.Equals("gzip", StringComparison.OrdinalIgnoreCase))
        {
            return new(ProblemTypes.UnsupportedMediaType, "The only content encoding taken is gzip.");
        }

        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = most;
        }

        return encoding is "" or "identity"
            ? await CopyAsync(request.Body, most, cancellationToken) ? null : new(ProblemTypes.TooLarge, $"The body holds more than {most} octets.")
            : await InflateAsync(request.Body, most, cancellationToken);
    }

    // The framework's reader takes a stream that ends early for a shorter one: the trailer tells whether all came. One member only,
    // because the trailer speaks of the last one.
    private async Task<Problem?> InflateAsync(Stream packed, int most, CancellationToken cancellationToken)
    {
        await using var tail = new TailStream(packed);
        await using var inflated = new GZipStream(tail, CompressionMode.Decompress, leaveOpen: true);
        try
        {
            if (!await CopyAsync(inflated, most, cancellationToken))
            {
                return new(ProblemTypes.TooLarge, $"The body holds more than {most} octets when decompressed.");
            }

            await tail.CopyToAsync(Stream.Null, cancellationToken);
        }
        catch (InvalidDataException)
        {
            return new(ProblemTypes.Malformed, NoGzip);
        }

        Span<byte> trailer = stackalloc byte[TailStream.Kept];
        return tail.TryTail(trailer) && BinaryPrimitives.ReadUInt32LittleEndian(trailer) == Crc32.HashToUInt32(Octets)
            && BinaryPrimitives.ReadUInt32LittleEndian(trailer[4..]) == length ? null : new(ProblemTypes.Malformed, NoGzip);
    }

    private async Task<bool> CopyAsync(Stream source, int most, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (length == rented.Length)
            {
                Grow(most);
            }

            var read = await source.ReadAsync(rented.AsMemory(length), cancellationToken);
            if (read == 0)
            {
                return true;
            }

            length += read;
            if (length > most)
            {
                return false;
            }
        }
    }

    /// <returns>Room to grow to: never more than what shows that the limit is passed, however large both are.</returns>
    internal static int Larger(int room, int most) => (int)Math.Min(room * 2L, most + 1L);

    private void Grow(int most)
    {
        var room = Larger(rented.Length, most);
        var larger = room <= LargestRent ? ArrayPool<byte>.Shared.Rent(room) : GC.AllocateUninitializedArray<byte>(room);
        rented.AsSpan(0, length).CopyTo(larger);
        GiveBack();
        rented = larger;
    }

    private void GiveBack()
    {
        if (rented.Length <= LargestRent)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }
}
