using System.Globalization;
using Svom.Outcomes;

namespace Svom.Packets;

/// <summary>
/// Compares two runs by their reports. Pure. Which notices differ, and which bursts stand otherwise, the results tell for certain; what a notice says otherwise
/// follows from what each run found to differ from the record that both had before them, or from what each says itself where there is no record.
/// </summary>
public static class RunComparison
{
    private const string Content = "content";

    // What the results tell; everything else that a run found without a notice is held against the other's list.
    private static readonly string[] OfResults = ["burst", "state"];

    /// <summary>Why two replays cannot be compared; null when they can.</summary>
    public static Refusal? Fault(ReplayView first, ReplayView second) =>
        Fault(first) ?? Fault(second) ?? (first.Request.SameScope(second.Request) ? null : new(
            RefusalCode.Invalid, $"The replays speak of different things: {first.Id} is {Words(first.Request)}, {second.Id} is {Words(second.Request)}."));

    /// <summary>Two finished replays against each other.</summary>
    public static ReplayComparison Of(ReplayView first, ReplayView second)
    {
        var differences = Differences(first.Report!, second.Report!).ToArray();
        return new(first.Id, second.Id, [.. differences.Take(ReplayComparison.MostDifferences)], differences.Length);
    }

    /// <summary>What came out otherwise in the second run.</summary>
    public static IEnumerable<RunDifference> Differences(ReplayReport first, ReplayReport second)
    {
        if (first.Packets != second.Packets)
        {
            yield return new(null, null, "packets", Number(first.Packets), Number(second.Packets), FormattableString.Invariant($"{first.Packets} packets were played, then {second.Packets}"));
        }

        var (one, other) = (new Run(first), new Run(second));
        var upTo = string.CompareOrdinal(one.UpTo, other.UpTo) <= 0 ? one.UpTo : other.UpTo;
        foreach (var id in one.Bursts.Keys.Union(other.Bursts.Keys, StringComparer.Ordinal).Where(id => string.CompareOrdinal(id, upTo) <= 0).Order(StringComparer.Ordinal))
        {
            var (before, after) = (one.Bursts.GetValueOrDefault(id), other.Bursts.GetValueOrDefault(id));
            if (before is null || after is null)
            {
                yield return new(id, null, "burst", before is null ? null : "opened", after is null ? null : "opened", $"{id}: only in the {(before is null ? "second" : "first")} run");
                continue;
            }

            foreach (var difference in States(before, after).Concat(Notices(one, other, before, after)))
            {
                yield return difference;
            }
        }

        foreach (var difference in Others(one, other))
        {
            yield return difference;
        }

        if (one.IsCut || other.IsCut)
        {
            yield return new(
                null, null, "bursts", Number(first.Bursts), Number(second.Bursts),
                FormattableString.Invariant($"Only {one.Bursts.Count} of {first.Bursts} and {other.Bursts.Count} of {second.Bursts} bursts stand in the reports: the rest is not compared. Narrow the range."));
        }
    }

    private static IEnumerable<RunDifference> States(ReplayedBurst before, ReplayedBurst after)
    {
        if (before.State != after.State)
        {
            yield return new(before.Id, null, "state", before.State, after.State, $"{before.Id}: stands as {before.State}, then as {after.State}");
        }
    }

