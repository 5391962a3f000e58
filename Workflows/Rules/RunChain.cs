namespace Svom.Workflows;

/// <summary>Runs that go on from another: the time for the chain, its first run, its parent and the last result stay the same.</summary>
internal static class RunChain
{
    /// <summary>Begins a run; its first task is scheduled, or waits for the end of the pause.</summary>
    /// <param name="signal">Comes before the first task; null: none.</param>
    public static void Begin(
        DecisionRun run, string runId, string requestId, bool inProcess, WorkflowExecutionStarted started, UserMetadata? userMetadata = null, Signal? signal = null)
    {
        run.Write(new RunBegan(runId, requestId, inProcess, run.Now));
        run.Record(started, userMetadata);
        if (signal is not null)
        {
            run.Record(SignalRules.EventOf(signal));
        }

        if (run.Run.FirstTaskAt is null)
        {
            TaskCourse.Schedule(run);
        }
    }

    /// <summary>Whether the run is tried again after a failure.</summary>
    public static Retry Judge(DecisionRun run, Failure failure) => Workflows.Retry.After(
        run.Run.Started.RetryPolicy, run.Run.Started.Attempt, failure, run.Now, run.Run.Started.ExecutionDeadline, cancelRequested: false);

    public static void Retry(DecisionRun run, string runId, Failure failure, Retry retry)
    {
        var before = run.Run;
        Begin(run, runId, before.RequestId, before.InProcess, before.Started with
        {
            OriginalRunId = runId,
            ContinuedRunId = before.RunId,
            Initiator = ContinueInitiator.Retry,
            ContinuedFailure = failure,
            Attempt = before.Started.Attempt + 1,
            FirstTaskBackoff = Times.Said(retry.At - run.Now),
            Memo = before.Memo,
            SearchAttributes = before.SearchAttributes,
        });
    }

    public static void Continue(DecisionRun run, ContinueAsNew command, long completed)
    {
        var (before, runId) = (run.Run, run.Context.NewId());
        var started = before.Started with
        {
            WorkflowType = Or(command.WorkflowType, before.Started.WorkflowType),
            TaskQueue = Or(command.TaskQueue, before.Started.TaskQueue),
            Input = command.Input,
            RunTimeout = Times.Said(command.RunTimeout) ?? before.Started.RunTimeout,
            TaskTimeout = Times.Said(command.TaskTimeout) ?? before.Started.TaskTimeout,
            OriginalRunId = runId,
            ContinuedRunId = before.RunId,
            Initiator = ContinueInitiator.Workflow,
            Attempt = 1,
            RetryPolicy = command.RetryPolicy ?? before.Started.RetryPolicy,
            FirstTaskBackoff = Times.Said(command.Backoff),
            Memo = command.Memo ?? before.Memo,
            SearchAttributes = command.SearchAttributes ?? before.SearchAttributes,
            Headers = command.Headers,
        };
        var outcome = new WorkflowExecutionContinuedAsNew(
            runId, started.WorkflowType, started.TaskQueue, started.Input, started.RunTimeout, started.TaskTimeout, completed, started.FirstTaskBackoff,
            ContinueInitiator.Workflow, null, started.LastCompletionResult, started.Memo, started.SearchAttributes, started.Headers);
        CloseRules.Close(run, outcome, command.UserMetadata, () => Begin(run, runId, before.RequestId, before.InProcess, started));
    }

    private static string Or(string said, string before) => string.IsNullOrEmpty(said) ? before : said;
}
