using System.Collections.Immutable;

namespace Svom.Workflows;

/// <summary>What a decision may know beside state and input.</summary>
/// <param name="Now">Wall time, UTC.</param>
/// <param name="NewId">Gives a fresh UUID for a run.</param>
public sealed record DecisionContext(DateTimeOffset Now, Func<string> NewId)
{
    public WorkflowLimits Limits { get; init; } = WorkflowLimits.Usual;
}

/// <summary>Bounds of a run.</summary>
public sealed record WorkflowLimits
{
    public static WorkflowLimits Usual { get; } = new();

    /// <summary>Events from which a run is told to continue as new.</summary>
    public long SuggestContinueAsNewEvents { get; init; } = 4_096;

    /// <summary>Octets of history from which a run is told to continue as new.</summary>
    public long SuggestContinueAsNewOctets { get; init; } = 4L << 20;

    /// <summary>Open activities, timers, children, or messages to others that a run may have of each kind.</summary>
    public int Pending { get; init; } = 2_000;

    /// <summary>Octets of the events that one workflow task may write: what is appended together is held in memory and sent together.</summary>
    public long TaskOctets { get; init; } = 8L << 20;

    /// <summary>Signals that a run takes in all.</summary>
    public int Signals { get; init; } = 10_000;

    /// <summary>Accepted updates that a run takes in all.</summary>
    public int Updates { get; init; } = 2_000;
}

/// <summary>What follows from an input.</summary>
/// <param name="Records">To be appended, all or none; empty when nothing changes.</param>
/// <param name="Effects">To be done once they are durable.</param>
/// <param name="State">The state with the records applied.</param>
/// <param name="Refusal">Why the input was not taken; null when it was. A refused input has no records and no effects.</param>
/// <param name="RunId">
/// The run that took it; for a start the one that began or was used. A child's start that is refused is an input that was taken: the
/// parent is told, and there is no run.
/// </param>
public sealed record WorkflowDecision(
    ImmutableArray<WorkflowRecord> Records, ImmutableArray<WorkflowEffect> Effects, WorkflowState State, WorkflowRefusal? Refusal = null, string? RunId = null);

/// <summary>Why an input was not taken.</summary>
/// <param name="RunId">The run in the way, for <see cref="WorkflowRefusalCode.AlreadyStarted"/>.</param>
public sealed record WorkflowRefusal(WorkflowRefusalCode Code, string Detail, string? RunId = null);

/// <summary>Kinds of refusal.</summary>
public enum WorkflowRefusalCode
{
    /// <summary>There is no such workflow or run, or it is closed.</summary>
    NotFound = 1,

    /// <summary>The id is taken, and the policies say no.</summary>
    AlreadyStarted = 2,

    /// <summary>What it speaks of is over: an old attempt, an answered event, a task that nobody began.</summary>
    Stale = 3,

    /// <summary>The input breaks a rule: a missing time limit, a negative one, a bad policy.</summary>
    Invalid = 4,

    /// <summary>The run takes no more of these.</summary>
    LimitExceeded = 5,
}
