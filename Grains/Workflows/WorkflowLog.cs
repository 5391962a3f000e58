using Microsoft.Extensions.Logging;

namespace Svom.Workflows;

/// <summary>What the engine says to the operator.</summary>
internal static partial class WorkflowLog
{
    [LoggerMessage(5001, LogLevel.Warning, "{Workflow} run {RunId} ({Type}): its code could not be run, attempt {Attempt}: {Message}")]
    public static partial void LogTaskFailed(this ILogger logger, WorkflowAddress workflow, string runId, string type, int attempt, string message);

    [LoggerMessage(5002, LogLevel.Warning, "{Workflow} has had a hundred tasks in one turn and goes on with its next news")]
    public static partial void LogRestless(this ILogger logger, WorkflowAddress workflow);

    [LoggerMessage(5003, LogLevel.Warning, "{Workflow}: the store is away; again in {PauseMs} ms")]
    public static partial void LogStoreAway(this ILogger logger, WorkflowAddress workflow, double pauseMs, Exception failure);

    [LoggerMessage(5004, LogLevel.Error, "{Workflow}: the end of {What} could not be taken; it runs again when the workflow is loaded next")]
    public static partial void LogLost(this ILogger logger, WorkflowAddress workflow, string what, Exception failure);

    [LoggerMessage(5005, LogLevel.Information, "{Count} workflows were in the hands of silos that are gone, and are taken up")]
    public static partial void LogTakenUp(this ILogger logger, int count);

    [LoggerMessage(5006, LogLevel.Warning, "{Workflow} could not be taken up; again at the next look")]
    public static partial void LogNotTakenUp(this ILogger logger, WorkflowAddress workflow, Exception failure);
}
