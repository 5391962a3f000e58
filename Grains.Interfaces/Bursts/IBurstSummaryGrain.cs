using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Svom.Outcomes;

namespace Svom.Bursts;

/// <summary>What became of a burst so far, kept by its follow-through. Key: the burst id.</summary>
[Alias("svom.burst-summary")]
public interface IBurstSummaryGrain : IGrainWithStringKey
{
    /// <summary>The newest summary, or <see cref="RefusalCode.NotFound"/> when none was written yet.</summary>
    [Alias("get")]
    Task<Outcome<FollowThroughSummary>> GetAsync(CancellationToken cancellationToken);
}

/// <summary>Where the follow-through of a burst stands. Names stand in stored records and never change.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FollowPhase>))]
public enum FollowPhase
{
    /// <summary>Heard of; without an ECLAIRs alert or a slew nothing is awaited.</summary>
    Observed = 0,

    /// <summary>An alert waits for an expert or for the criteria.</summary>
    AwaitingValidation = 1,

    /// <summary>Not accepted.</summary>
    Rejected = 2,

    /// <summary>Accepted; whether the platform slews is not known yet.</summary>
    AwaitingSlew = 3,

    /// <summary>The platform does not slew, so that MXT has nothing to tell.</summary>
    NotSlewing = 4,

    /// <summary>The platform slews; MXT has told no position yet.</summary>
    AwaitingPosition = 5,

    /// <summary>MXT has told where it is.</summary>
    Positioned = 6,

    /// <summary>Taken back: the follow-through is over.</summary>
    Retracted = 7,

    /// <summary>Nothing more is expected: the follow-through is over.</summary>
    Closed = 8,
}

/// <summary>What a burst waits for, in this order. Names stand in stored records and never change.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FollowStep>))]
public enum FollowStep
{
    Validation = 1,
    Slew = 2,
    Position = 3,
}

/// <summary>Something that is awaited, or that came. Times are mission time.</summary>
/// <param name="Since">Packet that it is awaited since: the first alert, for a position the accepted slew.</param>
/// <param name="Due">When it should be there; null: no limit.</param>
/// <param name="Overdue">True when it was not there in time, also when it came later.</param>
/// <param name="Outcome">What came; null while it is awaited.</param>
/// <param name="At">When it came; null while it is awaited.</param>
/// <param name="AfterSeconds">From <paramref name="Since"/> to <paramref name="At"/>.</param>
/// <param name="LateSeconds">From <paramref name="Due"/> to <paramref name="At"/>; null when it was in time.</param>
[GenerateSerializer, Immutable, Alias("svom.followed-step")]
public sealed record FollowedStep(
    [property: Id(0)] FollowStep Step, [property: Id(1)] DateTimeOffset? Since, [property: Id(2)] DateTimeOffset? Due, [property: Id(3)] bool Overdue,
    [property: Id(4)] string? Outcome, [property: Id(5)] DateTimeOffset? At, [property: Id(6)] double? AfterSeconds, [property: Id(7)] double? LateSeconds);

/// <summary>An act of a person that took effect.</summary>
/// <param name="What">accept, reject, acknowledge, classify as …, or retract.</param>
/// <param name="At">Mission time; null while the feed has none.</param>
[GenerateSerializer, Immutable, Alias("svom.followed-act")]
public sealed record FollowedAct(
    [property: Id(0)] string What, [property: Id(1)] string Who, [property: Id(2)] DateTimeOffset? At, [property: Id(3)] string Reason);

/// <summary>A burst in short: what is awaited until when, what came and how late, what people did, and how it ended.</summary>
/// <param name="Number">1, 2, 3, … : each change of the summary has the next one.</param>
/// <param name="Version">Version of the burst that it tells of.</param>
/// <param name="Mission">Mission time then; null while the feed has none.</param>
/// <param name="Steps">What is awaited or came, in the order of <see cref="FollowStep"/>.</param>
/// <param name="Acts">The latest, oldest first.</param>
/// <param name="Classification">As classified by a person; null before.</param>
/// <param name="AcknowledgedBy">Who took charge; null before.</param>
/// <param name="Ended">Why the follow-through is over; null while it goes on.</param>
[GenerateSerializer, Immutable, Alias("svom.follow-through-summary")]
public sealed record FollowThroughSummary(
    [property: Id(0)] string Burst, [property: Id(1)] int Number, [property: Id(2)] long Version, [property: Id(3)] DateTimeOffset? Mission,
    [property: Id(4)] FollowPhase Phase, [property: Id(5)] ImmutableArray<FollowedStep> Steps, [property: Id(6)] ImmutableArray<FollowedAct> Acts,
    [property: Id(7)] string? Classification, [property: Id(8)] string? AcknowledgedBy, [property: Id(9)] string? Ended);
