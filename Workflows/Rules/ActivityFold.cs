namespace Svom.Workflows;

/// <summary>Open activities in the state; their deadlines follow from each.</summary>
internal static class ActivityFold
{
    public static RunState Add(RunState run, ActivityState activity) => run with
    {
        Activities = run.Activities.Add(activity.ScheduledEventId, activity),
        ActivityIds = run.ActivityIds.SetItem(activity.Scheduled.ActivityId, activity.ScheduledEventId),
        Deadlines = With(run.Deadlines, activity),
    };

    /// <param name="by">What changes it; handed through, so that no closure is made for the many records that change no activity.</param>
    public static RunState Change<T>(RunState run, long scheduledEventId, T by, Func<ActivityState, T, ActivityState> change)
    {
        if (!run.Activities.TryGetValue(scheduledEventId, out var old))
        {
            return run;
        }

        var activity = change(old, by);
        return run with
        {
            Activities = run.Activities.SetItem(scheduledEventId, activity),
            Deadlines = With(Without(run.Deadlines, old), activity),
        };
    }

    public static RunState Remove(RunState run, long scheduledEventId) => !run.Activities.TryGetValue(scheduledEventId, out var old) ? run : run with
    {
        Activities = run.Activities.Remove(scheduledEventId),
        ActivityIds = run.ActivityIds.Remove(old.Scheduled.ActivityId),
        Deadlines = Without(run.Deadlines, old),
    };

    /// <summary>End of the time for all attempts; null: none.</summary>
    public static DateTimeOffset? EndOf(ActivityState activity) =>
        activity.Scheduled.Timeouts.ScheduleToClose is { } all ? Times.After(activity.ScheduledAt, all) : null;

    private static DeadlineList With(DeadlineList list, ActivityState activity)
    {
        foreach (var deadline in DeadlinesOf(activity))
        {
            list = list.With(deadline);
        }

        return list;
    }

    private static DeadlineList Without(DeadlineList list, ActivityState activity)
    {
        foreach (var deadline in DeadlinesOf(activity))
        {
            list = list.Without(deadline);
        }

        return list;
    }

    private static IEnumerable<Deadline> DeadlinesOf(ActivityState activity)
    {
        var times = activity.Scheduled.Timeouts;
        if (EndOf(activity) is { } end)
        {
            yield return Of(DeadlineKind.ActivityScheduleToClose, end);
        }

        if (activity.Pausing)
        {
            yield return Of(DeadlineKind.ActivityRetry, activity.ReadyAt);
        }
        else if (activity.Begun is not { } begun)
        {
            if (times.ScheduleToStart is { } toStart)
            {
                yield return Of(DeadlineKind.ActivityScheduleToStart, Times.After(activity.ReadyAt, toStart));
            }
        }
        else
        {
            if (times.StartToClose is { } toClose)
            {
                yield return Of(DeadlineKind.ActivityStartToClose, Times.After(begun.At, toClose));
            }

            if (times.Heartbeat is { } beat)
            {
                yield return Of(DeadlineKind.ActivityHeartbeat, Times.After(activity.LastHeartbeat ?? begun.At, beat));
            }
        }

        Deadline Of(DeadlineKind kind, DateTimeOffset at) => new(at, kind, activity.ScheduledEventId, activity.Attempt);
    }
}
