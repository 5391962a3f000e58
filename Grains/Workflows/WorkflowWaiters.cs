namespace Svom.Workflows;

/// <summary>Callers that wait for the end of a run or for the answer of an update.</summary>
internal sealed class WorkflowWaiters
{
    private const string ClosedBeforeAsked = "WorkflowClosed";

    private readonly Dictionary<string, List<(UpdateStage Stage, TaskCompletionSource<UpdateAnswered> Answer)>> updates = new(StringComparer.Ordinal);
    private readonly List<TaskCompletionSource> ends = [];

    /// <summary>For a wait whose end by time is no fault; the timer goes with the wait.</summary>
    public const ConfigureAwaitOptions Quietly = ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext;

    public bool Any => updates.Count > 0 || ends.Count > 0;

    /// <summary>Completes when any run of the workflow closes, or when the workflow leaves memory: look again then.</summary>
    public async Task ForAnEndAsync(TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
    {
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        ends.Add(end);
        await end.Task.WaitAsync(patience, time, cancellationToken).ConfigureAwait(Quietly);
        ends.Remove(end);
    }

    /// <summary>Cancelled when the workflow leaves memory.</summary>
    public Task<UpdateAnswered> ForUpdate(string updateId, UpdateStage stage)
    {
        var answer = new TaskCompletionSource<UpdateAnswered>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!updates.TryGetValue(updateId, out var waiting))
        {
            updates[updateId] = waiting = [];
        }

        waiting.Add((stage, answer));
        return answer.Task;
    }

    /// <summary>Nobody waits for this answer any more.</summary>
    public void Forget(string updateId, Task<UpdateAnswered> answer)
    {
        if (updates.TryGetValue(updateId, out var waiting) && waiting.RemoveAll(one => one.Answer.Task == answer) > 0 && waiting.Count == 0)
        {
            updates.Remove(updateId);
        }
    }

    /// <summary>Tells what a durable turn says.</summary>
    public void Tell(WorkflowTurn turn)
    {
        foreach (var effect in turn.Effects)
        {
            switch (effect)
            {
                case UpdateAnswered answered:
                    Tell(answered);
                    break;
                case RunClosed:
                    EndRun();
                    break;
            }
        }

        if (updates.Count > 0 && turn.State.Run is { IsOpen: false })
        {
            // The code was never asked, and never will be.
            foreach (var updateId in updates.Keys.ToArray())
            {
                Tell(new UpdateAnswered(updateId, false, null, new ApplicationFailure("The workflow closed before it took the update.", ClosedBeforeAsked, NonRetryable: true, [])));
            }
        }
    }

    public void EndAll()
    {
        EndRun();
        foreach (var (_, answer) in updates.Values.SelectMany(static waiting => waiting))
        {
            answer.TrySetCanceled();
        }

        updates.Clear();
    }

    private void EndRun()
    {
        foreach (var end in ends)
        {
            end.TrySetResult();
        }
    }

    private void Tell(UpdateAnswered answered)
    {
        if (!updates.TryGetValue(answered.UpdateId, out var waiting))
        {
            return;
        }

        var over = answered.Result is not null || answered.Failure is not null;
        foreach (var (_, answer) in waiting.Where(one => over || one.Stage == UpdateStage.Accepted))
        {
            answer.TrySetResult(answered);
        }

        waiting.RemoveAll(static one => one.Answer.Task.IsCompleted);
        if (waiting.Count == 0)
        {
            updates.Remove(answered.UpdateId);
        }
    }
}
