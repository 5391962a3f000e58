using System.Collections.Immutable;

namespace Svom.Demo;

/// <summary>
/// Compares what a rough network led to with what a perfect one did. Pure. Whatever arrived has to say the same; what differs needs a packet that the platform itself
/// calls missing, or, where decisions are made in time, one that had not been heard then.
/// </summary>
internal static class NetworkComparison
{
    public static RunReport Compare(ToldRun perfect, ToldRun rough)
    {
        var findings = ImmutableArray.CreateBuilder<RunFinding>();
        var kinds = new List<KindTally>();
        var sent = perfect.Packets.Select(static packet => packet.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var invented in rough.Packets.Concat(rough.Bursts.SelectMany(static burst => burst.Packets)).DistinctBy(static packet => packet.Id).Where(packet => !sent.Contains(packet.Id)))
        {
            findings.Add(new(Judgement.Wrong, null, $"the satellite never sent {invented.Kind} {invented.SequenceCount}{(invented.Recovered ? ", which was put together from broken copies" : "")}"));
        }

        foreach (var burst in perfect.Bursts)
        {
            var ids = burst.Packets.Select(static packet => packet.Id).ToHashSet(StringComparer.Ordinal);
            var pair = new BurstPair(burst, [.. rough.Bursts.Where(other => other.Packets.Any(packet => ids.Contains(packet.Id)))]);
            kinds.AddRange(pair.Kinds.Select(static kind => kind.Tally));
            findings.AddRange(BurstFindings(pair));
        }

        var known = perfect.Bursts.SelectMany(static burst => burst.Packets).Select(static packet => packet.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var invented in rough.Bursts.Where(burst => !burst.Packets.Any(packet => known.Contains(packet.Id))))
        {
            findings.Add(new(Judgement.Wrong, invented.Id, $"{invented.Id} is a burst that was not"));
        }

        return new(findings.ToImmutable(), [.. kinds]);
    }

    private static IEnumerable<RunFinding> BurstFindings(BurstPair pair) =>
        PacketFindings(pair).Concat(SplitFindings(pair)).Concat(StateFindings(pair)).Concat(MessageComparison.Compare(pair)).Concat(NoticeComparison.Compare(pair));

    // What is lost has to be called missing, and what is not must not be.
    private static IEnumerable<RunFinding> PacketFindings(BurstPair pair)
    {
        foreach (var kind in pair.Kinds)
        {
            if (kind.Unnamed > 0)
            {
                yield return pair.Find(Judgement.Unnamed, $"{kind.Unnamed} of {kind.Tally.Lost} lost {kind.Tally.Kind} packets are called missing nowhere");
            }
            else if (kind.Tally.Lost > 0)
            {
                yield return pair.Find(Judgement.Explained, $"{kind.Tally.Lost} of {kind.Tally.Sent} {kind.Tally.Kind} packets did not arrive: {kind.Tally.Says}");
            }

            if (kind.CalledMissing > kind.Tally.Lost && !pair.IsSplit)
            {
                yield return pair.Find(Judgement.Wrong, $"{kind.CalledMissing} {kind.Tally.Kind} packets are called missing, of which {kind.Tally.Lost} are");
            }

            if (kind.HeardLess != kind.Tally.Lost)
            {
                yield return pair.Find(Judgement.Wrong, $"{kind.HeardLess} {kind.Tally.Kind} packets fewer count as heard, and {kind.Tally.Lost} are lost");
            }
        }
    }

    // Two numbers that were given before the link was known never merge.
    private static IEnumerable<RunFinding> SplitFindings(BurstPair pair)
    {
        if (pair.IsSplit)
        {
            var linked = pair.Rough.All(burst => pair.Rough.Any(other => other.Related.Contains(burst.Id) || burst.Related.Contains(other.Id)));
            yield return linked || pair.IsLost(CountedKinds.Alert)
                ? pair.Find(Judgement.Explained, $"it has {pair.Rough.Length} numbers, {string.Join(" and ", pair.Rough.Select(static burst => burst.Id))}: what links them was heard {(linked ? "after both were given" : "never")}")
                : pair.Find(Judgement.Wrong, $"it fell apart into {string.Join(" and ", pair.Rough.Select(static burst => burst.Id))}");
        }
    }

    private static IEnumerable<RunFinding> StateFindings(BurstPair pair)
    {
        foreach (var path in pair.Perfect.Values.Keys.Union(pair.Rough.SelectMany(static burst => burst.Values.Keys), StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var was = pair.Perfect.Values.GetValueOrDefault(path);
            foreach (var now in pair.Rough.Select(burst => burst.Values.GetValueOrDefault(path)).Distinct(StringComparer.Ordinal).Where(now => now != was))
            {
                if (pair.IsSplit && (now is null || pair.Rough.Any(burst => burst.Values.GetValueOrDefault(path) == was)))
                {
                    continue; // The other number has it.
                }

                var sources = CountedKinds.Behind(path, pair);
                var lost = sources.Where(pair.IsLost).ToArray();

                // A value of a packet cannot be there without any packet that says it.
                yield return lost.Length == 0 || (now is not null && CountedKinds.IsMeasured(path) && !sources.Any(pair.IsHeard))
                    ? pair.Find(Judgement.Wrong, $"{path} is {now ?? "not known"}, not {was ?? "unknown"}")
                    : pair.Find(Judgement.Explained, $"{path} is {now ?? "not known"}, not {was ?? "unknown"}: {string.Join(" and ", lost)} is missing");
            }
        }
    }
}
