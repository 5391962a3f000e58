using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Svom.Bursts;

/// <summary>Parts that belong together: they say the same of the message as a whole.</summary>
/// <param name="Expected">Parts of the whole message.</param>
/// <param name="Parts">Payloads by part number; of two contents the one that is to be believed more, then the greater text.</param>
/// <param name="Conflicting">Part numbers heard with more than one content.</param>
public sealed record MessageVariant(int Expected, ImmutableSortedDictionary<int, string> Parts, ImmutableSortedSet<int> Conflicting)
{
    /// <summary>Numbers of parts that nobody heard whole; null when there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableSortedSet<int>? Recovered { get; init; }

    /// <summary>Numbers of parts with values outside their ranges; null when there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableSortedSet<int>? Implausible { get; init; }

    /// <summary>Parts that were heard whole and are possible.</summary>
    [JsonIgnore]
    public int Sound => Parts.Count - (Recovered?.Count ?? 0) - (Implausible?.Count ?? 0);

    /// <summary>Adds a part.</summary>
    /// <returns>The same instance when it says nothing new.</returns>
    internal MessageVariant With(MessagePart part)
    {
        if (!Parts.TryGetValue(part.Part, out var held))
        {
            return Holding(part);
        }

        var order = (part.Trust, string.CompareOrdinal(part.Payload, held)).CompareTo((TrustOf(part.Part), 0));
        var differs = !string.Equals(part.Payload, held, StringComparison.Ordinal) && !Conflicting.Contains(part.Part);
        var next = order > 0 ? Holding(part) : this;
        return differs ? next with { Conflicting = Conflicting.Add(part.Part) } : next;
    }

    private int TrustOf(int part) => Implausible?.Contains(part) is true ? 0 : Recovered?.Contains(part) is true ? 1 : 2;

    private MessageVariant Holding(MessagePart part) => this with
    {
        Parts = Parts.SetItem(part.Part, part.Payload),
        Recovered = Marked(Recovered, part.Part, part.Trust == 1),
        Implausible = Marked(Implausible, part.Part, part.Trust == 0),
    };

    private static ImmutableSortedSet<int>? Marked(ImmutableSortedSet<int>? numbers, int number, bool set) =>
        set ? (numbers ?? []).Add(number) : numbers?.Remove(number) is { IsEmpty: false } left ? left : null;
}

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

    /// <summary>The variant that counts: most parts, then most parts that were heard whole, then the greater text.</summary>
    [JsonIgnore]
    public MessageVariant Best => Variants.MaxBy(static variant => (variant.Value.Parts.Count, variant.Value.Sound, variant.Key), Order).Value;

    [JsonIgnore]
    public int Expected => Best.Expected;

    [JsonIgnore]
    public int Have => Best.Parts.Count;

    [JsonIgnore]
    public bool Complete => Have == Expected;

    /// <summary>True when parts contradict each other.</summary>
    [JsonIgnore]
    public bool Conflict => Variants.Count > 1 || Variants.Values.Any(static variant => !variant.Conflicting.IsEmpty);

    /// <summary>Numbers of the parts that are here and that nobody heard whole.</summary>
    [JsonIgnore]
    public ImmutableArray<int> Recovered => [.. Best.Recovered ?? []];

    /// <summary>Numbers of the parts that are missing.</summary>
    [JsonIgnore]
    public ImmutableArray<int> Missing => [.. Enumerable.Range(1, Expected).Where(part => !Best.Parts.ContainsKey(part))];

    private static Comparer<(int Count, int Sound, string Key)> Order { get; } = Comparer<(int Count, int Sound, string Key)>.Create(static (a, b) =>
        (a.Count, a.Sound).CompareTo((b.Count, b.Sound)) is var order and not 0 ? order : string.CompareOrdinal(a.Key, b.Key));

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
        var variant = (known ?? new(part.Parts, ImmutableSortedDictionary<int, string>.Empty, [])).With(part);
        var variants = ReferenceEquals(variant, known) ? Variants : Variants.SetItem(part.Common, variant);
        if (variants.Count > MaxVariants && variants.Keys.Max(StringComparer.Ordinal) is { } greatest)
        {
            variants = string.Equals(greatest, part.Common, StringComparison.Ordinal) ? Variants : variants.Remove(greatest);
        }

        var (first, last) = (part.PacketTime < FirstSent ? part.PacketTime : FirstSent, part.PacketTime > LastSent ? part.PacketTime : LastSent);
        return ReferenceEquals(variants, Variants) && first == FirstSent && last == LastSent ? this : this with { Variants = variants, FirstSent = first, LastSent = last };
    }
}
