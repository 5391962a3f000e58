using System.Collections.Immutable;

namespace Svom.Demo;

/// <summary>What a platform tells anybody at its public doors of one rehearsal, once it has come to rest.</summary>
/// <param name="Packets">Every packet of the feed, those that only broken copies told as well.</param>
internal sealed record ToldRun(ImmutableArray<ToldPacket> Packets, ImmutableArray<ToldBurst> Bursts);

/// <summary>A packet as lists show it.</summary>
/// <param name="Id">Digest of its octets: two packets of one id say the same to the bit.</param>
/// <param name="Recovered">Nobody heard it whole.</param>
internal sealed record ToldPacket(string Id, int Apid, string Kind, int SequenceCount, bool Recovered = false);

/// <summary>A burst.</summary>
/// <param name="Values">State without what is about its way here: T0s, positions and the like by their path; what is not known has no entry.</param>
/// <param name="Packets">Packets that were given to it.</param>
/// <param name="Heard">Packets, acts and deadlines of its timeline, in order.</param>
/// <param name="Related">Bursts that it is linked to.</param>
/// <param name="PositionAwaited">The follow-through waits for an MXT position that is overdue.</param>
internal sealed record ToldBurst(
    string Id, ImmutableSortedDictionary<string, string> Values, ImmutableArray<ToldCount> Completeness, ImmutableArray<ToldPacket> Packets, ImmutableArray<ToldMessage> Messages,
    ImmutableArray<ToldNotice> Notices, ImmutableArray<ToldFact> Heard, ImmutableArray<string> Related, bool PositionAwaited);

/// <summary>A row of the completeness.</summary>
/// <param name="Missing">Known to be missing; null where the kind itself does not tell.</param>
/// <param name="Expected">Sent from the first to the last one heard, by sequence counts.</param>
/// <param name="Present">Of those, heard.</param>
internal sealed record ToldCount(string Kind, int? Apid, int Heard, int? Missing, int Expected, int Present, int Late = 0, int Recovered = 0);

/// <summary>A message of several packets.</summary>
/// <param name="Name">Kind, number and sequence.</param>
/// <param name="Missing">Part numbers that are not here.</param>
/// <param name="Values">What it says as far as it is here, by path.</param>
internal sealed record ToldMessage(string Name, string Kind, int Parts, ImmutableArray<int> Missing, ImmutableSortedDictionary<string, string> Values);

/// <summary>A notice as archived.</summary>
/// <param name="Name">Type with quality.</param>
/// <param name="State">sent or held.</param>
/// <param name="Known">What had been heard when it was decided, in order.</param>
/// <param name="Fields">Every field of its forms, without the id of the burst and the date of the decision.</param>
internal sealed record ToldNotice(string Name, string State, ImmutableArray<ToldFact> Known, ImmutableSortedDictionary<string, string> Fields);

/// <summary>A packet, an act or a deadline as the timeline tells it, without who heard it.</summary>
/// <param name="Recovered">From broken copies: it tells nobody anything alone.</param>
internal sealed record ToldFact(string Text, bool Recovered = false)
{
    public override string ToString() => Recovered ? $"{Text} (from broken copies)" : Text;
}