    private static IEnumerable<RunDifference> Notices(Run one, Run other, ReplayedBurst before, ReplayedBurst after)
    {
        var (first, second) = (before.Notices.ToDictionary(static notice => notice.Id, StringComparer.Ordinal), after.Notices.ToDictionary(static notice => notice.Id, StringComparer.Ordinal));
        foreach (var id in first.Keys.Union(second.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var (was, now) = (first.GetValueOrDefault(id), second.GetValueOrDefault(id));
            if (was is null || now is null)
            {
                yield return new(before.Id, id, "notice", Word(was), Word(now), $"{before.Id}: {id} only in the {(was is null ? "second" : "first")} run");
                continue;
            }

            // A reason for holding it, and the order of a notice's octets, are in no digest: fields are looked at in any case.
            var fields = (was.Fields is { } said && now.Fields is { } says ? Fields(before.Id, id, said, says) : Fields(one, other, before.Id, id)).ToArray();
            if (fields.Length > 0)
            {
                foreach (var field in fields)
                {
                    yield return field;
                }
            }
            else if (was.Sent != now.Sent)
            {
                yield return new(before.Id, id, "sent", Word(was), Word(now), $"{before.Id}: {id} is {Word(was)}, then {Word(now)}");
            }
            else if (was.XmlSha256 != now.XmlSha256 || was.JsonSha256 != now.JsonSha256)
            {
                yield return new(before.Id, id, Content, null, null, $"{before.Id}: {id} says something else");
            }
        }
    }

    /// <summary>A field that one run found otherwise than recorded and the other did not is as recorded in the other.</summary>
    private static IEnumerable<RunDifference> Fields(Run one, Run other, string burst, string notice)
    {
        if (one.FieldsOf(notice) is not { } was || other.FieldsOf(notice) is not { } now)
        {
            yield break;
        }

        foreach (var field in was.Keys.Union(now.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var recorded = (was.GetValueOrDefault(field) ?? now[field]).Recorded;
            var before = was.TryGetValue(field, out var first) ? first.Now : recorded;
            var after = now.TryGetValue(field, out var second) ? second.Now : recorded;
            if (before != after)
            {
                yield return Field(burst, notice, field, before, after);
            }
        }
    }

    /// <summary>Of a notice that no record knows, each run says itself what it says.</summary>
    private static IEnumerable<RunDifference> Fields(string burst, string notice, IReadOnlyDictionary<string, string> was, IReadOnlyDictionary<string, string> now) =>
        from field in was.Keys.Union(now.Keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)
        let before = was.GetValueOrDefault(field)
        let after = now.GetValueOrDefault(field)
        where before != after
        select Field(burst, notice, field, before, after);

    private static RunDifference Field(string burst, string notice, string field, string? before, string? after) =>
        new(burst, notice, field, before, after, $"{burst}: {notice}, {field} is {before ?? "absent"}, then {after ?? "absent"}");

    /// <summary>Acts, packets and orders that only one of the runs found otherwise than recorded.</summary>
    private static IEnumerable<RunDifference> Others(Run one, Run other)
    {
        if (!one.IsComplete || !other.IsComplete)
        {
            yield break;
        }

        foreach (var gone in one.Others.Except(other.Others))
        {
            yield return new(gone.Burst, null, gone.Field ?? Content, gone.Now, null, $"only in the first run: {gone.Text}");
        }

        foreach (var come in other.Others.Except(one.Others))
        {
            yield return new(come.Burst, null, come.Field ?? Content, null, come.Now, $"only in the second run: {come.Text}");
        }
    }

    private static Refusal? Fault(ReplayView view) => view.Report is not null ? null : new(
        RefusalCode.NotPossibleNow, $"The replay {view.Id} is {view.Status.ToString().ToLowerInvariant()}: only one that is done can be compared.");

    private static string Words(ReplayRequest request)
    {
        var (mode, what) = (request.Mode is ReplayMode.Replay ? "a replay" : "a re-simulation", request.Burst ?? (request.Session is { } session ? $"session {session}" : "the live feed"));
        var range = request.From is null && request.To is null ? "" : string.Create(CultureInfo.InvariantCulture, $" from {request.From?.ToString("O") ?? "its beginning"} to {request.To?.ToString("O") ?? "its end"}");
        return $"{mode} of {what}{range}";
    }

    private static string? Word(ReplayedNotice? notice) => notice is null ? null : notice.Sent ? "sent" : "held";

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>A report, ready to be looked up in.</summary>
    private sealed class Run(ReplayReport report)
    {
        private readonly Dictionary<string, Dictionary<string, ReplayDifference>> notices = report.Differences
            .Where(static difference => difference is { Notice: not null, Field: not null and not "notice" }).GroupBy(static difference => difference.Notice!, StringComparer.Ordinal)
            .ToDictionary(static notice => notice.Key, static notice => notice.DistinctBy(static d => d.Field).ToDictionary(static d => d.Field!, StringComparer.Ordinal), StringComparer.Ordinal);

        private readonly string? last = report.Differences is [.., { Notice: var notice }] ? notice : null;

        public Dictionary<string, ReplayedBurst> Bursts { get; } = report.Results.ToDictionary(static burst => burst.Id, StringComparer.Ordinal);

        /// <summary>Not all bursts stand in the report.</summary>
        public bool IsCut => report.Bursts > report.Results.Length;

        /// <summary>All differences stand in the report.</summary>
        public bool IsComplete => report.DifferencesFound <= report.Differences.Length;

        /// <summary>Last burst that the report can tell of.</summary>
        public string UpTo => IsCut && report.Results is [.., var burst] ? burst.Id : "\uffff";

        public IEnumerable<ReplayDifference> Others => report.Differences.Where(static difference => difference.Notice is null && !OfResults.Contains(difference.Field));

        /// <summary>Fields of a notice that are otherwise than recorded; null when the report may not hold them all.</summary>
        public Dictionary<string, ReplayDifference>? FieldsOf(string notice) =>
            notices.TryGetValue(notice, out var fields) ? IsComplete || notice != last ? fields : null : IsComplete ? [] : null;
    }
}
