using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Svom.Ccsds;

namespace Svom.Bursts;

/// <summary>
/// Packets of one application that a burst took, by their sequence counts. What lies between the first and the last of them was sent too, for this
/// burst or another: whether the feed heard it is known to its log, not here.
/// </summary>
/// <param name="Counts">Distinct sequence counts, the 1024 least.</param>
/// <param name="Late">Packets that came long after they were sent.</param>
public sealed record ArrivedPackets(ImmutableSortedSet<int> Counts, int Late)
{
    private const int MaxCounts = 1024;

    // Where more is missing, what is missing between is not asked after: the list of bursts stores these.
    private const int MaxGaps = 64;

    public static readonly ArrivedPackets None = new([], 0);

    /// <summary>Earliest packet time; null in what was stored before it was kept.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? FirstSent { get; init; }

    /// <summary>Latest packet time; null in what was stored before it was kept.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? LastSent { get; init; }

    /// <summary>Distinct packets taken.</summary>
    [JsonIgnore]
    public int Present => Counts.Count;

    /// <summary>
    /// Packets sent from the first to the last of them. Counts wrap, so first and last are the ends of the shortest run of counts that holds
    /// them all: it begins after the widest gap.
    /// </summary>
    [JsonIgnore]
    public int Expected => Counts.IsEmpty ? 0 : SpacePacketHeader.SequenceModulus - Steps().Max(static step => step.Length) + 1;

    /// <summary>What lies between the first and the last of them and is not theirs; null where nothing does, or nobody knows when it was sent.</summary>
    [JsonIgnore]
    public CountGaps? Gaps
    {
        get
        {
            if (FirstSent is not { } from || LastSent is not { } to || Expected == Present)
            {
                return null;
            }

            var steps = Steps();
            var widest = steps.IndexOf(steps.MaxBy(static step => step.Length));
            return new(from, to, [.. steps.Where((step, n) => n != widest && step.Length > 1).Take(MaxGaps).Select(static step => new CountGap((step.From + 1) % SpacePacketHeader.SequenceModulus, step.Length - 1))]);
        }
    }

    /// <summary>After one more packet.</summary>
    internal ArrivedPackets With(int sequenceCount, bool late, DateTimeOffset? sent)
    {
        var counts = Counts.Add(sequenceCount);
        return new(counts.Count > MaxCounts ? counts.Remove(counts.Max) : counts, Late + (late && !ReferenceEquals(counts, Counts) ? 1 : 0))
        {
            FirstSent = sent < FirstSent || FirstSent is null ? sent : FirstSent,
            LastSent = sent > LastSent || LastSent is null ? sent : LastSent,
        };
    }

    /// <summary>From each count to the next one, the last one's around to the first. The widest step is not between any of them.</summary>
    private ImmutableArray<(int From, int Length)> Steps() =>
        [.. Counts.Select((count, n) => (count, n + 1 < Counts.Count ? Counts[n + 1] - count : Counts.Min + SpacePacketHeader.SequenceModulus - count))];
}
