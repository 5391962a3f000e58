namespace Svom.Workflows;

/// <summary>
/// Activities: attempts leave internal records, and the history shows only how the activity ended, with its last attempt. Results
/// of attempts that are over are refused.
/// </summary>
internal static class ActivityRules
{
    /// <summary>Type of the failure of an attempt whose silo died.</summary>
    public const string WorkerLost = "WorkerLost";

    public static WorkflowDecision Begin(DecisionRun run, BeginAttempt input)
    {
        if (Find(run, input.RunId, input.ScheduledEventId) is not { } activity || activity.Attempt != input.Attempt)
        {
            return run.Stale("That attempt is over.");
        }

        if (activity.Begun is { } begun)
        {
            return string.Equals(begun.RequestId, input.RequestId, StringComparison.Ordinal) ? run.Done() : run.Stale("That attempt is begun by another.");
        }

        if (activity.Pausing)
        {
            return run.Stale("The pause before that attempt isn't over.");
        }

        run.Write(new AttemptBegun(input.ScheduledEventId, input.Attempt, input.Worker, input.RequestId, run.Now));
        return run.Done();
    }

    public static WorkflowDecision Decide(DecisionRun run, AttemptNews news)
    {
        if (Find(run, news.RunId, news.ScheduledEventId) is not { Begun: not null } activity || (news.Attempt is { } attempt && attempt != activity.Attempt))
        {
            return run.Stale("That attempt is over.");
        }

        switch (news)
        {
            case AttemptSucceeded succeeded:
                End(run, activity, started => new ActivityTaskCompleted(succeeded.Result, activity.ScheduledEventId, started, succeeded.Identity));
                break;
            case AttemptFailed failed:
                Beat(run, activity, failed);
                Fail(run, activity, failed.Failure, failed.Identity);
                break;
            case AttemptCanceled canceled when activity.CancelRequestedEventId > 0:
                End(run, activity, started => new ActivityTaskCanceled(
                    canceled.Details, activity.CancelRequestedEventId, activity.ScheduledEventId, started, canceled.Identity));
                break;
            case AttemptCanceled canceled:
                Fail(run, activity, new CancelledFailure("The activity stopped, though nobody asked it to.", canceled.Details), canceled.Identity);
                break;
            case AttemptBeat beat:
                run.Write(new AttemptBeaten(activity.ScheduledEventId, activity.Attempt, beat.Details, run.Now));
                break;
            case AttemptHandedOn:
                run.Write(activity.Begun with { Worker = AttemptHandedOn.Elsewhere });
                break;
            case AttemptLost lost: // No pause: nothing is wrong with the work itself.
                Fail(run, activity, new ApplicationFailure("Whoever ran the attempt is gone.", WorkerLost, NonRetryable: false, [], TimeSpan.Zero), lost.Identity);
                break;
            default:
                return run.Refuse(WorkflowRefusalCode.Invalid, "The rules know no such news of an attempt.");
        }

        return run.Done();
    }

    /// <summary>A request of the workflow's own code. An attempt that nobody began is over with it.</summary>
    public static void Cancel(DecisionRun run, long scheduledEventId)
    {
        if (!run.Run.Activities.TryGetValue(scheduledEventId, out var activity))
        {
            return; // It ended meanwhile; the code will learn it.
        }

        if (activity.Begun is not null)
        {
            run.Then(new StopAttempt(scheduledEventId, activity.Attempt, run.Run.RunId));
        }
        else
        {
            run.News(new ActivityTaskCanceled([], activity.CancelRequestedEventId, scheduledEventId, 0, string.Empty));
        }
    }

    /// <summary>One of its times ran out.</summary>
    public static void TimeOut(DecisionRun run, Deadline due)
    {
        if (!run.Run.Activities.TryGetValue(due.EventId, out var activity))
        {
            return;
        }

        switch (due.Kind)
        {
            case DeadlineKind.ActivityRetry:
                Offer(run, activity);
                break;
            case DeadlineKind.ActivityScheduleToStart:
                var failure = Timeout(TimeoutKind.ScheduleToStart, activity, activity.LastFailure);
                TimeOut(run, activity, failure, Judge(run, activity, failure).State);
                break;
            case DeadlineKind.ActivityScheduleToClose:
                TimeOut(run, activity, Timeout(TimeoutKind.ScheduleToClose, activity, activity.LastFailure), RetryState.Timeout);
                break;
            case DeadlineKind.ActivityStartToClose:
                TimeOutAttempt(run, activity, TimeoutKind.StartToClose);
                break;
            case DeadlineKind.ActivityHeartbeat:
                TimeOutAttempt(run, activity, TimeoutKind.Heartbeat);
                break;
            default:
                break;
        }
    }

