using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Svom.Bursts;

/// <summary>Parts that belong together: they say the same of the message as a whole.</summary>
/// <param name="Expected">Parts of the whole message.</param>
/// <param name="Parts">Payloads by part number; of two contents the greater text.</param>
/// <param name="Conflicting">Part numbers heard with more than one content.</param>
public sealed record MessageVariant(int Expected, ImmutableSortedDictionary<int, string> Parts, ImmutableSortedSet<int> Conflicting);

/// <summary>
/// What was heard of one message. A pure function of the set of its parts: order, repeats and lateness do not matter. Parts that
/// contradict each other about the whole are kept apart, and the variant of which most parts were heard is the message.
/// </summary>
/// <param name="Variants">By what their parts have in common; bounded, the least texts are kept.</param>
/// <param name="FirstSent">Earliest packet time.</param>
/// <param name="LastSent">Latest packet time.</param>
public sealed record MessageParts(
    string Kind, int Number, uint ObservationId, ImmutableSortedDictionary<string, MessageVariant> Variants, DateTimeOffset FirstSent, DateTimeOffset LastSent)
{
    private const int MaxVariants = 4;

    /// <summary>The variant that counts: most parts, then the greater text.</summary>
    [JsonIgnore]
    public MessageVariant Best => Variants.MaxBy(static variant => (variant.Value.Parts.Count, variant.Key), Order).Value;

    [JsonIgnore]
    public int Expected => Best.Expected;

    [JsonIgnore]
    public int Have => Best.Parts.Count;

    [JsonIgnore]
    public bool Complete => Have == Expected;

    /// <summary>True when parts contradict each other.</summary>
    [JsonIgnore]
    public bool Conflict => Variants.Count > 1 || Variants.Values.Any(static variant => !variant.Conflicting.IsEmpty);

    /// <summary>Numbers of the parts that are missing.</summary>
    [JsonIgnore]
    public ImmutableArray<int> Missing => [.. Enumerable.Range(1, Expected).Where(part => !Best.Parts.ContainsKey(part))];

    private static Comparer<(int Count, string Key)> Order { get; } = Comparer<(int Count, string Key)>.Create(static (a, b) =>
        a.Count != b.Count ? a.Count.CompareTo(b.Count) : string.CompareOrdinal(a.Key, b.Key));

    /// <summary>A message of one part.</summary>
    public static MessageParts Begin(MessagePart part)
    {
        ArgumentNullException.ThrowIfNull(part);
        return new MessageParts(
            part.Kind, part.Number, part.ObservationId, ImmutableSortedDictionary.Create<string, MessageVariant>(StringComparer.Ordinal), part.PacketTime, part.PacketTime).With(part);
    }

    /// <summary>Adds a part.</summary>
    /// <returns>The same instance when it says nothing new.</returns>
    public MessageParts With(MessagePart part)
    {
        ArgumentNullException.ThrowIfNull(part);
        var known = Variants.GetValueOrDefault(part.Common);
        var variant = With(known ?? new(part.Parts, ImmutableSortedDictionary<int, string>.Empty, []), part);
        var variants = ReferenceEquals(variant, known) ? Variants : Variants.SetItem(part.Common, variant);
        if (variants.Count > MaxVariants && variants.Keys.Max(StringComparer.Ordinal) is { } greatest)
        {
            variants = string.Equals(greatest, part.Common, StringComparison.Ordinal) ? Variants : variants.Remove(greatest);
        }

        var (first, last) = (part.PacketTime < FirstSent ? part.PacketTime : FirstSent, part.PacketTime > LastSent ? part.PacketTime : LastSent);
        return ReferenceEquals(variants, Variants) && first == FirstSent && last == LastSent ? this : this with { Variants = variants, FirstSent = first, LastSent = last };
    }

    private static MessageVariant With(MessageVariant variant, MessagePart part)
    {
        if (!variant.Parts.TryGetValue(part.Part, out var held))
        {
            return variant with { Parts = variant.Parts.Add(part.Part, part.Payload) };
        }

        return string.CompareOrdinal(part.Payload, held) switch
        {
            0 => variant,
            > 0 => variant with { Parts = variant.Parts.SetItem(part.Part, part.Payload), Conflicting = variant.Conflicting.Add(part.Part) },
            _ when variant.Conflicting.Contains(part.Part) => variant,
            _ => variant with { Conflicting = variant.Conflicting.Add(part.Part) },
        };
    }
}
