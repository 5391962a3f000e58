namespace Svom.Workflows;

/// <summary>Time has gone by: what is due is taken in the order of the one list, each on the state that the one before left.</summary>
internal static class DueRules
{
    public static WorkflowDecision Decide(DecisionRun run)
    {
        while (run.Open is { } open && open.Deadlines.Due(run.Context.Now) is { } due)
        {
            Take(run, due);
        }

        return run.Done();
    }

    private static void Take(DecisionRun run, Deadline due)
    {
        switch (due.Kind)
        {
            case DeadlineKind.ExecutionTimeout or DeadlineKind.RunTimeout:
                CloseRules.TimeOut(run, due.Kind);
                break;
            case DeadlineKind.WorkflowTaskTimeout:
                TaskCourse.TimeOut(run);
                break;
            case DeadlineKind.WorkflowTaskBackoff:
                TaskCourse.EndPause(run);
                break;
            case DeadlineKind.Timer:
                run.News(new TimerFired(run.Run.TimerIds[due.EventId], due.EventId));
                break;
            default:
                ActivityRules.TimeOut(run, due);
                break;
        }
    }
}
