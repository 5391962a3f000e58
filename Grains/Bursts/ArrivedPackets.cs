using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Svom.Ccsds;

namespace Svom.Bursts;

/// <summary>
/// Packets of one application that a burst took, by their sequence counts. What lies between the first and the last of them was sent too:
/// what of it was not heard is missing. Packets of another burst that were sent between count as missing as well.
/// </summary>
/// <param name="Counts">Distinct sequence counts, the 1024 least.</param>
/// <param name="Late">Packets that came long after they were sent.</param>
public sealed record ArrivedPackets(ImmutableSortedSet<int> Counts, int Late)
{
    private const int MaxCounts = 1024;

    public static readonly ArrivedPackets None = new([], 0);

    /// <summary>Distinct packets taken.</summary>
    [JsonIgnore]
    public int Present => Counts.Count;

    /// <summary>
    /// Packets sent from the first to the last of them. Counts wrap, so first and last are the ends of the shortest run of counts that holds
    /// them all: it begins after the widest gap.
    /// </summary>
    [JsonIgnore]
    public int Expected
    {
        get
        {
            if (Counts.IsEmpty)
            {
                return 0;
            }

            var widest = Counts.Min + SpacePacketHeader.SequenceModulus - Counts.Max;
            for (var n = 1; n < Counts.Count; n++)
            {
                widest = Math.Max(widest, Counts[n] - Counts[n - 1]);
            }

            return SpacePacketHeader.SequenceModulus - widest + 1;
        }
    }

    /// <summary>After one more packet.</summary>
    internal ArrivedPackets With(int sequenceCount, bool late)
    {
        var counts = Counts.Add(sequenceCount);
        return new(counts.Count > MaxCounts ? counts.Remove(counts.Max) : counts, Late + (late && !ReferenceEquals(counts, Counts) ? 1 : 0));
    }
}
