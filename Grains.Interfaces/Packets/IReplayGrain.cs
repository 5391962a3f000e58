using System.Collections.Immutable;
using Orleans.Concurrency;
using Svom.Outcomes;

namespace Svom.Packets;

/// <summary>How a feed is played again.</summary>
public enum ReplayMode
{
    /// <summary>Recorded deadlines and acts are taken as they are; what follows from them must come out to the byte.</summary>
    Replay = 1,

    /// <summary>Today's rules and settings decide anew, in virtual time; what differs from what was decided then is said.</summary>
    Resimulation = 2,
}

/// <summary>What is to be played again. Nothing of it reaches an outlet, and nothing that is recorded changes.</summary>
/// <param name="Session">A rehearsal; null: the live feed.</param>
/// <param name="Burst">One burst alone; null: the whole feed.</param>
/// <param name="From">Only bursts first heard not before; null: from the beginning.</param>
/// <param name="To">Only bursts first heard before; null: to the end.</param>
/// <param name="Speed">Times mission time, from <see cref="Slowest"/> to <see cref="Fastest"/>; null: as fast as possible.</param>
[GenerateSerializer, Immutable, Alias("svom.replay-request")]
public sealed record ReplayRequest(
    [property: Id(0)] ReplayMode Mode, [property: Id(1)] string? Session = null, [property: Id(2)] string? Burst = null,
    [property: Id(3)] DateTimeOffset? From = null, [property: Id(4)] DateTimeOffset? To = null, [property: Id(5)] double? Speed = null)
{
    /// <summary>Slowest pace: a second of the mission takes a quarter of an hour.</summary>
    public const double Slowest = 0.001;

    /// <summary>Fastest pace: a day of the mission takes a tenth of a second, and more would be no pace.</summary>
    public const double Fastest = 1_000_000;

    /// <summary>True when both speak of the same packets and bursts in the same way, however fast: then what they found can be compared.</summary>
    public bool SameScope(ReplayRequest other) => this with { Speed = null } == other with { Speed = null };
}

/// <summary>Something that came out otherwise than it was recorded.</summary>
/// <param name="Burst">Null where no burst is meant.</param>
/// <param name="Notice">Id of the notice; null where none is meant.</param>
/// <param name="Field">What of it: a field of the notice, or a word for the rest.</param>
/// <param name="Recorded">As it was then; null: it was not there.</param>
/// <param name="Now">As it comes out now; null: it does not.</param>
/// <param name="Text">The same as a sentence.</param>
[GenerateSerializer, Immutable, Alias("svom.replay-difference")]
public sealed record ReplayDifference(
    [property: Id(0)] string? Burst, [property: Id(1)] string? Notice, [property: Id(2)] string? Field, [property: Id(3)] string? Recorded,
    [property: Id(4)] string? Now, [property: Id(5)] string Text);

/// <summary>A notice as it came out.</summary>
/// <param name="Id">As in the archive.</param>
/// <param name="Sent">False when held.</param>
/// <param name="XmlSha256">Of the VOEvent; in a re-simulation without its date, which virtual time makes up.</param>
/// <param name="JsonSha256">Of the GCN object; in a re-simulation without its date.</param>
/// <param name="Fields">
/// What it says, by path, where no record says it: of the first two hundred notices that were never made before. Null for the others, whose differences from the record say it.
/// </param>
[GenerateSerializer, Immutable, Alias("svom.replayed-notice")]
public sealed record ReplayedNotice(
    [property: Id(0)] string Id, [property: Id(1)] bool Sent, [property: Id(2)] string XmlSha256, [property: Id(3)] string JsonSha256,
    [property: Id(4)] ImmutableSortedDictionary<string, string>? Fields = null);

/// <summary>A burst as it came out.</summary>
[GenerateSerializer, Immutable, Alias("svom.replayed-burst")]
public sealed record ReplayedBurst([property: Id(0)] string Id, [property: Id(1)] string State, [property: Id(2)] ImmutableArray<ReplayedNotice> Notices);

/// <summary>What a replay found.</summary>
/// <param name="Packets">Packets played again.</param>
/// <param name="Bursts">Bursts decided again.</param>
/// <param name="Notices">Notices made again.</param>
/// <param name="Differences">The first thousand; empty when all is the same.</param>
/// <param name="DifferencesFound">How many there are.</param>
/// <param name="Results">The first thousand bursts, by id: by them two runs are compared.</param>
[GenerateSerializer, Immutable, Alias("svom.replay-report")]
public sealed record ReplayReport(
    [property: Id(0)] long Packets, [property: Id(1)] int Bursts, [property: Id(2)] int Notices, [property: Id(3)] ImmutableArray<ReplayDifference> Differences,
    [property: Id(4)] int DifferencesFound, [property: Id(5)] ImmutableArray<ReplayedBurst> Results)
{
    /// <summary>Differences told; more would say no more.</summary>
    public const int MostDifferences = 1_000;

    /// <summary>Bursts told.</summary>
    public const int MostResults = 1_000;
}

/// <summary>How far a replay has come.</summary>
/// <param name="Position">Position of the feed's log that it has reached.</param>
/// <param name="Head">Position that it ends at.</param>
/// <param name="Packets">Packets played so far.</param>
/// <param name="At">Mission time reached; null before two packets agreed on one.</param>
[GenerateSerializer, Immutable, Alias("svom.replay-progress")]
public sealed record ReplayProgress(
    [property: Id(0)] long Position, [property: Id(1)] long Head, [property: Id(2)] long Packets = 0, [property: Id(3)] DateTimeOffset? At = null);

