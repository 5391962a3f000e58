using System.Buffers.Text;
using System.Collections.Immutable;
using System.Globalization;
using Svom.Products;

namespace Svom.Workflows;

/// <summary>
/// What a history keeps in the place of a large payload: metadata <c>encoding</c>, <c>sha256</c> and <c>size</c>. Its octets say nothing, but
/// there are some: an entry of a memo without any would be taken away.
/// </summary>
/// <param name="Address">Of the content that holds the payload, written by <see cref="PayloadContent"/>.</param>
/// <param name="Size">Octets of that content.</param>
internal readonly record struct PayloadReference(ContentAddress Address, long Size)
{
    private const string EncodingKey = "encoding";
    private const string AddressKey = "sha256";
    private const string SizeKey = "size";

    private static readonly ReadOnlyMemory<byte> Encoding = "svom/content"u8.ToArray();

    private static readonly ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> Stem =
        ImmutableSortedDictionary.Create<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal).Add(EncodingKey, Encoding);

    /// <summary>Quick: it is asked for every payload.</summary>
    public static bool Is(Payload payload) => payload.Metadata.TryGetValue(EncodingKey, out var encoding) && encoding.Span.SequenceEqual(Encoding.Span);

    /// <summary>Reads a payload that says it is a reference.</summary>
    /// <exception cref="PayloadRefusedException">It is written otherwise than we write them.</exception>
    public static PayloadReference Read(Payload payload)
    {
        if (payload.Data.Span.SequenceEqual(Encoding.Span) && payload.Metadata.Count == 3
            && payload.Metadata.TryGetValue(AddressKey, out var sha256) && ContentAddress.TryParse(System.Text.Encoding.Latin1.GetString(sha256.Span), out var address)
            && payload.Metadata.TryGetValue(SizeKey, out var octets) && Utf8Parser.TryParse(octets.Span, out long size, out var read) && read == octets.Length && size > 0)
        {
            return new(address, size);
        }

        throw new PayloadRefusedException("A payload refers to stored content, but not in the form that the platform writes.");
    }

    public Payload ToPayload() =>
        new(Stem.Add(AddressKey, Octets(Address.ToString())).Add(SizeKey, Octets(Size.ToString(CultureInfo.InvariantCulture))), Encoding);

    private static ReadOnlyMemory<byte> Octets(string text) => System.Text.Encoding.Latin1.GetBytes(text);
}
