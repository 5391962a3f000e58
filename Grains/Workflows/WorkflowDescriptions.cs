using System.Globalization;
using System.Text.Json;

namespace Svom.Workflows;

/// <summary>A run in words: how it stands, and what it waits for.</summary>
internal static class WorkflowDescriptions
{
    public static WorkflowDescription Of(WorkflowAddress address, RunState run) => new(
        address.WorkflowId, run.RunId, run.Started.WorkflowType, run.Started.TaskQueue, Name(run.Status), run.BeganAt, run.ClosedAt, run.NextEventId - 1, run.HistorySize,
        WorkflowCalls.FromMap(run.Memo), WorkflowCalls.FromMap(run.SearchAttributes), run.IsOpen ? [.. Waiting(run)] : []);

    /// <summary>A run that another followed.</summary>
    public static WorkflowDescription OfPast(WorkflowAddress address, string runId, List<HistoryEvent> events)
    {
        var started = (WorkflowExecutionStarted)events[0].Attributes;
        var status = WorkflowIndex.StatusAfter(events[^1].Attributes) ?? RunStatus.Running;
        return new(
            address.WorkflowId, runId, started.WorkflowType, started.TaskQueue, Name(status), events[0].Time, events[^1].Time, events.Count, 0,
            WorkflowCalls.FromMap(started.Memo), WorkflowCalls.FromMap(started.SearchAttributes), []);
    }

    private static IEnumerable<string> Waiting(RunState run)
    {
        if (run.Task is { } task)
        {
            yield return task.NotBefore is { } at
                ? Text($"its code failed {task.Attempt - 1} times and is tried again at {at:O}")
                : Text($"its code runs, attempt {task.Attempt}, {run.LocalSteps.Count} local activities are done");
        }

        foreach (var activity in run.Activities.Values)
        {
            var how = activity.Begun is { } begun ? Text($"runs since {begun.At:O}") : Text($"begins at {activity.ReadyAt:O}");
            var why = activity.LastFailure is { } failure ? $", after {failure.Root.Message}" : "";
            yield return Text($"activity {activity.Scheduled.ActivityType} ({activity.Scheduled.ActivityId}), attempt {activity.Attempt}, {how}{why}");
        }

        foreach (var (timer, one) in run.Timers)
        {
            yield return Text($"timer {timer}, fires at {one.FiresAt:O}");
        }

        foreach (var child in run.Children.Values)
        {
            yield return $"child {child.Initiated.WorkflowType} ({child.Initiated.WorkflowId})";
        }

        foreach (var signal in run.ExternalSignals.Values)
        {
            yield return $"answer to signal {signal.SignalName} of {signal.WorkflowId}";
        }

        foreach (var cancel in run.ExternalCancels.Values)
        {
            yield return $"answer to the cancel request of {cancel.WorkflowId}";
        }

        foreach (var (update, _) in run.Updates.Where(static update => update.Value.Completed is null))
        {
            yield return $"update {update} has no answer yet";
        }

        if (run.Deadlines.First is { } first)
        {
            yield return Text($"next deadline at {first:O}");
        }
    }

    private static string Name(RunStatus status) => JsonNamingPolicy.CamelCase.ConvertName(status.ToString());

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
