using Svom.Outcomes;

namespace Svom.Workflows;

/// <summary>The platform said no.</summary>
public sealed class WorkflowRefusedException(Refusal refusal) : Exception(refusal.Detail)
{
    public RefusalCode Code { get; } = refusal.Code;
}

/// <summary>The run did not complete; the inner exception says why.</summary>
public sealed class WorkflowFailedException(string workflowId, string runId, Exception? inner) : Exception($"Workflow '{workflowId}' did not complete: {inner?.Message}", inner)
{
    public string WorkflowId { get; } = workflowId;

    public string RunId { get; } = runId;
}

/// <summary>The run goes on in another, and the caller did not want to follow.</summary>
public sealed class WorkflowContinuedAsNewException(string newRunId) : Exception($"The run goes on in {newRunId}.")
{
    public string NewRunId { get; } = newRunId;
}

/// <summary>The code could not answer the query.</summary>
public sealed class WorkflowQueryFailedException(string message, Exception? inner) : Exception(message, inner);

/// <summary>An update was rejected or failed; the inner exception says why.</summary>
public sealed class WorkflowUpdateFailedException(Exception inner) : Exception($"The update did not succeed: {inner.Message}", inner);
