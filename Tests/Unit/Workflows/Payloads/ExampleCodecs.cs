using System.Buffers.Binary;
using System.Collections.Immutable;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;

namespace Svom.Workflows;

/// <summary>A codec as an author would write it: octets of the whole payload go in, one payload with one encoding comes out.</summary>
internal abstract class OctetCodec(string encoding) : IPayloadCodec
{
    public ValueTask<ImmutableArray<Payload>> EncodeAsync(ImmutableArray<Payload> payloads, CancellationToken cancellationToken) => new([.. payloads.Select(payload =>
        new Payload(ImmutableSortedDictionary<string, ReadOnlyMemory<byte>>.Empty.Add("encoding", Encoding.ASCII.GetBytes(encoding)), Encode(Write(payload))))]);

    public ValueTask<ImmutableArray<Payload>> DecodeAsync(ImmutableArray<Payload> payloads, CancellationToken cancellationToken) => new([.. payloads.Select(payload =>
        payload.Metadata.TryGetValue("encoding", out var said) && Encoding.ASCII.GetString(said.Span) == encoding ? Read(Decode(payload.Data.ToArray())) : payload)]);

    protected abstract byte[] Encode(byte[] octets);

    protected abstract byte[] Decode(byte[] octets);

    private static byte[] Write(Payload payload)
    {
        using var octets = new MemoryStream();
        using var writer = new BinaryWriter(octets);
        writer.Write(payload.Metadata.Count);
        foreach (var (name, value) in payload.Metadata)
        {
            writer.Write(name);
            writer.Write(value.Length);
            writer.Write(value.Span);
        }

        writer.Write(payload.Data.Span);
        return octets.ToArray();
    }

    private static Payload Read(byte[] octets)
    {
        using var reader = new BinaryReader(new MemoryStream(octets));
        var metadata = ImmutableSortedDictionary.CreateBuilder<string, ReadOnlyMemory<byte>>();
        for (var left = reader.ReadInt32(); left > 0; left--)
        {
            metadata.Add(reader.ReadString(), reader.ReadBytes(reader.ReadInt32()));
        }

        return new(metadata.ToImmutable(), reader.ReadBytes(octets.Length));
    }
}

/// <summary>AES-256 in Galois/counter mode: a fresh nonce (12 octets), the tag (16), then the hidden octets.</summary>
internal sealed class EncryptionCodec(byte[] key) : OctetCodec("binary/encrypted")
{
    private const int NonceLength = 12;
    private const int TagLength = 16;

    protected override byte[] Encode(byte[] octets)
    {
        var hidden = new byte[NonceLength + TagLength + octets.Length];
        RandomNumberGenerator.Fill(hidden.AsSpan(0, NonceLength));
        using var aes = new AesGcm(key, TagLength);
        aes.Encrypt(hidden.AsSpan(0, NonceLength), octets, hidden.AsSpan(NonceLength + TagLength), hidden.AsSpan(NonceLength, TagLength));
        return hidden;
    }

    protected override byte[] Decode(byte[] octets)
    {
        var plain = new byte[octets.Length - NonceLength - TagLength];
        using var aes = new AesGcm(key, TagLength);
        aes.Decrypt(octets.AsSpan(0, NonceLength), octets.AsSpan(NonceLength + TagLength), octets.AsSpan(NonceLength, TagLength), plain);
        return plain;
    }
}

internal sealed class CompressionCodec() : OctetCodec("binary/brotli")
{
    protected override byte[] Encode(byte[] octets)
    {
        var packed = new byte[BrotliEncoder.GetMaxCompressedLength(octets.Length) + 4];
        BinaryPrimitives.WriteInt32BigEndian(packed, octets.Length);
        return BrotliEncoder.TryCompress(octets, packed.AsSpan(4), out var length, quality: 4, window: 18) ? packed[..(length + 4)] : throw new InvalidOperationException("It does not fit.");
    }

    protected override byte[] Decode(byte[] octets)
    {
        var plain = new byte[BinaryPrimitives.ReadInt32BigEndian(octets)];
        return BrotliDecoder.TryDecompress(octets.AsSpan(4), plain, out var length) && length == plain.Length ? plain : throw new InvalidDataException("It is not what was packed.");
    }
}
