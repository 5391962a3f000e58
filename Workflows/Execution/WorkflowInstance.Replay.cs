namespace Svom.Workflows;

/// <content>Reads the history: completed tasks are run again and compared, the rest is kept as news.</content>
public sealed partial class WorkflowInstance
{
    private readonly List<UpdateRequest> acceptedThen = [];
    private IReadOnlyList<HistoryEvent> history = [];
    private int recordedFrom;
    private int recordedTo;
    private bool replaying;

    private void ReadHistory(IReadOnlyList<HistoryEvent> events)
    {
        for (var i = 0; i < events.Count; i++)
        {
            var at = events[i];
            if (at.Id != NextEventId)
            {
                throw new InvalidOperationException($"Event {at.Id} came where event {NextEventId} was due.");
            }

            NextEventId++;
            switch (at.Attributes)
            {
                case WorkflowTaskScheduled:
                    break;
                case WorkflowTaskStarted:
                    started = at;
                    break;
                case WorkflowTaskFailed or WorkflowTaskTimedOut:
                    started = null;
                    break;
                case WorkflowTaskCompleted:
                    i = ReadTask(events, i);
                    break;
                default:
                    unread.Add(at);
                    break;
            }
        }

        history = [];
        (recordedFrom, recordedTo) = (0, 0);
    }

    /// <returns>Index of the last event of the task's commands.</returns>
    private int ReadTask(IReadOnlyList<HistoryEvent> events, int completed)
    {
        var end = completed + 1;
        while (end < events.Count && IssuedCommand.MakesEvent(events[end].Attributes))
        {
            end++;
        }

        (history, recordedFrom, recordedTo) = (events, completed + 1, end);
        NextEventId = events[end - 1].Id + 1;
        if (!awaitsOwnTask)
        {
            Replay(started ?? throw new InvalidOperationException($"Event {events[completed].Id} completes a task that was not begun."));
        }

        Match(events[completed].Id);
        awaitsOwnTask = false;
        started = null;
        issued.Clear();
        messages.Clear();
        return end - 1;
    }

    private void Replay(HistoryEvent task)
    {
        var attributes = (WorkflowTaskStarted)task.Attributes;
        Begin(task.Time, task.Id, attributes.HistorySize, attributes.SuggestContinueAsNew);
        replaying = true;
        acceptedThen.Clear();
        for (var i = recordedFrom; i < recordedTo; i++)
        {
            if (history[i].Attributes is WorkflowExecutionUpdateAccepted update)
            {
                acceptedThen.Add(update.AcceptedRequest);
            }
        }

        Activate(acceptedThen, validates: false);
        for (var i = recordedFrom; i < recordedTo; i++)
        {
            if (history[i].Attributes is MarkerRecorded { MarkerName: WorkflowMarkers.LocalActivity } marker)
            {
                EndLocal(WorkflowMarkers.LocalStep(marker));
            }
        }

        replaying = false;
    }

    /// <summary>Compares what the code asked for with what its task asked for then.</summary>
    private void Match(long completedEventId)
    {
        var at = recordedFrom;
        foreach (var command in issued)
        {
            if (command.Withdrawn)
            {
                continue;
            }

            while (at < recordedTo && !command.Fits(history[at].Attributes) && WorkflowMarkers.IsDeprecatedPatch(history[at].Attributes))
            {
                Skip(history[at++]);
            }

            if (at == recordedTo)
            {
                throw new WorkflowNonDeterminismException(
                    $"{Author}: history has nothing more in the task of event {completedEventId} where the code now asks for {command.Describe()}.");
            }

            var recorded = history[at++];
            if (!command.Fits(recorded.Attributes))
            {
                throw Diverges(recorded, command.Describe());
            }

            Recorded(command, recorded);
        }

        for (; at < recordedTo; at++)
        {
            if (!WorkflowMarkers.IsDeprecatedPatch(history[at].Attributes))
            {
                throw Diverges(history[at], "nothing");
            }

            Skip(history[at]);
        }
    }

    /// <summary>The code no longer speaks here of a patch that it had deprecated. Should it do so later, the patch counts.</summary>
    private void Skip(HistoryEvent recorded) => patchAnswers.TryAdd(WorkflowMarkers.PatchId((MarkerRecorded)recorded.Attributes), true);

    private void Recorded(IssuedCommand command, HistoryEvent recorded)
    {
        if (command.Operation is { } operation)
        {
            operation.Recorded(recorded.Id);
            open.Add(recorded.Id, operation);
        }
        else if (recorded.Attributes is TimerCanceled timer)
        {
            open.Remove(timer.StartedEventId);
        }
    }

    private WorkflowNonDeterminismException Diverges(HistoryEvent recorded, string now) =>
        new($"{Author}: history has {IssuedCommand.Describe(recorded.Attributes)} as event {recorded.Id} where the code now asks for {now}.");

    /// <returns>Null when the task that runs recorded none.</returns>
    private Payload? RecordedSideEffect(int sequence)
    {
        for (var i = recordedFrom; i < recordedTo; i++)
        {
            if (WorkflowMarkers.SideEffectResult(history[i].Attributes, sequence) is { } result)
            {
                return result;
            }
        }

        return null;
    }

    private bool RecordedPatch(string id)
    {
        for (var i = recordedFrom; i < recordedTo; i++)
        {
            if (WorkflowMarkers.IsPatch(history[i].Attributes, id))
            {
                return true;
            }
        }

        return false;
    }
}
