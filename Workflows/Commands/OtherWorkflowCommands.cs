using System.Collections.Immutable;

namespace Svom.Workflows;

/// <param name="Namespace">Empty: the workflow's own; so is the task queue.</param>
public sealed record StartChildWorkflow(
    string Namespace, string WorkflowId, string WorkflowType, string TaskQueue, ImmutableArray<Payload> Input, TimeSpan? ExecutionTimeout, TimeSpan? RunTimeout,
    TimeSpan? TaskTimeout, ParentClosePolicy ParentClosePolicy, WorkflowIdReusePolicy IdReusePolicy, RetryPolicy? RetryPolicy,
    ImmutableSortedDictionary<string, Payload> Memo, ImmutableSortedDictionary<string, Payload> SearchAttributes,
    ImmutableSortedDictionary<string, Payload> Headers, UserMetadata? UserMetadata = null) : Command(UserMetadata);

/// <param name="RunId">Null: the run that is open.</param>
/// <param name="ChildOnly">True: only if it is a child of this run.</param>
public sealed record RequestCancelExternalWorkflow(
    string Namespace, string WorkflowId, string? RunId, bool ChildOnly, string Reason, UserMetadata? UserMetadata = null) : Command(UserMetadata);

/// <param name="RunId">Null: the run that is open.</param>
/// <param name="ChildOnly">True: only if it is a child of this run.</param>
public sealed record SignalExternalWorkflow(
    string Namespace, string WorkflowId, string? RunId, string SignalName, ImmutableArray<Payload> Input, bool ChildOnly,
    ImmutableSortedDictionary<string, Payload> Headers, UserMetadata? UserMetadata = null) : Command(UserMetadata);
