namespace Svom.Workflows;

/// <summary>
/// The rules of the engine: what follows from an input, and what a record makes of a state. Pure: no clock, no random source, no
/// storage; the same state, input and context always give the same decision. They never throw over an input, however wrong.
/// </summary>
public static class WorkflowRules
{
    /// <summary>What follows from an input. Nothing has happened until the records are durable.</summary>
    public static WorkflowDecision Decide(WorkflowState state, WorkflowInput input, DecisionContext context)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(context);
        var run = new DecisionRun(state, context);
        return input switch
        {
            Start start => StartRules.Decide(run, start),
            Signal signal => SignalRules.Decide(run, signal),
            RequestCancel cancel => SignalRules.Decide(run, cancel),
            Terminate terminate => CloseRules.Decide(run, terminate),
            TimeDue => DueRules.Decide(run),
            BeginTask begin => TaskRules.Begin(run, begin),
            KeepTask keep => TaskRules.Keep(run, keep),
            FinishTask finish => TaskRules.Finish(run, finish),
            EndLocalStep end => TaskRules.EndLocalStep(run, end),
            BeginAttempt begin => ActivityRules.Begin(run, begin),
            AttemptNews news => ActivityRules.Decide(run, news),
            AnswerNews news => AnswerRules.Decide(run, news),
            _ => throw new ArgumentOutOfRangeException(nameof(input), input, "The rules know no such input."),
        };
    }

    /// <summary>The only way in which a state changes.</summary>
    public static WorkflowState Apply(WorkflowState state, WorkflowRecord record)
    {
        ArgumentNullException.ThrowIfNull(state);
        return RecordFold.Apply(state, record);
    }

    /// <summary>
    /// Whether an update may be asked of a run's code. One that the run accepted before may: its answer is, or will be, in
    /// <see cref="RunState.Updates"/>, also after the run closed.
    /// </summary>
    /// <param name="runId">The run it is meant for; null: the newest.</param>
    /// <param name="waiting">Updates that wait for the code already.</param>
    public static WorkflowRefusal? MayAsk(WorkflowState state, UpdateRequest request, string? runId, int waiting, WorkflowLimits limits)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(limits);
        return UpdateRules.MayAsk(state, request, runId, waiting, limits);
    }

    /// <summary>What the caller of an accepted update is told, as far as the run has come.</summary>
    public static UpdateAnswered AnswerOf(RunState run, string updateId, UpdateState update)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(update);
        return update.Completed is null && !run.IsOpen ? CloseRules.Unanswered(updateId) : new(updateId, true, update.Completed?.Result, update.Completed?.Failure);
    }

    /// <summary>What the sender of a signal or of a request to cancel is told, once the receiver has decided.</summary>
    /// <param name="replyTo">Where the sender waits.</param>
    /// <param name="refusal">Why the receiver did not take it; null when it did.</param>
    public static Tell Answer(ReplyAddress replyTo, WorkflowRefusal? refusal)
    {
        ArgumentNullException.ThrowIfNull(replyTo);
        ExternalFailedCause? cause = refusal?.Code switch
        {
            null => null,
            WorkflowRefusalCode.LimitExceeded => ExternalFailedCause.SignalCountLimitExceeded,
            _ => ExternalFailedCause.WorkflowNotFound,
        };
        WorkflowInput answer = replyTo.Cancel
            ? new ExternalCancelAnswered(replyTo.InitiatedEventId, cause) { AskingRunId = replyTo.Run.RunId }
            : new ExternalSignalAnswered(replyTo.InitiatedEventId, cause) { AskingRunId = replyTo.Run.RunId };
        return new(replyTo.Namespace, replyTo.Run.WorkflowId, new InputMessage(answer));
    }
}
