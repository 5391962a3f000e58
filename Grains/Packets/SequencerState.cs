using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Svom.Bursts;

namespace Svom.Packets;

/// <summary>What a feed's sequencer did. One stream a feed.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "$type")]
[JsonDerivedType(typeof(Took), "took")]
[JsonDerivedType(typeof(Wished), "wished")]
[JsonDerivedType(typeof(Parked), "parked")]
internal abstract record SequencerRecord
{
    /// <summary>Everything up to a position was routed. Lists hold what changed; null where nothing did.</summary>
    /// <param name="UpTo">The sequencer's position in the feed.</param>
    /// <param name="Clock">Mission time then.</param>
    /// <param name="Sequences">Sequences that are new or changed.</param>
    /// <param name="Forgotten">Bursts whose sequence is too old to be remembered.</param>
    /// <param name="Counters">Burst numbers given, by day.</param>
    /// <param name="Routed">Position of the last packet routed to each burst of this batch.</param>
    /// <param name="Woken">Bursts told that their mission time has come.</param>
    internal sealed record Took(
        long UpTo, FeedClock Clock, BurstSequence[]? Sequences, string[]? Forgotten, Dictionary<string, int>? Counters,
        Dictionary<string, long>? Routed, string[]? Woken) : SequencerRecord;

    /// <summary>A burst wants to be told when mission time has come so far.</summary>
    internal sealed record Wished(string Burst, DateTimeOffset? At, long Version) : SequencerRecord;

    /// <summary>A packet that cannot be read was passed over; it stays in the log.</summary>
    internal sealed record Parked(long Position, string Why) : SequencerRecord;
}

/// <summary>Where a feed's sequencer stands: the fold of its records.</summary>
/// <param name="Position">Everything up to it was routed.</param>
/// <param name="Wishes">Mission time at which a burst wants to be told, and the burst's version when it said so.</param>
/// <param name="Routed">Position of the last packet routed to each burst that is remembered.</param>
internal sealed record SequencerState(
    long Position, FeedClock Clock, AssignmentState Assignment, ImmutableDictionary<string, Wish> Wishes, ImmutableDictionary<string, long> Routed)
{
    public static SequencerState Empty(FeedId feed) =>
        new(0, new(), AssignmentState.Empty(!feed.Live), ImmutableDictionary<string, Wish>.Empty, ImmutableDictionary<string, long>.Empty);

    public static SequencerState Apply(SequencerState state, SequencerRecord record) => record switch
    {
        SequencerRecord.Took took => state.Take(took),
        SequencerRecord.Wished wished when !(state.Wishes.GetValueOrDefault(wished.Burst)?.Version > wished.Version) =>
            state with { Wishes = Set(state.Wishes, wished.Burst, new(wished.At, wished.Version), state.Assignment.Sequences.Exists(sequence => sequence.Burst == wished.Burst)) },
        _ => state,
    };

    /// <summary>
    /// A wish outlives the memory of its sequence, for the burst waits still. A wish for nothing only keeps an older one that comes late from
    /// bringing its time back: kept for every burst of the past it would grow for ever.
    /// </summary>
    private static ImmutableDictionary<string, Wish> Set(ImmutableDictionary<string, Wish> wishes, string burst, Wish wish, bool remembered) =>
        wish.At is null && !remembered ? wishes.Remove(burst) : wishes.SetItem(burst, wish);

    private SequencerState Take(SequencerRecord.Took took)
    {
        var sequences = Assignment.Sequences;
        if (took.Forgotten is { } forgotten)
        {
            sequences = sequences.RemoveAll(sequence => forgotten.Contains(sequence.Burst, StringComparer.Ordinal));
        }

        foreach (var changed in took.Sequences ?? [])
        {
            var at = sequences.FindIndex(sequence => string.Equals(sequence.Burst, changed.Burst, StringComparison.Ordinal));
            sequences = at < 0 ? sequences.Add(changed) : sequences.SetItem(at, changed);
        }

        var next = this with
        {
            Position = took.UpTo,
            Clock = took.Clock,
            Assignment = Assignment with { Sequences = sequences, Counters = Assignment.Counters.SetItems(took.Counters ?? []) },
            Routed = Routed.SetItems(took.Routed ?? []),
        };
        return took is { Sequences: null, Forgotten: null, Woken: null } ? next : next.WithoutForgotten(took);
    }

    /// <summary>Nothing is kept of a burst without a sequence, but for what it waits for. A flood may open and forget bursts in one batch.</summary>
    private SequencerState WithoutForgotten(SequencerRecord.Took took)
    {
        var known = Assignment.Sequences.Select(static sequence => sequence.Burst).ToHashSet(StringComparer.Ordinal);
        var wishes = Wishes;
        foreach (var burst in took.Woken ?? [])
        {
            wishes = Set(wishes, burst, new(null, wishes.GetValueOrDefault(burst)?.Version ?? 0), known.Contains(burst));
        }

        foreach (var burst in took.Forgotten ?? [])
        {
            wishes = wishes.GetValueOrDefault(burst) is { At: null } ? wishes.Remove(burst) : wishes;
        }

        return this with
        {
            Wishes = wishes,
            Routed = Routed.RemoveRange((took.Forgotten ?? []).Concat(took.Routed?.Keys ?? Enumerable.Empty<string>()).Where(burst => !known.Contains(burst))),
        };
    }
}

/// <param name="At">Mission time; null: nothing is wished for.</param>
/// <param name="Version">Version of the burst that wished.</param>
internal sealed record Wish(DateTimeOffset? At, long Version);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(SequencerRecord[]))]
[JsonSerializable(typeof(SequencerState))]
internal sealed partial class SequencerJson : JsonSerializerContext;
