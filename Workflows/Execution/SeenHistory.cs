namespace Svom.Workflows;

/// <summary>What the code of a run has seen of its history.</summary>
public static class SeenHistory
{
    /// <summary>
    /// Events up to the last completed task with those that its commands made. What follows is news that waits for its task: who only looks at the
    /// code must not show it.
    /// </summary>
    /// <returns>How many; 0 when the code never ran.</returns>
    public static int Length(IReadOnlyList<HistoryEvent> events)
    {
        var end = events.Count;
        while (end > 0 && events[end - 1].Attributes is not WorkflowTaskCompleted)
        {
            end--;
        }

        while (end > 0 && end < events.Count && IssuedCommand.MakesEvent(events[end].Attributes))
        {
            end++;
        }

        return end;
    }
}
