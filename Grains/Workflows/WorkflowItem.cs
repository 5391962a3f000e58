using System.Collections.Immutable;

namespace Svom.Workflows;

/// <summary>What a workflow's inbox takes. What arrives together is decided together, in its order, and stands in one append.</summary>
internal abstract record WorkflowItem;

/// <summary>An input for the rules. Payloads in it are encoded.</summary>
internal sealed record InputItem(WorkflowInput Input) : WorkflowItem;

/// <summary>An update is asked for.</summary>
/// <param name="Start">Begins the run when none is open; null: only an open one is asked.</param>
internal sealed record UpdateItem(UpdateRequest Request, UpdateStage Stage, string? RunId, StartRequest? Start = null) : WorkflowItem;

/// <summary>A local activity ended.</summary>
/// <param name="RunId">Run whose code asked for it.</param>
/// <param name="Step">As the code sees it.</param>
/// <param name="Encoded">As it is stored.</param>
internal sealed record LocalStepItem(string RunId, LocalStep Step, LocalStep Encoded) : WorkflowItem;

/// <summary>An attempt of an activity got its place in the pool.</summary>
internal sealed record PlaceItem(string RunId, long ScheduledEventId, int Attempt) : WorkflowItem;

/// <summary>A due time has come.</summary>
internal sealed record WakeItem : WorkflowItem
{
    public static WakeItem Instance { get; } = new();
}

/// <summary>Look whether there is something to do: after a crash of whoever did it.</summary>
internal sealed record NudgeItem : WorkflowItem
{
    public static NudgeItem Instance { get; } = new();
}

/// <summary>The code is asked. Payloads are decoded.</summary>
internal sealed record QueryItem(string Name, ImmutableArray<Payload> Input, ImmutableSortedDictionary<string, Payload> Headers) : WorkflowItem;

/// <summary>What became of an item.</summary>
/// <param name="Refusal">Null when it was taken.</param>
/// <param name="RunId">The run that took it.</param>
internal sealed record ItemAnswer(WorkflowRefusal? Refusal, string? RunId)
{
    public static ItemAnswer Taken(string? runId) => new(null, runId);

    /// <summary>Messages that a refused input owes; nothing durable holds them, so whoever brought it must bring these too.</summary>
    public ImmutableArray<Tell> Replies { get; init; } = [];

    /// <summary>Of an update: where its answer will come.</summary>
    public Task<UpdateAnswered>? Update { get; init; }

    /// <summary>Of a query.</summary>
    public QueryAnswer? Query { get; init; }

    /// <summary>Of a sign of life: the activity should stop.</summary>
    public bool CancelRequested { get; init; }
}
