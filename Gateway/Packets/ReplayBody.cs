using System.Collections.Immutable;
using Svom.Outcomes;

namespace Svom.Packets;

/// <summary>A wish to play a feed or a burst again.</summary>
/// <param name="Session">A rehearsal; absent: the live feed.</param>
/// <param name="Burst">One burst alone, instead of a session.</param>
/// <param name="From">Only bursts first heard not before.</param>
/// <param name="To">Only bursts first heard before.</param>
/// <param name="Resimulate">True: decided anew by today's rules and settings; else what is recorded must come out to the byte.</param>
internal sealed record ReplayRequestBody(string? Session = null, string? Burst = null, DateTimeOffset? From = null, DateTimeOffset? To = null, bool Resimulate = false)
{
    public ReplayRequest ToRequest() => new(Resimulate ? ReplayMode.Resimulation : ReplayMode.Replay, Session, Burst, From, To);
}

/// <summary>A replay as it stands.</summary>
/// <param name="Mode">replay or resimulation.</param>
/// <param name="Status">running, done or failed.</param>
/// <param name="Attempts">More than one when a silo died meanwhile.</param>
/// <param name="Progress">While it runs and its silo tells; else null.</param>
/// <param name="Report">Once done; null in the list.</param>
/// <param name="Detail">Why it failed; else null.</param>
internal sealed record ReplayBody(
    string Id, string Mode, string? Session, string? Burst, DateTimeOffset? From, DateTimeOffset? To, string RequestedBy, DateTimeOffset RequestedAt,
    string Status, int Attempts, DateTimeOffset? EndedAt, ReplayProgressBody? Progress, ReplayReportBody? Report, string? Detail)
{
    public static ReplayBody Of(ReplayView view) => new(
        view.Id, view.Request.Mode.ToString().ToLowerInvariant(), view.Request.Session, view.Request.Burst, view.Request.From, view.Request.To, view.RequestedBy, view.RequestedAt,
        view.Status.ToString().ToLowerInvariant(), view.Attempts, view.EndedAt, view.Progress is { } progress ? new(progress.Position, progress.Head) : null,
        view.Report is { } report ? ReplayReportBody.Of(report) : null, view.Detail);
}

/// <summary>How far a replay has come in the feed's log.</summary>
internal sealed record ReplayProgressBody(long Position, long Head);

/// <summary>What a replay found.</summary>
/// <param name="Differences">The first hundred; empty when all is the same.</param>
/// <param name="DifferencesFound">How many there are.</param>
/// <param name="Results">The first thousand bursts as they came out.</param>
internal sealed record ReplayReportBody(
    long Packets, int Bursts, int Notices, ImmutableArray<ReplayDifferenceBody> Differences, int DifferencesFound, ImmutableArray<ReplayedBurstBody> Results)
{
    public static ReplayReportBody Of(ReplayReport report) => new(
        report.Packets, report.Bursts, report.Notices,
        [.. report.Differences.OrEmpty().Select(static d => new ReplayDifferenceBody(d.Burst, d.Notice, d.Field, d.Recorded, d.Now, d.Text))], report.DifferencesFound,
        [.. report.Results.OrEmpty().Select(static burst => new ReplayedBurstBody(
            burst.Id, burst.State, [.. burst.Notices.OrEmpty().Select(static n => new ReplayedNoticeBody(n.Id, n.Sent, n.XmlSha256, n.JsonSha256))]))]);
}

/// <summary>Something that came out otherwise than it was recorded.</summary>
/// <param name="Field">Of the notice, as a path; or burst, notice, order, state, packets, act, sequencer.</param>
internal sealed record ReplayDifferenceBody(string? Burst, string? Notice, string? Field, string? Recorded, string? Now, string Text);

/// <summary>A burst as it came out.</summary>
internal sealed record ReplayedBurstBody(string Id, string State, ImmutableArray<ReplayedNoticeBody> Notices);

/// <summary>A notice as it came out.</summary>
/// <param name="XmlSha256">In a re-simulation of what it says but its date.</param>
/// <param name="JsonSha256">In a re-simulation of what it says but its date.</param>
internal sealed record ReplayedNoticeBody(string Id, bool Sent, string XmlSha256, string JsonSha256);
