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

/// <summary>A telescope has a notice.</summary>
/// <param name="Telescope">Its name.</param>
/// <param name="Burst">Id of the burst.</param>
/// <param name="Notice">Id of the notice.</param>
/// <param name="EnvelopeId">Id of the envelope.</param>
/// <param name="ReceivedAt">Telescope's clock.</param>
/// <param name="ToldAt">When the platform heard of it.</param>
internal sealed record ReceiptEventBody(string Telescope, string Burst, string Notice, Guid EnvelopeId, DateTimeOffset ReceivedAt, DateTimeOffset ToldAt);

/// <summary>A telescope said what it does about a burst.</summary>
/// <param name="Telescope">Its name.</param>
/// <param name="Burst">Id of the burst.</param>
/// <param name="Intent">will-observe, cannot or done.</param>
/// <param name="Reason">Why, in its own words; null without.</param>
/// <param name="Start">When the observation begins or began; null without.</param>
/// <param name="ToldAt">When the platform heard of it.</param>
internal sealed record IntentEventBody(string Telescope, string Burst, TelescopeIntentKind Intent, string? Reason, DateTimeOffset? Start, DateTimeOffset ToldAt);

internal static class TelescopeEvents
{
    public static object? Of(TelescopeWord word) => word switch
    {
        { Intent: { } intent } => new IntentEventBody(intent.Telescope, intent.Burst, intent.Intent, intent.Reason, intent.Start, intent.ToldAt),
        { Receipt: { } receipt, Notice: { } notice } => new ReceiptEventBody(receipt.Telescope, word.Burst, notice, receipt.Envelope, receipt.ReceivedAt, receipt.ToldAt),
        _ => null,
    };
}
