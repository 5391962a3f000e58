namespace Svom.Workflows;

/// <summary>The commands with which a run's code closes it.</summary>
internal static class ClosingRules
{
    public static TaskFault? Take(DecisionRun run, Command command, long completed)
    {
        if (Fault(command) is { } fault)
        {
            return new(BadCause(command), fault);
        }

        run.Write(new TaskEnded());
        switch (command)
        {
            case CompleteWorkflow complete:
                CloseRules.Close(run, new WorkflowExecutionCompleted(complete.Result, completed), command.UserMetadata);
                break;
            case FailWorkflow fail:
                Fail(run, fail, completed);
                break;
            case CancelWorkflow cancel:
                CloseRules.Close(run, new WorkflowExecutionCanceled(cancel.Details, completed), command.UserMetadata);
                break;
            case ContinueAsNew next:
                RunChain.Continue(run, next, completed);
                break;
            default:
                return new(WorkflowTaskFailedCause.WorkflowWorkerUnhandledFailure, $"The rules know no command {command.GetType().Name}.");
        }

        return null;
    }

    public static WorkflowTaskFailedCause BadCause(Command command) => command switch
    {
        FailWorkflow => WorkflowTaskFailedCause.BadFailWorkflowExecutionAttributes,
        CancelWorkflow => WorkflowTaskFailedCause.BadCancelWorkflowExecutionAttributes,
        ContinueAsNew => WorkflowTaskFailedCause.BadContinueAsNewAttributes,
        _ => WorkflowTaskFailedCause.BadCompleteWorkflowExecutionAttributes,
    };

    private static string? Fault(Command command) => command switch
    {
        FailWorkflow { Failure: null } => "A run fails with a failure.",
        ContinueAsNew next => Times.Fault(next.RunTimeout, next.TaskTimeout, next.Backoff) ?? next.RetryPolicy?.Fault(),
        _ => null,
    };

    private static void Fail(DecisionRun run, FailWorkflow command, long completed)
    {
        var retry = RunChain.Judge(run, command.Failure);
        var next = retry.At is null ? null : run.Context.NewId();
        CloseRules.Close(
            run, new WorkflowExecutionFailed(command.Failure, retry.State, completed, next), command.UserMetadata,
            next is null ? null : () => RunChain.Retry(run, next, command.Failure, retry));
    }
}
