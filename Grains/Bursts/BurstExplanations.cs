using System.Collections.Immutable;
using System.Globalization;

namespace Svom.Bursts;

/// <summary>For each notice a burst can have: made, or what it waits for, in sentences.</summary>
public static class BurstExplanations
{
    /// <summary>Explains all of them, in the order in which a burst meets them, then its messages.</summary>
    public static ImmutableArray<NoticeExplanation> Explain(BurstState state, BurstOptions options) =>
        [.. NoticeTypes.All.Select(type => Explain(state, type, options)), .. MessageViews.Explain(state, options)];

    private static NoticeExplanation Explain(BurstState state, string type, BurstOptions options)
    {
        var made = state.Notices.FindAll(n => n.Type == type);
        if (!made.IsEmpty && type != NoticeTypes.MxtUpdate)
        {
            var notice = made[0];
            return new(type, notice.Sent ? "sent" : "held", [Made(notice), .. notice.HeldBecause is { } why ? [why] : Array.Empty<string>()]);
        }

        var (waits, sentences) = type switch
        {
            NoticeTypes.GrmTrigger => Grm(state),
            NoticeTypes.Preliminary => Preliminary(state),
            NoticeTypes.Wakeup or NoticeTypes.Catalog => FirstEclairs(state, type, options),
            NoticeTypes.Slewing => Slewing(state),
            NoticeTypes.NotSlewing => NotSlewing(state, options),
            NoticeTypes.MxtInitial => (true, new[] { "Waits for an MXT position with SNR above 3 and a statistical radius below 300 arcsec." }),
            NoticeTypes.MxtUpdate => MxtUpdate(state, made),
            _ => (!state.Notices.IsEmpty, [state.Notices.IsEmpty ? "No notice was made: there is nothing to withdraw." : "Waits for a person who retracts."]),
        };
        return new(type, !made.IsEmpty ? made[^1].Sent ? "sent" : "held" : waits ? "waiting" : "impossible", [.. sentences, .. Retracted(state, waits)]);
    }

    private static (bool Waits, string[] Sentences) Grm(BurstState state) =>
        (true, [state.Science.GrmBest is { } best ? best is { Recovered: true, DetectorCount: >= 2 }
            ? "The trigger was recovered from broken copies; waits for one that was heard whole."
            : $"Waits for a trigger of at least two detectors; the best one heard fired {best.Detectors}." : "Waits for a GRM trigger of at least two detectors."]);

    private static (bool Waits, string[] Sentences) Preliminary(BurstState state) =>
        (true, [state.Science.FirstAlert is null ? "Waits for an ECLAIRs alert." : "Waits for the first alert of the sequence (message count 0), which was not heard."]);

    private static (bool Waits, string[] Sentences) FirstEclairs(BurstState state, string type, BurstOptions options)
    {
        if (state.FirstEclairs is { } first)
        {
            return (false, [$"{first.Name} was made in its place."]);
        }

        if (state.Science.BestAlert is not { } best)
        {
            return (true, ["Waits for an ECLAIRs alert."]);
        }

        if (type == NoticeTypes.Catalog != best.CatalogNumber > 0)
        {
            return (false, [best.CatalogNumber > 0
                ? string.Create(CultureInfo.InvariantCulture, $"The best alert is source {best.CatalogNumber} of the on-board catalogue.")
                : "The best alert is no source of the on-board catalogue."]);
        }

        var criteria = string.Create(
            CultureInfo.InvariantCulture,
            $"The best alert has quality {best.Quality} and SNR {best.Snr:F2}; without a person {options.AutomaticQuality} and {options.AutomaticSnr:F2} are asked.");
        return (true, [state.Validated == "rejected" ? "An expert rejected it; it waits for another word." : "Waits for validation.", criteria, .. Lone(state, best), .. PendingActs(state, BurstActKind.Validate)]);
    }

    private static string[] Lone(BurstState state, EclairsAlert best) =>
        state.Science.IsConfirmed(best) ? []
        : best.Recovered ? ["The alert was recovered from broken copies: without a second packet of the sequence or an expert it is not told."]
        : ["A value of the alert cannot be: without an expert it is not told."];

    private static (bool Waits, string[] Sentences) Slewing(BurstState state) => state.Science switch
    {
        { Slew.Accepted: true, FirstAlert: null } => (true, ["The platform accepted the slew; waits for an ECLAIRs alert to report."]),
        { Slew.Accepted: true } => (true, ["The platform accepted the slew; waits for the wakeup, a first MXT notice or a retraction."]),
        { Slew: not null } => (true, ["The platform refused the slew; only a later acceptance makes it."]),
        { FirstSlewRequest: not null } => (true, ["A slew was asked for; waits for the platform's answer."]),
        _ => (true, ["Waits for a slew request and the platform's answer."]),
    };

    private static (bool Waits, string[] Sentences) NotSlewing(BurstState state, BurstOptions options)
    {
        if (state.Made(NoticeTypes.Slewing))
        {
            return (false, ["The slew was accepted."]);
        }

        return state.Science switch
        {
            { FirstAlert: null } => (true, ["Waits for an ECLAIRs alert."]),
            { Slew.Accepted: true } => (true, ["The slew was accepted; only a later refusal makes it."]),
            { FirstSlewRequest: not null } => (true, ["A slew was asked for; waits for the platform's refusal."]),
            _ when BurstDeadlines.NoSlew(state, options) is { } due =>
                (true, [$"Waits for a refusal, or for {NoticeText.Time(due)} without a slew request, or for that long by wall clock since the first alert was heard."]),
            _ => (true, ["Waits for the platform's refusal; the deadline has passed."]),
        };
    }

    private static (bool Waits, string[] Sentences) MxtUpdate(BurstState state, ImmutableList<MadeNoticeMemory> made)
    {
        var initial = state.Notices.Find(static n => n.Type == NoticeTypes.MxtInitial);
        var best = made.IsEmpty ? initial : made[^1];
        string[] done = [.. made.Select(Made)];
        return best?.Quality switch
        {
            null => (true, ["Waits for the first MXT notice."]),
            >= 4 => (false, [.. done, "The quality cannot grow any more."]),
            { } quality => (true, [.. done, string.Create(CultureInfo.InvariantCulture, $"Waits for a position of the same source with a quality above {quality}.")]),
        };
    }

    private static IEnumerable<string> PendingActs(BurstState state, BurstActKind kind) => state.Pending
        .Where(p => p.Act.Kind == kind).Select(static p => $"{p.Act.Who} has said so for {NoticeText.Time(p.Act.At ?? default)}.");

    private static string[] Retracted(BurstState state, bool waits) =>
        waits && state.Status is BurstStatus.Retracted ? ["The burst is retracted: it would be held."] : [];

    private static string Made(MadeNoticeMemory notice) => $"{notice.Name} was made at {NoticeText.Time(notice.Decided)}{(notice.Withdrawn ? " and withdrawn" : "")}.";
}
