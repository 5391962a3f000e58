using System.Collections.Immutable;

namespace Svom.Workflows;

/// <summary>What is wrong with what a task's code wants: the task fails with it, and nothing of it happens.</summary>
internal sealed record TaskFault(WorkflowTaskFailedCause Cause, string Detail)
{
    public Failure ToFailure() => new ApplicationFailure(Detail, Cause.ToString(), NonRetryable: true, []);
}

/// <summary>The commands of a completed task: one event each, in their order; messages of updates stand where a command places them, else behind the others.</summary>
internal sealed class CommandRules(DecisionRun run, TaskDone done, ImmutableArray<UpdateRequest> asked, long completed)
{
    // News that the commands themselves make: the code knows it, so it doesn't keep the run from closing.
    private int own;

    /// <returns>What is wrong; null when all is taken.</returns>
    public TaskFault? Take()
    {
        var messages = new UpdateRules(run, done, asked);
        Command? closing = null;
        foreach (var command in done.Commands)
        {
            if (closing is not null)
            {
                return new(ClosingRules.BadCause(closing), "A command stands behind the one that closes the run.");
            }

            if (command.Closes)
            {
                closing = command;
            }
            else if ((command is PlaceMessage place ? messages.Place(place.MessageId) : Take(command)) is { } fault)
            {
                return fault;
            }
        }

        if (messages.TakeRest() is { } wrong)
        {
            return wrong;
        }

        if (closing is not null)
        {
            return run.Run.Buffered.Count > own
                ? new(WorkflowTaskFailedCause.UnhandledCommand, "News came that the code hasn't seen: it has to look before the run closes.")
                : ClosingRules.Take(run, closing, completed);
        }

        return null;
    }

    private TaskFault? Take(Command command) => command switch
    {
        ScheduleActivityTask schedule => Schedule(schedule),
        RequestCancelActivityTask cancel => Cancel(cancel),
        StartTimer start => Start(start),
        CancelTimer cancel => Cancel(cancel),
        RecordMarker marker => Mark(marker),
        StartChildWorkflow start => OtherWorkflowRules.Start(run, start, completed),
        SignalExternalWorkflow signal => OtherWorkflowRules.Signal(run, signal, completed),
        RequestCancelExternalWorkflow cancel => OtherWorkflowRules.Cancel(run, cancel, completed),
        UpsertSearchAttributes upsert => Upsert(upsert),
        ModifyProperties modify => Modify(modify),
        _ => new(WorkflowTaskFailedCause.WorkflowWorkerUnhandledFailure, $"The rules know no command {command.GetType().Name}."),
    };

    private TaskFault? Schedule(ScheduleActivityTask command)
    {
        var fault = string.IsNullOrEmpty(command.ActivityId) || string.IsNullOrEmpty(command.ActivityType)
            ? "An activity needs an id and a type."
            : command.Timeouts.Fault() ?? command.RetryPolicy?.Fault();
        if (fault is not null)
        {
            return new(WorkflowTaskFailedCause.BadScheduleActivityAttributes, fault);
        }

        if (run.Run.ActivityIds.ContainsKey(command.ActivityId))
        {
            return new(WorkflowTaskFailedCause.ScheduleActivityDuplicateId, $"An activity {command.ActivityId} is open.");
        }

        if (run.Run.Activities.Count >= run.Context.Limits.Pending)
        {
            return new(WorkflowTaskFailedCause.PendingActivitiesLimitExceeded, $"{run.Run.Activities.Count} activities are open.");
        }

        var started = run.Run.Started;
        var id = run.Record(
            new ActivityTaskScheduled(
                command.ActivityId, command.ActivityType, string.IsNullOrEmpty(command.TaskQueue) ? started.TaskQueue : command.TaskQueue, command.Input,
                command.Timeouts.Within(started.RunTimeout), completed, command.RetryPolicy ?? new(), command.Headers),
            command.UserMetadata);
        run.Then(new OfferAttempt(id, 1, run.Run.RunId));
        return null;
    }

