using System.Collections.Immutable;

namespace Svom.Bursts;

/// <summary>What a person can do to a burst. Numbers stand in stored records and never change.</summary>
public enum BurstActKind
{
    Validate = 1,
    Acknowledge = 2,
    Classify = 3,
    Retract = 4,
}

/// <summary>An act of an expert or advocate.</summary>
/// <param name="Kind">Which.</param>
/// <param name="Who">Name behind the token.</param>
/// <param name="Reason">Required, at most 1000 characters.</param>
/// <param name="At">Mission time at which it takes effect, when the feed's watermark reaches it; null is at once.</param>
/// <param name="Accept">For validate: true accepts, false rejects.</param>
/// <param name="Class">For classify: grb, known-source, noise, particle, solar or test.</param>
/// <param name="Notices">For retract: types or ids of the notices to withdraw; null is all made ones.</param>
/// <param name="IdempotencyKey">The same key again does nothing; null: every call acts.</param>
/// <param name="IfVersion">Refused with a conflict when the burst is at another version; null does not ask.</param>
/// <param name="Alert">For validate: message count of the alert that the notice shall report; null reports the best.</param>
/// <param name="Preview">Answers what would be made and changes nothing.</param>
[GenerateSerializer, Immutable, Alias("svom.burst-act")]
public sealed record BurstAct(
    [property: Id(0)] BurstActKind Kind, [property: Id(1)] string Who, [property: Id(2)] string Reason, [property: Id(3)] DateTimeOffset? At = null,
    [property: Id(4)] bool Accept = true, [property: Id(5)] string? Class = null, [property: Id(6)] ImmutableArray<string>? Notices = null,
    [property: Id(7)] string? IdempotencyKey = null, [property: Id(8)] long? IfVersion = null, [property: Id(9)] bool Preview = false,
    [property: Id(10)] int? Alert = null);

/// <param name="Burst">The burst afterwards (for a preview: as it stands).</param>
/// <param name="Made">What the act made or, in a preview, would make.</param>
/// <param name="Pending">True when the act waits for the mission time it names.</param>
[GenerateSerializer, Immutable, Alias("svom.act-answer")]
public sealed record ActAnswer(
    [property: Id(0)] BurstView Burst, [property: Id(1)] ImmutableArray<MadeNotice> Made, [property: Id(2)] bool Pending);

/// <summary>A notice with its bytes.</summary>
[GenerateSerializer, Immutable, Alias("svom.made-notice")]
public sealed record MadeNotice(
    [property: Id(0)] string Id, [property: Id(1)] string Type, [property: Id(2)] bool Sent, [property: Id(3)] ReadOnlyMemory<byte> Xml, [property: Id(4)] ReadOnlyMemory<byte> Json);
