using System.Collections.Immutable;
using System.Text.Json;
using Svom.Bursts;
using Svom.Requests;

namespace Svom.Notifications;

/// <summary>Reads what telescopes say. Unknown and repeated members are refused: a misspelt <c>start</c> must not vanish.</summary>
public static class TelescopePayload
{
    /// <summary>Reads <c>{envelopeId, receivedAt}</c>.</summary>
    /// <returns>The receipt, or a sentence that says why it is none.</returns>
    public static (TelescopeReceipt? Receipt, string? Fault) ReadReceipt(string telescope, ReadOnlySpan<byte> payload, DateTimeOffset now)
    {
        var (body, fault) = StrictJson.Read<ReceiptMessage>(payload);
        return body is null ? (null, fault) : (new(telescope, body.EnvelopeId, body.ReceivedAt, now), null);
    }

    /// <summary>Reads <c>{burst, intent, reason?, start?}</c>.</summary>
    /// <param name="drill">True below <c>svom/v1/test</c>, where bursts of rehearsals are spoken of.</param>
    /// <returns>The intent, or a sentence that says why it is none.</returns>
    public static (TelescopeIntent? Intent, string? Fault) ReadIntent(string telescope, ReadOnlySpan<byte> payload, bool drill, DateTimeOffset now)
    {
        var (body, fault) = StrictJson.Read<IntentMessage>(payload);
        fault ??= !BurstDoor.IsId(body!.Burst) ? "No burst has such an id."
            : body.Burst.StartsWith("tb", StringComparison.Ordinal) != drill ? $"{body.Burst} is spoken of under svom/v1/{(drill ? "" : "test/")}telescopes."
            : body.Reason is { Length: > TelescopeIntent.MostReasonChars } ? $"A reason has at most {TelescopeIntent.MostReasonChars} characters."
            : null;
        return fault is null ? (new(telescope, body!.Burst, body.Intent, body.Reason, body.Start, now), null) : (null, fault);
    }
}

/// <summary>A telescope has an alert.</summary>
/// <param name="EnvelopeId">Id of the envelope.</param>
/// <param name="ReceivedAt">Telescope's clock, ISO 8601 with Z or an offset.</param>
internal sealed record ReceiptMessage(Guid EnvelopeId, DateTimeOffset ReceivedAt);

/// <summary>What a telescope does about a burst.</summary>
/// <param name="Burst">Id of the burst.</param>
/// <param name="Intent">will-observe, cannot or done.</param>
/// <param name="Reason">Why, in its own words, at most 1,000 characters.</param>
/// <param name="Start">When the observation begins or began.</param>
internal sealed record IntentMessage(string Burst, TelescopeIntentKind Intent, string? Reason = null, DateTimeOffset? Start = null);

/// <summary>A telescope that has a notice.</summary>
/// <param name="Telescope">Its name.</param>
/// <param name="EnvelopeId">Id of the envelope.</param>
/// <param name="ReceivedAt">Telescope's clock.</param>
/// <param name="ToldAt">When the platform heard of it.</param>
internal sealed record ReceiptBody(string Telescope, Guid EnvelopeId, DateTimeOffset ReceivedAt, DateTimeOffset ToldAt);

/// <summary>What a telescope said about a burst.</summary>
/// <param name="Telescope">Its name.</param>
/// <param name="Intent">will-observe, cannot or done.</param>
/// <param name="Reason">Why, in its own words; null without.</param>
/// <param name="Start">When the observation begins or began; null without.</param>
/// <param name="ToldAt">When the platform heard of it.</param>
/// <param name="Stands">True for the last word of this telescope.</param>
internal sealed record IntentBody(string Telescope, TelescopeIntentKind Intent, string? Reason, DateTimeOffset? Start, DateTimeOffset ToldAt, bool Stands)
{
    public static ImmutableArray<IntentBody> Of(ImmutableArray<TelescopeIntent> intents) =>
    [
        .. intents.Select(intent => new IntentBody(
            intent.Telescope, intent.Intent, intent.Reason, intent.Start, intent.ToldAt, ReferenceEquals(intent, intents.Last(other => other.Telescope == intent.Telescope)))),
    ];

    /// <summary>The same as a line of the burst's timeline.</summary>
    public static TimelineBody Line(TelescopeIntent intent)
    {
        var does = intent.Intent switch { TelescopeIntentKind.WillObserve => "will observe", TelescopeIntentKind.Cannot => "cannot observe", _ => "has observed" };
        var start = intent.Start is { } at ? $", start {Instant.Write(at)}" : "";
        return new(intent.ToldAt, null, "telescope", $"{intent.Telescope} {does}{start}{(intent.Reason is { Length: > 0 } reason ? $": {reason}" : ".")}");
    }
}
