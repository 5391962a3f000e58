using System.Collections.Immutable;
using System.Globalization;

namespace Svom.Demo;

/// <summary>Packets of one kind over both networks.</summary>
/// <param name="Unnamed">Lost ones that nothing tells of.</param>
/// <param name="CalledMissing">How many more are called missing than over the perfect network.</param>
/// <param name="HeardLess">How many fewer count as heard than over the perfect network.</param>
internal sealed record KindPair(KindTally Tally, int Unnamed, int CalledMissing, int HeardLess);

/// <summary>A burst over the perfect network, and what it became over the rough one.</summary>
internal sealed class BurstPair
{
    /// <param name="rough">Bursts that share a packet with it: one, none when nothing arrived, more when it has more than one number.</param>
    public BurstPair(ToldBurst perfect, ImmutableArray<ToldBurst> rough)
    {
        (Perfect, Rough) = (perfect, rough);
        Kinds = [.. perfect.Completeness.Where(static row => row.Apid is not null).Select(Compare).Where(static kind => kind.Tally.Sent > 0)];
    }

    public ToldBurst Perfect { get; }

    public ImmutableArray<ToldBurst> Rough { get; }

    /// <summary>Kinds of packets that the satellite sent of it, in the order of the completeness.</summary>
    public ImmutableArray<KindPair> Kinds { get; }

    public bool IsSplit => Rough.Length > 1;

    /// <summary>True when packets of a kind did not arrive.</summary>
    public bool IsLost(string kind) => Kinds.Any(pair => pair.Tally.Kind == kind && pair.Tally.Lost > 0);

    /// <summary>True when a packet of a kind arrived, whole or in broken copies.</summary>
    public bool IsHeard(string kind) => Kinds.Any(pair => pair.Tally.Kind == kind && pair.Tally.Lost < pair.Tally.Sent);

    public RunFinding Find(Judgement judgement, string text) => new(judgement, Perfect.Id, text);

    private KindPair Compare(ToldCount perfect)
    {
        var sent = Perfect.Packets.Where(packet => packet.Apid == perfect.Apid).Select(static packet => packet.Id).ToHashSet(StringComparer.Ordinal);
        var came = Rough.SelectMany(static burst => burst.Packets).Where(packet => sent.Contains(packet.Id)).DistinctBy(static packet => packet.Id).ToArray();
        var lost = sent.Count - came.Length;
        var rows = Rough.SelectMany(static burst => burst.Completeness).Where(row => row.Kind == perfect.Kind).ToArray();
        var (heard, missing) = (rows.Sum(static row => row.Heard), rows.Sum(static row => row.Missing ?? 0));
        var gaps = rows.Sum(static row => row.Expected - row.Present);

        // Of a kind of which nothing was heard nobody can count the packets: that some are missing says all.
        var awaited = heard == 0 && perfect.Kind == CountedKinds.Position && Rough.Any(static burst => burst.PositionAwaited);
        var named = (heard == 0 && missing > 0) || awaited ? lost : Math.Max(missing, gaps);
        var says = lost == 0 ? "" : string.Join(", ", new[]
        {
            missing > 0 ? string.Create(CultureInfo.InvariantCulture, $"{missing} missing") : null,
            gaps > 0 ? string.Create(CultureInfo.InvariantCulture, $"{gaps} by sequence counts") : null,
            awaited ? "a position is overdue" : null,
        }.OfType<string>().DefaultIfEmpty("nothing"));
        var usual = Math.Max(perfect.Missing ?? 0, perfect.Expected - perfect.Present);
        var recovered = came.Count(static packet => packet.Recovered);
        return new(
            new(perfect.Kind, sent.Count, came.Length - recovered, recovered, says), Math.Max(0, lost - named), Math.Max(missing, gaps) - usual, perfect.Heard - heard);
    }
}
