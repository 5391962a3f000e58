using System.Collections.Immutable;
using Svom.Outcomes;

namespace Svom.Packets;

/// <summary>A wish to play a feed or a burst again.</summary>
/// <param name="Session">A rehearsal; absent: the live feed.</param>
/// <param name="Burst">One burst alone, instead of a session.</param>
/// <param name="From">Only bursts first heard not before.</param>
/// <param name="To">Only bursts first heard before.</param>
/// <param name="Resimulate">True: decided anew by today's rules and settings; else what is recorded must come out to the byte.</param>
/// <param name="Speed">Times mission time, 0.001 to 1000000; absent: as fast as possible.</param>
internal sealed record ReplayRequestBody(
    string? Session = null, string? Burst = null, DateTimeOffset? From = null, DateTimeOffset? To = null, bool Resimulate = false, double? Speed = null)
{
    public ReplayRequest ToRequest() => new(Resimulate ? ReplayMode.Resimulation : ReplayMode.Replay, Session, Burst, From, To, Speed);
}

/// <summary>A replay as it stands.</summary>
/// <param name="Mode">replay or resimulation.</param>
/// <param name="Speed">Times mission time; null: as fast as possible.</param>
/// <param name="Status">running, done, failed or cancelled.</param>
/// <param name="Attempts">More than one when a silo died meanwhile.</param>
/// <param name="Progress">While it runs and its silo tells; else null.</param>
/// <param name="Report">Once done; null in the list.</param>
/// <param name="Detail">Why it failed or who cancelled it; else null.</param>
internal sealed record ReplayBody(
    string Id, string Mode, string? Session, string? Burst, DateTimeOffset? From, DateTimeOffset? To, double? Speed, string RequestedBy, DateTimeOffset RequestedAt,
    string Status, int Attempts, DateTimeOffset? EndedAt, ReplayProgressBody? Progress, ReplayReportBody? Report, string? Detail)
{
    public static ReplayBody Of(ReplayView view) => new(
        view.Id, view.Request.Mode.ToString().ToLowerInvariant(), view.Request.Session, view.Request.Burst, view.Request.From, view.Request.To, view.Request.Speed, view.RequestedBy, view.RequestedAt,
        view.Status.ToString().ToLowerInvariant(), view.Attempts, view.EndedAt, view.Progress is { } progress ? new(progress.Position, progress.Head, progress.Packets, progress.At) : null,
        view.Report is { } report ? ReplayReportBody.Of(report) : null, view.Detail);
}

/// <summary>How far a replay has come in the feed's log.</summary>
/// <param name="Position">Position reached.</param>
/// <param name="Head">Position that it ends at.</param>
/// <param name="Packets">Packets played so far.</param>
/// <param name="At">Mission time reached; null before two packets agreed on one.</param>
internal sealed record ReplayProgressBody(long Position, long Head, long Packets, DateTimeOffset? At);

/// <summary>What a replay found.</summary>
/// <param name="Differences">The first thousand; empty when all is the same.</param>
/// <param name="DifferencesFound">How many there are.</param>
/// <param name="Results">The first thousand bursts as they came out.</param>
internal sealed record ReplayReportBody(
    long Packets, int Bursts, int Notices, ImmutableArray<ReplayDifferenceBody> Differences, int DifferencesFound, ImmutableArray<ReplayedBurstBody> Results)
{
    public static ReplayReportBody Of(ReplayReport report) => new(
        report.Packets, report.Bursts, report.Notices,
        [.. report.Differences.OrEmpty().Select(static d => new ReplayDifferenceBody(d.Burst, d.Notice, d.Field, d.Recorded, d.Now, d.Text))], report.DifferencesFound,
        [.. report.Results.OrEmpty().Select(static burst => new ReplayedBurstBody(
            burst.Id, burst.State, [.. burst.Notices.OrEmpty().Select(static n => new ReplayedNoticeBody(n.Id, n.Sent, n.XmlSha256, n.JsonSha256, n.Fields))]))]);
}

/// <summary>Something that came out otherwise than it was recorded.</summary>
/// <param name="Field">Of the notice, as a path; or burst, notice, order, state, packets, act, sequencer.</param>
internal sealed record ReplayDifferenceBody(string? Burst, string? Notice, string? Field, string? Recorded, string? Now, string Text);

/// <summary>A burst as it came out.</summary>
internal sealed record ReplayedBurstBody(string Id, string State, ImmutableArray<ReplayedNoticeBody> Notices);

/// <summary>A notice as it came out.</summary>
/// <param name="XmlSha256">In a re-simulation of what it says but its date.</param>
/// <param name="JsonSha256">In a re-simulation of what it says but its date.</param>
/// <param name="Fields">What it says, by path, where no record says it: of the first two hundred notices that were never made before; else null.</param>
internal sealed record ReplayedNoticeBody(string Id, bool Sent, string XmlSha256, string JsonSha256, IReadOnlyDictionary<string, string>? Fields);

/// <summary>Two replays held against each other.</summary>
/// <param name="From">The replay that was compared with.</param>
/// <param name="To">The replay that was looked at.</param>
/// <param name="Differences">The first thousand; empty when both came out the same.</param>
/// <param name="DifferencesFound">How many there are.</param>
internal sealed record ReplayComparisonBody(string From, string To, ImmutableArray<RunDifferenceBody> Differences, int DifferencesFound)
{
    public static ReplayComparisonBody Of(ReplayComparison comparison) => new(
        comparison.From, comparison.To,
        [.. comparison.Differences.OrEmpty().Select(static d => new RunDifferenceBody(d.Burst, d.Notice, d.Field, d.Before, d.After, d.Text))], comparison.DifferencesFound);
}

/// <summary>Something that came out otherwise in the second of two replays.</summary>
/// <param name="Burst">Null where no burst is meant.</param>
/// <param name="Notice">Null where no notice is meant.</param>
/// <param name="Field">Of the notice, as a path, or content where its fields are not known; or burst, notice, sent, state, packets, order, act, sequencer, bursts.</param>
/// <param name="Before">As it came out in the replay that was compared with; null: it did not.</param>
/// <param name="After">As it came out in the one that was looked at; null: it did not.</param>
/// <param name="Text">The same as a sentence.</param>
internal sealed record RunDifferenceBody(string? Burst, string? Notice, string Field, string? Before, string? After, string Text);
