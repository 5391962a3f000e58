using System.Collections.Immutable;
using System.Text.Json;
using Svom.Bursts;
using Svom.Notifications;

namespace Svom.Feeds;

/// <summary>A notice was decided.</summary>
/// <param name="Notice">As the archive knows it.</param>
/// <param name="Envelope">As published on MQTT; null for a held notice, and where it is not out yet.</param>
internal sealed record NoticeEventBody(NoticeBody Notice, JsonElement? Envelope)
{
    public static NoticeEventBody Of(FollowedNotice followed) => new(
        NoticeBody.Of(followed.Notice), followed.Envelope is { IsEmpty: false } envelope ? JsonElement.Parse(envelope.Span) : null);
}

/// <summary>Something happened to a burst.</summary>
/// <param name="Burst">Its id.</param>
/// <param name="Session">Rehearsal; null is live.</param>
/// <param name="Version">The burst's version after it.</param>
/// <param name="Lines">What happened, as in its timeline.</param>
/// <param name="Links">Where its present state is.</param>
internal sealed record BurstEventBody(string Burst, string? Session, long Version, ImmutableArray<TimelineBody> Lines, BurstLinks Links)
{
    public static BurstEventBody Of(BurstChange change) => new(
        change.Burst, change.Session, change.Version,
        [.. change.Lines.Select(static line => new TimelineBody(line.At, line.Mission, line.Kind, line.Text))], BurstLinks.Of(change.Burst));
}
