using System.Collections.Immutable;

namespace Svom.Workflows;

/// <summary>The metadata that nearly every payload has, made once: whoever reads or writes payloads need not take the same tree apart each time.</summary>
internal static class PayloadMetadata
{
    /// <summary>Says what the octets mean.</summary>
    public const string Encoding = "encoding";

    public static ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> None { get; } =
        ImmutableSortedDictionary.Create<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);

    /// <summary>JSON.</summary>
    public static ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> Json { get; } = Of(JsonName);

    /// <summary>Octets as they are.</summary>
    public static ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> Plain { get; } = Of(PlainName);

    /// <summary>Nothing.</summary>
    public static ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> Null { get; } = Of(NullName);

    public static ReadOnlySpan<byte> JsonName => "json/plain"u8;

    public static ReadOnlySpan<byte> PlainName => "binary/plain"u8;

    public static ReadOnlySpan<byte> NullName => "binary/null"u8;

    /// <returns>The metadata that says this encoding and nothing else; null for one that others gave.</returns>
    public static ImmutableSortedDictionary<string, ReadOnlyMemory<byte>>? Known(ReadOnlySpan<byte> encoding) =>
        encoding.SequenceEqual(JsonName) ? Json : encoding.SequenceEqual(PlainName) ? Plain : encoding.SequenceEqual(NullName) ? Null : null;

    /// <summary>Octets of names and values.</summary>
    public static long Size(ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> metadata)
    {
        if (ReferenceEquals(metadata, Json))
        {
            return Encoding.Length + JsonName.Length;
        }

        var size = 0L;
        foreach (var (name, value) in metadata)
        {
            size += name.Length + value.Length;
        }

        return size;
    }

    private static ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> Of(ReadOnlySpan<byte> encoding) =>
        ImmutableSortedDictionary.Create<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal).Add(Encoding, encoding.ToArray());
}
