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
    /// <summary>The wishes for a time, soonest first: a packet asks for those that have come, not for all.</summary>
    [JsonIgnore]
    public ImmutableSortedSet<(DateTimeOffset At, string Burst)> Soonest { get; private init; } =
        ImmutableSortedSet.CreateRange(SoonestFirst.Instance, Wishes.Where(static wish => wish.Value.At is not null).Select(static wish => (wish.Value.At!.Value, wish.Key)));

    public static SequencerState Empty(FeedId feed) =>
        new(0, new(), AssignmentState.Empty(!feed.Live), ImmutableDictionary<string, Wish>.Empty, ImmutableDictionary<string, long>.Empty);

    public static SequencerState Apply(SequencerState state, SequencerRecord record) => record switch
    {
        SequencerRecord.Took took => state.Take(took),
        SequencerRecord.Wished wished when !(state.Wishes.GetValueOrDefault(wished.Burst)?.Version > wished.Version) =>
            state.With(wished.Burst, wished.At is null && !state.Remembers(wished.Burst) ? null : new(wished.At, wished.Version)),
        _ => state,
    };

    private SequencerState Take(SequencerRecord.Took took)
    {
        var sequences = Assignment.Sequences;
        if (took.Forgotten is { } forgotten)
        {
            var gone = forgotten.ToHashSet(StringComparer.Ordinal);
            sequences = sequences.RemoveAll(sequence => gone.Contains(sequence.Burst));
        }

        if (took.Sequences is { } changed)
        {
            sequences = Changed(sequences, changed);
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

    private static ImmutableArray<BurstSequence> Changed(ImmutableArray<BurstSequence> sequences, BurstSequence[] changed)
    {
        var after = ImmutableArray.CreateBuilder<BurstSequence>(sequences.Length + changed.Length);
        after.AddRange(sequences);
        foreach (var sequence in changed)
        {
            var at = after.Count - 1; // From the end: it is new, or young.
            while (at >= 0 && !string.Equals(after[at].Burst, sequence.Burst, StringComparison.Ordinal))
            {
                at--;
            }

            if (at < 0)
            {
                after.Add(sequence);
            }
            else
            {
                after[at] = sequence;
            }
        }

        return after.DrainToImmutable();
    }

    /// <summary>
    /// Nothing is kept of a burst without a sequence, but for what it waits for; a flood may open and forget bursts in one batch. A wish for nothing
    /// only keeps an older one that comes late from bringing its time back: kept for every burst of the past it would grow for ever.
    /// </summary>
    private SequencerState WithoutForgotten(SequencerRecord.Took took)
    {
        var (woken, forgotten) = (took.Woken ?? [], took.Forgotten ?? []);
        var asked = woken.Concat(forgotten).Concat(took.Routed?.Keys ?? Enumerable.Empty<string>()).ToHashSet(StringComparer.Ordinal);
        foreach (var sequence in Assignment.Sequences)
        {
            asked.Remove(sequence.Burst);
        }

        var state = this;
        foreach (var burst in woken)
        {
            state = state.With(burst, asked.Contains(burst) ? null : new(null, state.Wishes.GetValueOrDefault(burst)?.Version ?? 0));
        }

        foreach (var burst in forgotten)
        {
            state = state.Wishes.GetValueOrDefault(burst) is { At: null } ? state.With(burst, null) : state;
        }

        return state with { Routed = state.Routed.RemoveRange(asked) };
    }

    private bool Remembers(string burst) => Assignment.Sequences.Any(sequence => string.Equals(sequence.Burst, burst, StringComparison.Ordinal));

    private SequencerState With(string burst, Wish? wish)
    {
        var soonest = Wishes.GetValueOrDefault(burst)?.At is { } old ? Soonest.Remove((old, burst)) : Soonest;
        return this with
        {
            Wishes = wish is null ? Wishes.Remove(burst) : Wishes.SetItem(burst, wish),
            Soonest = wish?.At is { } at ? soonest.Add((at, burst)) : soonest,
        };
    }

    private sealed class SoonestFirst : IComparer<(DateTimeOffset At, string Burst)>
    {
        public static readonly SoonestFirst Instance = new();

        public int Compare((DateTimeOffset At, string Burst) x, (DateTimeOffset At, string Burst) y) =>
            x.At.CompareTo(y.At) is not 0 and var order ? order : string.CompareOrdinal(x.Burst, y.Burst);
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