/// <summary>Where a replay stands.</summary>
public enum ReplayStatus
{
    /// <summary>Under way, or begun again after its silo died.</summary>
    Running = 1,

    /// <summary>The report is there.</summary>
    Done = 2,

    /// <summary>It could not be done; the detail says why.</summary>
    Failed = 3,

    /// <summary>Somebody ended it; the detail says who.</summary>
    Cancelled = 4,
}

/// <summary>A replay as it stands.</summary>
/// <param name="Id">Given by the platform; sorts by time.</param>
/// <param name="RequestedBy">Who asked for it.</param>
/// <param name="Attempts">Times it was begun: more than one when a silo died meanwhile.</param>
/// <param name="Progress">Null before the first page, and when the silo that counted it is gone.</param>
/// <param name="Report">Once done; null in a list.</param>
/// <param name="Detail">Why it failed or who cancelled it; else null.</param>
[GenerateSerializer, Immutable, Alias("svom.replay-view")]
public sealed record ReplayView(
    [property: Id(0)] string Id, [property: Id(1)] ReplayRequest Request, [property: Id(2)] string RequestedBy, [property: Id(3)] DateTimeOffset RequestedAt,
    [property: Id(4)] ReplayStatus Status, [property: Id(5)] int Attempts, [property: Id(6)] DateTimeOffset? EndedAt, [property: Id(7)] ReplayProgress? Progress,
    [property: Id(8)] ReplayReport? Report, [property: Id(9)] string? Detail);

/// <summary>One replay, durable: a workflow does it, and begins it again when the silo that does it dies. Key: its id.</summary>
[Alias("svom.replay")]
public interface IReplayGrain : IGrainWithStringKey
{
    /// <summary>Where it stands.</summary>
    /// <returns><see cref="RefusalCode.NotFound"/> when there is no such replay.</returns>
    [Alias("get")]
    Task<Outcome<ReplayView>> GetAsync(CancellationToken cancellationToken);

    /// <summary>Ends it: from the answer on it counts as cancelled and its place is free; whatever plays it stops at once. Again changes nothing.</summary>
    /// <param name="by">Who asks.</param>
    /// <returns><see cref="RefusalCode.NotFound"/> when there is no such replay, <see cref="RefusalCode.NotPossibleNow"/> when it has ended by itself.</returns>
    [Alias("cancel")]
    Task<Outcome<ReplayView>> CancelAsync(string by, CancellationToken cancellationToken);
}

/// <summary>Something that came out otherwise in the second of two runs.</summary>
/// <param name="Burst">Null where no burst is meant.</param>
/// <param name="Notice">Id of the notice; null where none is meant.</param>
/// <param name="Field">A field of the notice, as a path; or burst, notice, content, state, packets, bursts, or another word of a replay's differences.</param>
/// <param name="Before">As it came out in the first run; null: it did not.</param>
/// <param name="After">As it came out in the second run; null: it did not.</param>
/// <param name="Text">The same as a sentence.</param>
[GenerateSerializer, Immutable, Alias("svom.run-difference")]
public sealed record RunDifference(
    [property: Id(0)] string? Burst, [property: Id(1)] string? Notice, [property: Id(2)] string Field, [property: Id(3)] string? Before,
    [property: Id(4)] string? After, [property: Id(5)] string Text);

/// <summary>Two runs held against each other.</summary>
/// <param name="From">Id of the first.</param>
/// <param name="To">Id of the second.</param>
/// <param name="Differences">The first thousand; empty when both came out the same.</param>
/// <param name="DifferencesFound">How many there are.</param>
[GenerateSerializer, Immutable, Alias("svom.replay-comparison")]
public sealed record ReplayComparison(
    [property: Id(0)] string From, [property: Id(1)] string To, [property: Id(2)] ImmutableArray<RunDifference> Differences, [property: Id(3)] int DifferencesFound)
{
    /// <summary>Differences told.</summary>
    public const int MostDifferences = 1_000;
}

/// <summary>Begins replays and lists them. Key 0.</summary>
[Alias("svom.replay-desk")]
public interface IReplayDeskGrain : IGrainWithIntegerKey
{
    /// <summary>Begins a replay; durable once answered.</summary>
    /// <returns>
    /// <see cref="RefusalCode.Invalid"/> for a request that contradicts itself, <see cref="RefusalCode.NotFound"/> when there is no such burst,
    /// <see cref="RefusalCode.NotPossibleNow"/> while as many run as may.
    /// </returns>
    [Alias("start")]
    Task<Outcome<ReplayView>> StartAsync(ReplayRequest request, string requestedBy, CancellationToken cancellationToken);

    /// <summary>A page of replays without their reports, newest first.</summary>
    /// <returns><see cref="RefusalCode.Invalid"/> for a cursor that is none of ours.</returns>
    [Alias("find")]
    Task<Outcome<Page<ReplayView>>> FindAsync(string? cursor, int limit, CancellationToken cancellationToken);

    /// <summary>What came out otherwise in one replay than in another of the same scope and mode.</summary>
    /// <param name="from">Id of the one that it is compared with.</param>
    /// <param name="to">Id of the one that is looked at.</param>
    /// <returns>
    /// <see cref="RefusalCode.NotFound"/> when one of them does not exist, <see cref="RefusalCode.NotPossibleNow"/> when one has no report,
    /// <see cref="RefusalCode.Invalid"/> when they speak of different things.
    /// </returns>
    [Alias("compare"), AlwaysInterleave]
    Task<Outcome<ReplayComparison>> CompareAsync(string from, string to, CancellationToken cancellationToken);
}