    private TaskFault? Cancel(RequestCancelActivityTask command)
    {
        var id = command.ScheduledEventId;
        var open = run.Run.Activities.GetValueOrDefault(id);
        if (open is null ? !EndWaits(id) : open.CancelRequestedEventId > 0)
        {
            return new(WorkflowTaskFailedCause.BadRequestCancelActivityAttributes, $"No activity that event {id} scheduled is open and unasked.");
        }

        run.Record(new ActivityTaskCancelRequested(id, completed), command.UserMetadata);
        var before = run.Run.Buffered.Count;
        ActivityRules.Cancel(run, id);
        own += run.Run.Buffered.Count - before;
        return null;
    }

    private bool EndWaits(long scheduledEventId) => run.Run.Buffered.Exists(news => news.Attributes switch
    {
        ActivityTaskCompleted e => e.ScheduledEventId == scheduledEventId,
        ActivityTaskFailed e => e.ScheduledEventId == scheduledEventId,
        ActivityTaskTimedOut e => e.ScheduledEventId == scheduledEventId,
        _ => false,
    });

    private TaskFault? Start(StartTimer command)
    {
        var fault = string.IsNullOrEmpty(command.TimerId) ? "A timer needs an id."
            : command.StartToFire <= TimeSpan.Zero ? $"A timer of {command.StartToFire} isn't positive."
            : run.Run.Timers.Count >= run.Context.Limits.Pending ? $"{run.Run.Timers.Count} timers are open."
            : null;
        if (fault is not null)
        {
            return new(WorkflowTaskFailedCause.BadStartTimerAttributes, fault);
        }

        if (run.Run.Timers.ContainsKey(command.TimerId))
        {
            return new(WorkflowTaskFailedCause.StartTimerDuplicateId, $"A timer {command.TimerId} is open.");
        }

        run.Record(new TimerStarted(command.TimerId, command.StartToFire, completed), command.UserMetadata);
        return null;
    }

    // One that fired while the code ran can still be cancelled: the code never learns that it fired.
    private TaskFault? Cancel(CancelTimer command)
    {
        var started = run.Run.Timers.TryGetValue(command.TimerId, out var timer) ? timer.StartedEventId : FiredUnseen(command.TimerId);
        if (started is not { } id)
        {
            return new(WorkflowTaskFailedCause.BadCancelTimerAttributes, $"No timer {command.TimerId} is open.");
        }

        run.Record(new TimerCanceled(command.TimerId, id, completed, done.Identity), command.UserMetadata);
        return null;
    }

    private long? FiredUnseen(string timerId)
    {
        foreach (var news in run.Run.Buffered)
        {
            if (news.Attributes is TimerFired fired && string.Equals(fired.TimerId, timerId, StringComparison.Ordinal))
            {
                return fired.StartedEventId;
            }
        }

        return null;
    }

    private TaskFault? Mark(RecordMarker command)
    {
        if (string.IsNullOrEmpty(command.MarkerName))
        {
            return new(WorkflowTaskFailedCause.BadRecordMarkerAttributes, "A marker needs a name.");
        }

        run.Record(new MarkerRecorded(command.MarkerName, command.Details, completed, command.Headers, command.Failure), command.UserMetadata);
        return null;
    }

    private TaskFault? Upsert(UpsertSearchAttributes command)
    {
        if (command.SearchAttributes.IsEmpty)
        {
            return new(WorkflowTaskFailedCause.BadSearchAttributes, "No search attribute is named.");
        }

        run.Record(new UpsertWorkflowSearchAttributes(completed, command.SearchAttributes), command.UserMetadata);
        return null;
    }

    private TaskFault? Modify(ModifyProperties command)
    {
        if (command.UpsertedMemo.IsEmpty)
        {
            return new(WorkflowTaskFailedCause.BadModifyWorkflowPropertiesAttributes, "No property is named.");
        }

        run.Record(new WorkflowPropertiesModified(completed, command.UpsertedMemo), command.UserMetadata);
        return null;
    }
}
