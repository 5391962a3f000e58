using System.Collections.Immutable;

namespace Svom.Workflows;

/// <summary>One argument, result or detail: opaque to the engine. What the octets mean stands in the metadata and is the author's converter's business.</summary>
/// <param name="Metadata">Such as <c>encoding</c> = <c>json/plain</c>; names are case-sensitive.</param>
/// <param name="Data">The octets; may be empty.</param>
public sealed record Payload(ImmutableSortedDictionary<string, ReadOnlyMemory<byte>> Metadata, ReadOnlyMemory<byte> Data)
{
    /// <summary>Octets it takes, metadata included.</summary>
    public long Size => Data.Length + PayloadMetadata.Size(Metadata);

    /// <summary>By content: two payloads with the same octets are one and the same to a comparison of histories.</summary>
    public bool Equals(Payload? other) =>
        other is not null && Data.Span.SequenceEqual(other.Data.Span) && Metadata.Count == other.Metadata.Count
        && Metadata.All(entry => other.Metadata.TryGetValue(entry.Key, out var value) && entry.Value.Span.SequenceEqual(value.Span));

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(Data.Span);
        hash.Add(Metadata.Count);
        return hash.ToHashCode();
    }
}
