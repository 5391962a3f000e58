namespace Svom.Workflows;

/// <summary>What happens when the id was used by a run that is closed. Numbers as on Temporal's wire.</summary>
public enum IdReuse
{
    AllowDuplicate = 1,
    AllowDuplicateFailedOnly = 2,
    RejectDuplicate = 3,
    TerminateIfRunning = 4,
}

/// <summary>What happens when the id's run is open. Numbers as on Temporal's wire.</summary>
public enum IdConflict
{
    Fail = 1,
    UseExisting = 2,
    TerminateExisting = 3,
}

/// <summary>
/// Payloads, as JSON: an array of <c>{"metadata": {name: base64}, "data": base64}</c>, the form that histories are exported in. They are as the
/// caller's converter and codec made them; the platform does not look into them.
/// </summary>
/// <param name="Json">UTF-8; empty means no payloads.</param>
[GenerateSerializer, Immutable, Alias("svom.workflow-payloads")]
public readonly record struct PayloadsJson([property: Id(0)] ReadOnlyMemory<byte> Json);

/// <summary>Named payloads, as JSON: <c>{"name": {"metadata": …, "data": …}}</c>.</summary>
/// <param name="Json">UTF-8; empty means none.</param>
[GenerateSerializer, Immutable, Alias("svom.workflow-payload-map")]
public readonly record struct PayloadMapJson([property: Id(0)] ReadOnlyMemory<byte> Json);

/// <summary>Starts a run.</summary>
/// <param name="RequestId">The caller's, unique for each start: asked again with it, the answer is the same run.</param>
/// <param name="WorkflowType">Name of the code.</param>
/// <param name="TaskQueue">Where its tasks go; the silo itself runs workflows that it knows.</param>
[GenerateSerializer, Immutable, Alias("svom.start-workflow")]
public sealed record StartWorkflowCall(
    [property: Id(0)] string RequestId, [property: Id(1)] string WorkflowType, [property: Id(2)] string TaskQueue, [property: Id(3)] PayloadsJson Input)
{
    /// <summary>For the whole chain of runs; null: no limit.</summary>
    [Id(4)]
    public TimeSpan? ExecutionTimeout { get; init; }

    /// <summary>For one run; null: no limit.</summary>
    [Id(5)]
    public TimeSpan? RunTimeout { get; init; }

    /// <summary>For one workflow task of a remote worker; null: 10 s.</summary>
    [Id(6)]
    public TimeSpan? TaskTimeout { get; init; }

    [Id(7)]
    public IdReuse IdReuse { get; init; } = IdReuse.AllowDuplicate;

    [Id(8)]
    public IdConflict IdConflict { get; init; } = IdConflict.Fail;

    /// <summary>Retry policy of the run as JSON, as in the history; empty: the run is not tried again.</summary>
    [Id(9)]
    public ReadOnlyMemory<byte> Retry { get; init; }

    /// <summary>Pause before the first task; null: none.</summary>
    [Id(10)]
    public TimeSpan? Delay { get; init; }

    /// <summary>Who asks, for people.</summary>
    [Id(11)]
    public string Identity { get; init; } = "";

    [Id(12)]
    public PayloadMapJson Memo { get; init; }

    [Id(13)]
    public PayloadMapJson SearchAttributes { get; init; }

    [Id(14)]
    public PayloadMapJson Headers { get; init; }
}

/// <summary>Sends a signal.</summary>
/// <param name="RunId">The run that it is meant for; null: the one that is open.</param>
/// <param name="RequestId">By it a repeat is known; null: every call counts.</param>
[GenerateSerializer, Immutable, Alias("svom.signal-workflow")]
public sealed record SignalWorkflowCall(
    [property: Id(0)] string SignalName, [property: Id(1)] PayloadsJson Input, [property: Id(2)] string? RunId = null, [property: Id(3)] string? RequestId = null,
    [property: Id(4)] string Identity = "", [property: Id(5)] PayloadMapJson Headers = default);

/// <summary>Asks a run's code; open or closed. Changes nothing.</summary>
/// <param name="RunId">Null: the newest.</param>
[GenerateSerializer, Immutable, Alias("svom.query-workflow")]
public sealed record QueryWorkflowCall(
    [property: Id(0)] string QueryName, [property: Id(1)] PayloadsJson Input, [property: Id(2)] string? RunId = null, [property: Id(3)] PayloadMapJson Headers = default);

/// <summary>How far an update must have come before its caller is answered.</summary>
public enum UpdateStage
{
    /// <summary>The validator let it pass or refused it.</summary>
    Accepted = 2,

    /// <summary>Its handler came to its end.</summary>
    Completed = 3,
}

/// <summary>Asks for a change with an answer.</summary>
/// <param name="UpdateId">The caller's: asked again in the same run, it has the same answer.</param>
/// <param name="RunId">Null: the one that is open.</param>
[GenerateSerializer, Immutable, Alias("svom.update-workflow")]
public sealed record UpdateWorkflowCall(
    [property: Id(0)] string UpdateId, [property: Id(1)] string UpdateName, [property: Id(2)] PayloadsJson Input, [property: Id(3)] UpdateStage Stage = UpdateStage.Completed,
    [property: Id(4)] string? RunId = null, [property: Id(5)] string Identity = "", [property: Id(6)] PayloadMapJson Headers = default);

/// <summary>Asks a run to stop, or ends it.</summary>
/// <param name="Reason">For people.</param>
/// <param name="RunId">Null: the one that is open.</param>
/// <param name="RequestId">By it a repeat is known.</param>
[GenerateSerializer, Immutable, Alias("svom.end-workflow")]
public sealed record EndWorkflowCall(
    [property: Id(0)] string Reason, [property: Id(1)] string? RunId = null, [property: Id(2)] string? RequestId = null, [property: Id(3)] string Identity = "");

/// <summary>How an activity ended, said from outside by whoever holds its token or knows its id.</summary>
/// <param name="RunId">Null: the open run.</param>
/// <param name="ActivityId">Its id within the run.</param>
/// <param name="Attempt">The attempt; null: whichever runs.</param>
/// <param name="Kind">What is said.</param>
/// <param name="Payloads">Result, or details.</param>
/// <param name="Failure">As JSON, as in the history; for <see cref="ActivityNewsKind.Failed"/>.</param>
[GenerateSerializer, Immutable, Alias("svom.activity-news")]
public sealed record ActivityNewsCall(
    [property: Id(0)] string? RunId, [property: Id(1)] string ActivityId, [property: Id(2)] int? Attempt, [property: Id(3)] ActivityNewsKind Kind,
    [property: Id(4)] PayloadsJson Payloads, [property: Id(5)] ReadOnlyMemory<byte> Failure = default, [property: Id(6)] string Identity = "");

/// <summary>What is said of an attempt.</summary>
public enum ActivityNewsKind
{
    Completed = 1,
    Failed = 2,
    Canceled = 3,
    Heartbeat = 4,
}
