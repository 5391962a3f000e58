using System.Linq.Expressions;

namespace Svom.Workflows;

/// <summary>How a workflow is started.</summary>
/// <param name="Id">The caller's name for the work, unique among what is open.</param>
/// <param name="TaskQueue">Where its tasks go.</param>
public sealed record WorkflowOptions(string Id, string TaskQueue = WorkflowOptions.MissionQueue)
{
    /// <summary>The queue that the silos themselves serve.</summary>
    public const string MissionQueue = "mission";

    /// <summary>For the whole chain of runs; null: no limit.</summary>
    public TimeSpan? ExecutionTimeout { get; init; }

    /// <summary>For one run; null: no limit.</summary>
    public TimeSpan? RunTimeout { get; init; }

    public WorkflowIdReusePolicy IdReusePolicy { get; init; } = WorkflowIdReusePolicy.AllowDuplicate;

    public WorkflowIdConflictPolicy IdConflictPolicy { get; init; } = WorkflowIdConflictPolicy.Fail;

    /// <summary>Null: a failed run is not tried again.</summary>
    public RetryPolicy? RetryPolicy { get; init; }

    /// <summary>Pause before the first task; null: none.</summary>
    public TimeSpan? StartDelay { get; init; }

    public IReadOnlyDictionary<string, object?> Memo { get; init; } = new Dictionary<string, object?>(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, object?> SearchAttributes { get; init; } = new Dictionary<string, object?>(StringComparer.Ordinal);

    /// <summary>Makes a repeat of this start the same start; null: each call is one of its own.</summary>
    public string? RequestId { get; init; }

    /// <summary>Signal that goes with the start, or to the run that is open.</summary>
    public string? StartSignal { get; init; }

    public IReadOnlyList<object?> StartSignalArgs { get; init; } = [];

    /// <summary>The same options with a signal.</summary>
    public WorkflowOptions SignalWithStart<TWorkflow>(Expression<Func<TWorkflow, Task>> signal)
    {
        var call = ExpressionCalls.Of(signal);
        return this with { StartSignal = WorkflowNames.Signal(call.Method), StartSignalArgs = call.Arguments };
    }
}
