using System.Collections.Immutable;

namespace Svom.Workflows;

/// <summary>What a run knows of itself.</summary>
/// <param name="FirstRunId">First run of the chain.</param>
/// <param name="ContinuedRunId">Run that this one goes on from; null for the first of a chain.</param>
/// <param name="Attempt">Of a run under a retry policy: 1, 2, 3, …</param>
/// <param name="StartTime">When the run began, UTC.</param>
/// <param name="ExecutionTimeout">For the whole chain of runs; null: none.</param>
/// <param name="RunTimeout">For this run; null: none.</param>
/// <param name="TaskTimeout">For one workflow task.</param>
/// <param name="Parent">Workflow that began it as its child; null: none.</param>
/// <param name="LastFailure">Why the run before failed; null when it did not.</param>
/// <param name="LastResult">Result of the last run of the chain that completed.</param>
/// <param name="Headers">What interceptors sent along.</param>
public sealed record WorkflowInfo(
    string Namespace, string WorkflowId, string RunId, string FirstRunId, string? ContinuedRunId, int Attempt, string WorkflowType, string TaskQueue,
    DateTime StartTime, TimeSpan? ExecutionTimeout, TimeSpan? RunTimeout, TimeSpan TaskTimeout, RetryPolicy? RetryPolicy, ParentReference? Parent,
    Failure? LastFailure, ImmutableArray<Payload> LastResult, ImmutableSortedDictionary<string, Payload> Headers)
{
    internal static WorkflowInfo Of(RunIdentity identity, WorkflowExecutionStarted started, DateTimeOffset at) => new(
        identity.Namespace, identity.Run.WorkflowId, identity.Run.RunId, started.FirstRunId, started.ContinuedRunId, started.Attempt, started.WorkflowType, identity.TaskQueue,
        at.UtcDateTime, started.ExecutionTimeout, started.RunTimeout, started.TaskTimeout, started.RetryPolicy, started.Parent,
        started.ContinuedFailure, started.LastCompletionResult, started.Headers);
}

/// <summary>The update whose handler runs.</summary>
/// <param name="Id">The caller's.</param>
/// <param name="Name">Of the handler.</param>
public sealed record UpdateInfo(string Id, string Name);
