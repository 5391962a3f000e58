using System.Collections.Immutable;

namespace Svom.Demo;

/// <summary>
/// Notices are decided once, on what is known then. Two that were decided on the same, heard in the same order, say the same; what they measure follows from the packets that they
/// are about alone; one that is not there needs a packet that was never heard whole.
/// </summary>
internal static class NoticeComparison
{
    private const string State = "state";

    // What a notice says of others and of its place among them; all other fields are measured by the packets that it is about.
    private static readonly string[] OfOthers = ["alert_type", "record_number", "trigger_time", "slew_status", "additional_info", VoEvent, HeldBecause];

    /// <summary>The whole VOEvent stands as one field: what it measures stands in the GCN object, digit by digit.</summary>
    public const string VoEvent = "VOEvent";

    /// <summary>Why a notice is held.</summary>
    public const string HeldBecause = "held because";

    public static IEnumerable<RunFinding> Compare(BurstPair pair)
    {
        foreach (var was in pair.Perfect.Notices)
        {
            var now = pair.Rough.SelectMany(static burst => burst.Notices).FirstOrDefault(notice => notice.Name == was.Name);
            if (now is null)
            {
                yield return Absent(pair, was);
            }
            else if (Different(was, now) is { Length: > 0 } different)
            {
                yield return was.Known.SequenceEqual(now.Known) ? pair.Find(Judgement.Wrong, $"notice {was.Name} says otherwise on the same packets: {string.Join(", ", different)}")
                    : IsAbout(was).SequenceEqual(IsAbout(now)) && different.Except(OfOthers, StringComparer.Ordinal).Where(static field => field != State).ToArray() is { Length: > 0 } measured
                        ? pair.Find(Judgement.Wrong, $"notice {was.Name} measures otherwise in the same packets: {string.Join(", ", measured)}")
                    : pair.Find(Judgement.Explained, $"notice {was.Name} {(was.State == now.State ? "" : $"is {now.State}, not {was.State}, and ")}says otherwise ({string.Join(", ", different)}): {Knowledge(pair, was.Known, now.Known)}");
            }
        }

        foreach (var extra in pair.Rough.SelectMany(static burst => burst.Notices).Where(notice => !pair.Perfect.Notices.Any(known => known.Name == notice.Name)))
        {
            yield return NeverWhole(pair, extra).Length > 0 || IsOtherwiseOrdered(pair, extra)
                ? pair.Find(Judgement.Explained, $"notice {extra.Name} is {extra.State}: {Knowledge(pair, pair.Perfect.Heard, extra.Known)}")
                : pair.Find(Judgement.Wrong, $"notice {extra.Name} is {extra.State}, and should not be");
        }
    }

    private static RunFinding Absent(BurstPair pair, ToldNotice was) =>
        NeverWhole(pair, was) is { Length: > 0 } needed ? pair.Find(Judgement.Explained, $"notice {was.Name} is not made: {string.Join(" and ", needed.Select(fact => Fate(pair, fact)))}")
        : IsOtherwiseOrdered(pair, was) ? pair.Find(Judgement.Explained, $"notice {was.Name} is not made: what it is about was heard in another order")
        : pair.Find(Judgement.Wrong, $"notice {was.Name} is not made, although all that it needs was heard");

    private static string[] Different(ToldNotice was, ToldNotice now) =>
        [.. (was.State == now.State ? [] : new[] { State })
            .Concat(was.Fields.Keys.Union(now.Fields.Keys, StringComparer.Ordinal).Where(field => was.Fields.GetValueOrDefault(field) != now.Fields.GetValueOrDefault(field)))];

    private static ToldFact[] Heard(BurstPair pair) => [.. pair.Rough.SelectMany(static burst => burst.Heard)];

    /// <summary>Facts that a notice is made of and that nobody heard whole over the rough network.</summary>
    private static ToldFact[] NeverWhole(BurstPair pair, ToldNotice notice) => [.. pair.Perfect.Heard.Except(Heard(pair)).Where(fact => IsOf(notice, fact))];

    // Slewing or not slewing, and which of several positions is the first one: what was heard first decides. All others are told whenever their packet comes.
    private static bool IsOtherwiseOrdered(BurstPair pair, ToldNotice notice) =>
        (IsOfSlew(notice.Name) || notice.Name.StartsWith("mxt-", StringComparison.Ordinal))
        && !pair.Perfect.Heard.Where(fact => IsOf(notice, fact)).SequenceEqual(Heard(pair).Where(fact => IsOf(notice, fact)));

    private static IEnumerable<ToldFact> IsAbout(ToldNotice notice) => notice.Known.Where(fact => IsOf(notice, fact));

    private static bool IsOf(ToldNotice notice, ToldFact fact) => Array.Exists(Makers(notice.Name), maker => fact.Text.StartsWith(maker, StringComparison.Ordinal));

    /// <summary>How the facts begin that a notice is made of.</summary>
    private static string[] Makers(string notice) =>
        notice.StartsWith("grm-", StringComparison.Ordinal) ? ["GRM trigger"]
        : notice.StartsWith("eclairs-", StringComparison.Ordinal) ? ["ECLAIRs alert"]
        : notice.StartsWith("mxt-", StringComparison.Ordinal) ? ["MXT position"]
        : IsOfSlew(notice) ? ["ECLAIRs alert", "The platform ", "No slew was asked for"]
        : [];

    private static bool IsOfSlew(string notice) => notice is "slewing" or "not-slewing";

    private static string Knowledge(BurstPair pair, ImmutableArray<ToldFact> then, ImmutableArray<ToldFact> now)
    {
        string[] reasons = [.. then.Except(now).Select(fact => Fate(pair, fact)), .. now.Except(then).Select(static fact => $"\"{fact}\" was known already")];
        return reasons.Length == 0 ? "it was heard in another order" : string.Join(", ", reasons);
    }

    private static string Fate(BurstPair pair, ToldFact fact) => Heard(pair) switch
    {
        var heard when heard.Contains(fact) => $"\"{fact}\" came after it",
        var heard when heard.Contains(fact with { Recovered = true }) => $"\"{fact}\" was not heard whole",
        _ => $"\"{fact}\" is not there",
    };
}
