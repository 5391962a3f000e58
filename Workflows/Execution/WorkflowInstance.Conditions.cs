namespace Svom.Workflows;

/// <content>Conditions that the code waits for.</content>
public sealed partial class WorkflowInstance
{
    private readonly List<Condition> conditions = [];

    /// <returns>False when the time ran out first.</returns>
    internal async Task<bool> WaitAsync(Func<bool> holds, TimeSpan? timeout, CancellationToken token)
    {
        EnsureMayAsk();
        token.ThrowIfCancellationRequested();
        if (Holds(holds))
        {
            return true;
        }

        var condition = new Condition(holds, new());
        conditions.Add(condition);
        using var watched = token.UnsafeRegister(static state => ((Action)state!)(), () => CancelCondition(condition, token));
        if (timeout is null)
        {
            return await condition.Promise.Task;
        }

        var timer = StartTimer(timeout.Value, null, CancellationToken.None);
        var first = await Task.WhenAny(condition.Promise.Task, timer.Task);
        if (first == timer.Task)
        {
            conditions.Remove(condition);
            return false;
        }

        timer.Stop();
        return await condition.Promise.Task;
    }

    /// <summary>Lets the first go on whose condition holds: what he does may decide about the others.</summary>
    private bool WakeOne()
    {
        for (var i = 0; i < conditions.Count; i++)
        {
            var condition = conditions[i];
            try
            {
                if (!Holds(condition.Holds))
                {
                    continue;
                }

                conditions.RemoveAt(i);
                condition.Promise.Succeed(true);
            }
            catch (Exception exception) // Of the author's function: whoever waits gets it.
            {
                conditions.RemoveAt(i);
                condition.Promise.Fail(exception);
            }

            return true;
        }

        return false;
    }

    private bool Holds(Func<bool> condition)
    {
        using (Silence("A condition"))
        {
            return condition();
        }
    }

    private void CancelCondition(Condition condition, CancellationToken token)
    {
        if (!Pump.IsHere)
        {
            BlameForeign("a CancellationTokenSource was cancelled outside the workflow, perhaps by its own timer: use Workflow.DelayAsync and Cancel");
        }
        else if (conditions.Remove(condition))
        {
            condition.Promise.Cancel(token);
        }
    }

    private sealed record Condition(Func<bool> Holds, Promise<bool> Promise);
}
