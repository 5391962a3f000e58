using System.Collections.Immutable;
using System.ComponentModel;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Svom.Documents;

// What goes over MQTT, as readers see it. Only the document is made from these: whoever writes the messages has types of its own, and a test holds
// what really goes out against the document.

[Description("A notice that was sent. A message with a known id is a repeat: drop it.")]
internal sealed record AlertMessage(
    [property: Description("The same for every repeat.")] Guid Id,
    [property: Description("Place in the permanent archive, the same number at every door; gaps are normal.")] long Sequence,
    [property: Description("Id of the burst; a rehearsal's begins tb.")] string Burst,
    [property: Description("1, 2, 3 among the burst's sent notices.")] int BurstSequence,
    [property: Description("Type without quality, for example mxt-initial.")] string NoticeType,
    string Ivorn,
    [property: Description("current, or test for a rehearsal.")] WireTense Tense,
    [property: Description("initial for the burst's first sent notice, update after, retraction.")] WireAlertType AlertType,
    [property: Description("Ids of the notices whose position this replaces.")] ImmutableArray<string> Supersedes,
    [property: Description("When it went out.")] DateTimeOffset Published,
    LatencyMessage Latency,
    [property: Description("Where its exact bytes are.")] ImmutableArray<LinkMessage> Links,
    [property: Description("The notice in NASA GCN's unified schema, snake_case.")] JsonObject Data,
    [property: Description("Quality of an MXT notice.")] int? Quality = null,
    [property: Description("A person's reason, at most 1,000 characters.")] string? Reason = null);

[Description("Milliseconds of each step since the one before; null where unknown.")]
internal sealed record LatencyMessage(double? EmissionMs, double? StationMs, double? IngestMs, double? DecodedMs, double? DecidedMs, double? PublishedMs);

internal sealed record LinkMessage(
    WireRelation Rel, string Type, [property: Description("Absolute address.")] string Href, [property: Description("Lower-case hex.")] string Sha256, [property: Description("Octets.")] int Length);

[Description("Present state of a burst. An empty message takes it away, 14 days after its last change.")]
internal sealed record StateMessage(
    string Burst,
    [property: Description("Sequence of its newest notice; 0 before the first.")] long Sequence,
    WireState State,
    StatePosition? Best,
    StateTimes T0,
    string? SlewStatus,
    string? Classification,
    [property: Description("Ids of its notices in order of making.")] ImmutableArray<string> Notices,
    DateTimeOffset Updated);

[Description("Best position, degrees, ICRS.")]
internal sealed record StatePosition(
    string Instrument, double Ra, double Dec, [property: JsonPropertyName("ra_dec_error"), Description("90 % radius, degrees; null for GRM.")] double? RaDecError);

[Description("T0 of each instrument that has one.")]
internal sealed record StateTimes(DateTimeOffset? Grm = null, DateTimeOffset? Eclairs = null);

[Description("One line of a burst's ordered log.")]
internal sealed record EventMessage(
    string Burst, [property: Description("The burst's version.")] long Version, [property: Description("Number within the version, from 0.")] int N, DateTimeOffset At,
    [property: Description("packet, act, deadline, notice or status.")] string Kind, [property: Description("One sentence.")] string Text);

[Description("Whether the platform is there; `down` is the last will of its own connection.")]
internal sealed record StatusMessage(WireStatus State, DateTimeOffset Since, string Version);

[Description("Each second; the sequence begins at 1 with each start.")]
internal sealed record HeartbeatMessage(DateTimeOffset At, long Sequence);

internal enum WireTense
{
    Current,
    Test,
}

internal enum WireAlertType
{
    Initial,
    Update,
    Retraction,
}

internal enum WireRelation
{
    Canonical,
    Update,
    Deletion,
}

internal enum WireState
{
    Active,
    Retracted,
    Closed,
}

internal enum WireStatus
{
    Up,
    Stopping,
    Down,
}