    private static ActivityState? Find(DecisionRun run, string? runId, long scheduledEventId) =>
        run.Open is { } open && (runId is null || string.Equals(runId, open.RunId, StringComparison.Ordinal)) ? open.Activities.GetValueOrDefault(scheduledEventId) : null;

    private static void Offer(DecisionRun run, ActivityState activity)
    {
        run.Write(new AttemptReady(activity.ScheduledEventId, activity.Attempt, run.Now));
        run.Then(new OfferAttempt(activity.ScheduledEventId, activity.Attempt, run.Run.RunId));
    }

    private static void Beat(DecisionRun run, ActivityState activity, AttemptFailed failed)
    {
        if (failed.LastHeartbeat is { } details)
        {
            run.Write(new AttemptBeaten(activity.ScheduledEventId, activity.Attempt, details, run.Now));
        }
    }

    private static void Fail(DecisionRun run, ActivityState activity, Failure failure, string identity)
    {
        var retry = Judge(run, activity, failure);
        if (retry.At is { } next)
        {
            Retry(run, activity, failure, next);
        }
        else
        {
            End(run, activity, started => new ActivityTaskFailed(failure, activity.ScheduledEventId, started, identity, retry.State));
        }
    }

    private static void TimeOutAttempt(DecisionRun run, ActivityState activity, TimeoutKind kind)
    {
        var failure = Timeout(kind, activity, null);
        var retry = Judge(run, activity, failure);
        if (retry.At is { } next)
        {
            run.Then(new StopAttempt(activity.ScheduledEventId, activity.Attempt, run.Run.RunId));
            Retry(run, activity, failure, next);
        }
        else if (retry.State == RetryState.Timeout) // No time for another attempt: all of them together took too long.
        {
            TimeOut(run, activity, Timeout(TimeoutKind.ScheduleToClose, activity, failure), retry.State);
        }
        else
        {
            TimeOut(run, activity, failure with { Cause = activity.LastFailure }, retry.State);
        }
    }

    private static void TimeOut(DecisionRun run, ActivityState activity, Failure failure, RetryState state)
    {
        if (activity.Begun is not null)
        {
            run.Then(new StopAttempt(activity.ScheduledEventId, activity.Attempt, run.Run.RunId));
        }

        End(run, activity, started => new ActivityTaskTimedOut(failure, activity.ScheduledEventId, started, state));
    }

    private static void Retry(DecisionRun run, ActivityState activity, Failure failure, DateTimeOffset next)
    {
        run.Write(new AttemptRetried(activity.ScheduledEventId, activity.Attempt, failure, next));
        if (next <= run.Now)
        {
            Offer(run, run.Run.Activities[activity.ScheduledEventId]);
        }
    }

    private static Retry Judge(DecisionRun run, ActivityState activity, Failure failure) => Workflows.Retry.After(
        activity.Scheduled.RetryPolicy, activity.Attempt, failure, run.Now, ActivityFold.EndOf(activity), activity.CancelRequestedEventId > 0);

    private static TimeoutFailure Timeout(TimeoutKind kind, ActivityState activity, Failure? cause) =>
        new($"The activity took longer than its {kind} time.", kind, activity.HeartbeatDetails, Cause: cause);

    /// <summary>The activity is over: only now its started event is written, for the attempt that ended it.</summary>
    private static void End(DecisionRun run, ActivityState activity, Func<long, EventAttributes> end)
    {
        var started = activity.Begun is { } begun
            ? run.News(new ActivityTaskStarted(activity.ScheduledEventId, begun.Worker, begun.RequestId, activity.Attempt, activity.LastFailure), begun.At)
            : 0;
        run.News(end(started));
    }
}
