using System.Collections.Immutable;

namespace Svom.Workflows;

/// <summary>What a record makes of a state.</summary>
internal static class RecordFold
{
    private const int EarlierStartsKept = 16;

    public static WorkflowState Apply(WorkflowState state, WorkflowRecord record) =>
        record is RunBegan began ? state with { Run = Begin(state.Run, began), EarlierStarts = Earlier(state, began) }
        : record is StartRefused refused ? state with { EarlierStarts = Keep(state.EarlierStarts, new(refused.RequestId, null)) }
        : record is Remembered then && state.Run is { } newest
            ? state with { EarlierStarts = [.. then.Starts], Run = newest with { EarlierRequestIds = newest.EarlierRequestIds.Union(then.RequestIds) } }
        : state.Run is { } run ? state with { Run = Apply(run, record) }
        : throw new InvalidOperationException($"A {record.GetType().Name} stands before the first {nameof(RunBegan)}.");

    private static RunState Apply(RunState run, WorkflowRecord record) => record switch
    {
        EventRecorded recorded => EventFold.Record(run, recorded.Event),
        EventBuffered buffered => EventFold.Learn(run, buffered.Attributes) with { Buffered = run.Buffered.Add(buffered) },
        BufferEmptied => run with { Buffered = [] },
        TaskScheduled scheduled => TaskFold.Become(run, new(scheduled.Attempt, 0, scheduled.At, scheduled.NotBefore, scheduled.Speculative)),
        TaskBegun begun => TaskFold.Begin(run, begun),
        TaskEnded => TaskFold.Become(run, null) with { LocalSteps = [] },
        UpdatesAsked asked => run.Task is { } task ? run with { Task = task with { Asked = asked.Requests } } : run,
        LocalStepEnded ended => run with { LocalSteps = run.LocalSteps.Add(ended.Step) },
        AttemptBegun begun => ActivityFold.Change(run, begun.ScheduledEventId, begun, static (activity, begun) => activity with
        {
            Begun = begun,
            Pausing = false,
            LastHeartbeat = activity.Begun is null ? null : activity.LastHeartbeat,
        }),
        AttemptRetried retried => ActivityFold.Change(run, retried.ScheduledEventId, retried, static (activity, retried) => activity with
        {
            Attempt = retried.Attempt + 1,
            ReadyAt = retried.Next,
            Pausing = true,
            Begun = null,
            LastHeartbeat = null,
            LastFailure = retried.Failure,
        }),
        AttemptReady ready => ActivityFold.Change(
            run, ready.ScheduledEventId, ready, static (activity, ready) => activity with { ReadyAt = ready.At, Pausing = false }),
        AttemptBeaten beaten => ActivityFold.Change(
            run, beaten.ScheduledEventId, beaten, static (activity, beaten) => activity with { HeartbeatDetails = beaten.Details, LastHeartbeat = beaten.At }),
        RequestTaken taken => run with { RequestIds = run.RequestIds.Add(taken.RequestId) },
        _ => throw new ArgumentOutOfRangeException(nameof(record), record, "No such record is known."),
    };

    private static ImmutableList<EarlierStart> Earlier(WorkflowState state, RunBegan began) => state.Run is not { } run || GoesOn(run, began)
        ? state.EarlierStarts
        : Keep(state.EarlierStarts, new(run.RequestId, run.Started.FirstRunId));

    private static ImmutableList<EarlierStart> Keep(ImmutableList<EarlierStart> starts, EarlierStart start) =>
        (starts.Count < EarlierStartsKept ? starts : starts.RemoveAt(0)).Add(start);

    // Only runs of one chain share a request id.
    private static bool GoesOn(RunState before, RunBegan began) => string.Equals(before.RequestId, began.RequestId, StringComparison.Ordinal);

    private static RunState Begin(RunState? before, RunBegan began)
    {
        var run = new RunState { RunId = began.RunId, RequestId = began.RequestId, InProcess = began.InProcess, BeganAt = began.At, LastEventAt = began.At };
        return before is not null && GoesOn(before, began) ? run with { EarlierRequestIds = before.RequestIds } : run;
    }
}
