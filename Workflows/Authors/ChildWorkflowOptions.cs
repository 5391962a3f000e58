using System.Collections.Immutable;

namespace Svom.Workflows;

/// <summary>What a parent waits for when it asks a child to stop. Numbers as on Temporal's wire.</summary>
public enum ChildWorkflowCancellationType
{
    /// <summary>It is not asked; the parent goes on at once.</summary>
    Abandon = 0,

    /// <summary>It is asked to stop, and the parent goes on at once.</summary>
    TryCancel = 1,

    /// <summary>It is asked to stop, and the parent waits for its end.</summary>
    WaitCancellationCompleted = 2,

    /// <summary>It is asked to stop, and the parent waits until the request has arrived.</summary>
    WaitCancellationRequested = 3,
}

/// <summary>How a child workflow is run. Every timeout left out has no limit but the parent's defaults.</summary>
public sealed record ChildWorkflowOptions
{
    /// <summary>Null: made from the parent's id and run.</summary>
    public string? Id { get; init; }

    /// <summary>Null: the parent's.</summary>
    public string? TaskQueue { get; init; }

    /// <summary>For the whole chain of runs.</summary>
    public TimeSpan? ExecutionTimeout { get; init; }

    /// <summary>For one run.</summary>
    public TimeSpan? RunTimeout { get; init; }

    /// <summary>For one workflow task.</summary>
    public TimeSpan? TaskTimeout { get; init; }

    public ParentClosePolicy ParentClosePolicy { get; init; } = ParentClosePolicy.Terminate;

    public ChildWorkflowCancellationType CancellationType { get; init; } = ChildWorkflowCancellationType.WaitCancellationCompleted;

    public WorkflowIdReusePolicy IdReusePolicy { get; init; } = WorkflowIdReusePolicy.AllowDuplicate;

    /// <summary>Null: it is not tried again.</summary>
    public RetryPolicy? RetryPolicy { get; init; }

    public IReadOnlyDictionary<string, object?> Memo { get; init; } = ImmutableDictionary<string, object?>.Empty;

    public IReadOnlyDictionary<string, object?> SearchAttributes { get; init; } = ImmutableDictionary<string, object?>.Empty;

    /// <summary>Null: the workflow's own.</summary>
    public CancellationToken? CancellationToken { get; init; }

    /// <summary>One line for people.</summary>
    public string? Summary { get; init; }
}

/// <summary>How the next run differs from this one. What is null stays as it is.</summary>
public sealed record ContinueAsNewOptions
{
    public string? TaskQueue { get; init; }

    public TimeSpan? RunTimeout { get; init; }

    public TimeSpan? TaskTimeout { get; init; }

    public RetryPolicy? RetryPolicy { get; init; }

    /// <summary>Pause before the next run's first task.</summary>
    public TimeSpan? Backoff { get; init; }

    public IReadOnlyDictionary<string, object?>? Memo { get; init; }

    public IReadOnlyDictionary<string, object?>? SearchAttributes { get; init; }
}
