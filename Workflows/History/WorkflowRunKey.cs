namespace Svom.Workflows;

/// <summary>One run of a workflow. A workflow id has one open run at most; a chain of runs shares the id.</summary>
/// <param name="WorkflowId">The author's name for the work; any characters.</param>
/// <param name="RunId">Given by the platform, a UUID.</param>
public sealed record WorkflowRunKey(string WorkflowId, string RunId);
