namespace Svom.Workflows;

/// <summary>News that waited for the end of a task is written: ends of activities and of children last, so that what they refer to stands before them.</summary>
internal static class NewsBuffer
{
    /// <returns>True when there was any.</returns>
    public static bool Flush(DecisionRun run)
    {
        var waiting = run.Run.Buffered;
        if (waiting.IsEmpty)
        {
            return false;
        }

        var started = new Dictionary<long, long>();
        foreach (var news in waiting)
        {
            if (!EndsWork(news.Attributes))
            {
                var id = run.Record(news.Attributes, at: news.At);
                if (news.Attributes is ActivityTaskStarted activity)
                {
                    started[activity.ScheduledEventId] = id;
                }
                else if (news.Attributes is ChildWorkflowExecutionStarted child)
                {
                    started[child.InitiatedEventId] = id;
                }
            }
        }

        foreach (var news in waiting)
        {
            if (EndsWork(news.Attributes))
            {
                run.Record(WithStarted(news.Attributes, started), at: news.At);
            }
        }

        run.Write(new BufferEmptied());
        return true;
    }

    private static bool EndsWork(EventAttributes attributes) => attributes is
        ActivityTaskCompleted or ActivityTaskFailed or ActivityTaskTimedOut or ActivityTaskCanceled
        or ChildWorkflowExecutionCompleted or ChildWorkflowExecutionFailed or ChildWorkflowExecutionCanceled or ChildWorkflowExecutionTimedOut
        or ChildWorkflowExecutionTerminated;

    /// <summary>The number of the started event, where that waited too. 0 stays for what never began.</summary>
    private static EventAttributes WithStarted(EventAttributes attributes, Dictionary<long, long> started) => attributes switch
    {
        ActivityTaskCompleted { StartedEventId: 0 } e => e with { StartedEventId = started.GetValueOrDefault(e.ScheduledEventId) },
        ActivityTaskFailed { StartedEventId: 0 } e => e with { StartedEventId = started.GetValueOrDefault(e.ScheduledEventId) },
        ActivityTaskTimedOut { StartedEventId: 0 } e => e with { StartedEventId = started.GetValueOrDefault(e.ScheduledEventId) },
        ActivityTaskCanceled { StartedEventId: 0 } e => e with { StartedEventId = started.GetValueOrDefault(e.ScheduledEventId) },
        ChildWorkflowExecutionCompleted { StartedEventId: 0 } e => e with { StartedEventId = started.GetValueOrDefault(e.InitiatedEventId) },
        ChildWorkflowExecutionFailed { StartedEventId: 0 } e => e with { StartedEventId = started.GetValueOrDefault(e.InitiatedEventId) },
        ChildWorkflowExecutionCanceled { StartedEventId: 0 } e => e with { StartedEventId = started.GetValueOrDefault(e.InitiatedEventId) },
        ChildWorkflowExecutionTimedOut { StartedEventId: 0 } e => e with { StartedEventId = started.GetValueOrDefault(e.InitiatedEventId) },
        ChildWorkflowExecutionTerminated { StartedEventId: 0 } e => e with { StartedEventId = started.GetValueOrDefault(e.InitiatedEventId) },
        _ => attributes,
    };
}
