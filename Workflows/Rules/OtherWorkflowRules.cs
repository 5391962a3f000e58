namespace Svom.Workflows;

/// <summary>What a run asks of other workflows. Everything goes out as a message with an id that follows from run and event: the receiver knows a repeat by it.</summary>
internal static class OtherWorkflowRules
{
    public static TaskFault? Start(DecisionRun run, StartChildWorkflow command, long completed)
    {
        var fault = string.IsNullOrEmpty(command.WorkflowId) || string.IsNullOrEmpty(command.WorkflowType)
            ? "A child needs a workflow id and a type."
            : Times.Fault(command.ExecutionTimeout, command.RunTimeout, command.TaskTimeout) ?? command.RetryPolicy?.Fault();
        if (fault is not null || !Enum.IsDefined(command.IdReusePolicy) || !Enum.IsDefined(command.ParentClosePolicy))
        {
            return new(WorkflowTaskFailedCause.BadStartChildExecutionAttributes, fault ?? "A policy of the child is unknown.");
        }

        if (run.Run.Children.Count >= run.Context.Limits.Pending)
        {
            return new(WorkflowTaskFailedCause.PendingChildWorkflowsLimitExceeded, $"{run.Run.Children.Count} children are open.");
        }

        var initiated = new StartChildWorkflowExecutionInitiated(
            NamespaceOf(run, command.Namespace), command.WorkflowId, command.WorkflowType,
            string.IsNullOrEmpty(command.TaskQueue) ? run.Run.Started.TaskQueue : command.TaskQueue, command.Input, Times.Said(command.ExecutionTimeout),
            Times.Said(command.RunTimeout), Times.Said(command.TaskTimeout) ?? StartRules.TaskTimeout, command.ParentClosePolicy, completed, command.IdReusePolicy,
            command.RetryPolicy, command.Memo, command.SearchAttributes, command.Headers);
        var id = run.Record(initiated, command.UserMetadata);
        var request = new StartRequest(
            RequestId(run, id), initiated.WorkflowType, initiated.TaskQueue, initiated.Input, initiated.ExecutionTimeout, initiated.RunTimeout, initiated.TaskTimeout,
            initiated.IdReusePolicy, WorkflowIdConflictPolicy.Fail, initiated.RetryPolicy, null, new(run.State.Namespace, run.Key, id), run.State.WorkflowId,
            initiated.Memo, initiated.SearchAttributes, initiated.Headers, run.Run.InProcess, command.UserMetadata);
        run.Then(new Tell(initiated.Namespace, initiated.WorkflowId, new StartChildMessage(request)));
        return null;
    }

    public static TaskFault? Signal(DecisionRun run, SignalExternalWorkflow command, long completed)
    {
        if (string.IsNullOrEmpty(command.WorkflowId) || string.IsNullOrEmpty(command.SignalName))
        {
            return new(WorkflowTaskFailedCause.BadSignalWorkflowExecutionAttributes, "A signal needs a workflow id and a name.");
        }

        if (run.Run.ExternalSignals.Count >= run.Context.Limits.Pending)
        {
            return new(WorkflowTaskFailedCause.PendingSignalsLimitExceeded, $"{run.Run.ExternalSignals.Count} signals wait for an answer.");
        }

        var (ns, runId) = (NamespaceOf(run, command.Namespace), Named(command.RunId));
        var id = run.Record(
            new SignalExternalWorkflowExecutionInitiated(
                ns, command.WorkflowId, runId, command.SignalName, command.Input, command.ChildOnly, completed, command.Headers),
            command.UserMetadata);
        var signal = new Signal(
            command.SignalName, command.Input, run.State.WorkflowId, command.Headers, RequestId(run, id), runId, command.ChildOnly ? run.Key : null);
        run.Then(new Tell(ns, command.WorkflowId, new InputMessage(signal, new(run.State.Namespace, run.Key, id, Cancel: false))));
        return null;
    }

    public static TaskFault? Cancel(DecisionRun run, RequestCancelExternalWorkflow command, long completed)
    {
        if (string.IsNullOrEmpty(command.WorkflowId))
        {
            return new(WorkflowTaskFailedCause.BadRequestCancelExternalWorkflowExecutionAttributes, "A request to cancel needs a workflow id.");
        }

        if (run.Run.ExternalCancels.Count >= run.Context.Limits.Pending)
        {
            return new(WorkflowTaskFailedCause.PendingRequestCancelLimitExceeded, $"{run.Run.ExternalCancels.Count} requests to cancel wait for an answer.");
        }

        var (ns, runId) = (NamespaceOf(run, command.Namespace), Named(command.RunId));
        var id = run.Record(
            new RequestCancelExternalWorkflowExecutionInitiated(ns, command.WorkflowId, runId, command.ChildOnly, command.Reason, completed), command.UserMetadata);
        var cancel = new RequestCancel(
            command.Reason, run.State.WorkflowId, RequestId(run, id), runId, run.Key, id, command.ChildOnly ? run.Key : null);
        run.Then(new Tell(ns, command.WorkflowId, new InputMessage(cancel, new(run.State.Namespace, run.Key, id, Cancel: true))));
        return null;
    }

    private static string NamespaceOf(DecisionRun run, string ns) => string.IsNullOrEmpty(ns) ? run.State.Namespace : ns;

    private static string? Named(string? runId) => string.IsNullOrEmpty(runId) ? null : runId;

    private static string RequestId(DecisionRun run, long eventId) => $"{run.Run.RunId}:{eventId}";
}
