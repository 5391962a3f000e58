using System.Collections.Immutable;
using System.Text.Json;

namespace Svom.Workflows;

/// <summary>
/// A server for one run: turns commands into events in Temporal's order and gives them back. Every task is run twice, by the instance
/// that has been warm all along and by a fresh one that is given the whole history: both must want the same.
/// </summary>
internal sealed class FakeServer : IDisposable
{
    public static readonly DateTimeOffset Noon = new(2026, 4, 21, 12, 0, 0, TimeSpan.Zero);
    public static readonly ImmutableSortedDictionary<string, Payload> None = ImmutableSortedDictionary.Create<string, Payload>(StringComparer.Ordinal);
    private static readonly JsonSerializerOptions Dump = new() { ReferenceHandler = System.Text.Json.Serialization.ReferenceHandler.IgnoreCycles };

    private readonly List<EventAttributes> buffer = [];
    private readonly Dictionary<string, long> timers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (long Id, string Type)> activities = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (long Id, string Type)> children = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> accepted = new(StringComparer.Ordinal);
    private readonly HashSet<string> begun = new(StringComparer.Ordinal);
    private readonly List<LocalStep> steps = [];
    private readonly WorkflowDefinition definition;
    private IReadOnlyList<UpdateRequest> asked = [];
    private WorkflowInstance warm;
    private WorkflowInstance? cold;

    public FakeServer(Type workflow, params object?[] input)
    {
        definition = WorkflowDefinition.Create(workflow);
        warm = Fresh();
        Add(new WorkflowExecutionStarted(
            definition.Name, "ground", Payloads(input), null, null, TimeSpan.FromSeconds(10), Run.RunId, Run.RunId, null, null, null, [], 1, null, null, null, null, "test",
            None, None, None));
    }

    public static WorkflowRunKey Run { get; } = new("sky-map-7", "0b5b0bd4-8a54-4d3b-8f0e-6f7a3a1c9f10");

    public List<HistoryEvent> History { get; } = [];

    public DateTimeOffset Now { get; set; } = Noon;

    /// <summary>False: only the warm instance runs, for code that is not the same twice.</summary>
    public bool Compares { get; set; } = true;

    public TaskTurn? LastTurn { get; private set; }

    public TaskDone? LastDone { get; private set; }

    /// <summary>Local activities that wait for their end.</summary>
    public SortedDictionary<int, LocalActivityRequest> Locals { get; } = [];

    public List<int> Stopped { get; } = [];

    public EventAttributes Last => History[^1].Attributes;

    public IEnumerable<Command> Commands => LastDone!.Commands;

    public WorkflowInstance Warm => warm;

    public static ImmutableArray<Payload> Payloads(params object?[] values) => JsonPayloadConverter.Default.ToPayloads(values);

    public static T Value<T>(ImmutableArray<Payload> payloads) => JsonPayloadConverter.Default.ToResult<T>(payloads);

    public static UpdateRequest Update(string id, string name, params object?[] input) => new(id, name, Payloads(input), "test", None);

    /// <summary>Result of a completed run.</summary>
    public T Result<T>()
    {
        Assert.Null(LastTurn?.Failed?.Failure);
        return Value<T>(Assert.IsType<WorkflowExecutionCompleted>(Last).Result);
    }

    public T FailedWith<T>() where T : Failure => Assert.IsType<T>(Assert.IsType<WorkflowExecutionFailed>(Last).Failure);

    public void Add(EventAttributes attributes)
    {
        if (cold is not null || Locals.Count > 0)
        {
            buffer.Add(attributes);
            return;
        }

        Write(attributes);
    }

    public void Signal(string name, params object?[] input) => Add(new WorkflowExecutionSignaled(name, Payloads(input), "test", None));

    public void Cancel() => Add(new WorkflowExecutionCancelRequested("enough", "test"));

    public void Fire(string timer)
    {
        Assert.True(timers.Remove(timer, out var id), $"There is no timer {timer}.");
        Add(new TimerFired(timer, id));
    }

    public void Complete(string activity, params object?[] result)
    {
        var id = Take(activity);
        Add(new ActivityTaskStarted(id, "worker", "r", 1, null));
        Add(new ActivityTaskCompleted(Payloads(result), id, 0, "worker"));
    }

    public void Fail(string activity, Failure failure, RetryState state = RetryState.MaximumAttemptsReached)
    {
        var id = Take(activity);
        Add(new ActivityTaskFailed(failure, id, 0, "worker", state));
    }

    public void TimeOut(string activity, TimeoutKind kind) =>
        Add(new ActivityTaskTimedOut(new TimeoutFailure("late", kind, []), Take(activity), 0, RetryState.Timeout));

    public void ActivityCanceled(string activity) => Add(new ActivityTaskCanceled(Payloads("stopped"), 0, Take(activity), 0, "worker"));

    public bool IsOpen(string activity) => activities.ContainsKey(activity);

    public bool HasTimer(string timer) => timers.ContainsKey(timer);

    public IEnumerable<string> OpenActivities => activities.Keys;

    public IEnumerable<string> OpenTimers => timers.Keys;

    public IEnumerable<string> OpenChildren => children.Keys;

    public (long Id, string Type) Child(string id) => children[id];

    public long EventOf<T>() where T : EventAttributes => History.FindLast(static at => at.Attributes is T)!.Id;

    public void BeginChild(string id) => Add(new ChildWorkflowExecutionStarted("orbit", new(id, "child-run"), children[id].Type, children[id].Id, None));

    public void EndChild(string id, params object?[] result)
    {
        Assert.True(children.Remove(id, out var child));
        Add(new ChildWorkflowExecutionCompleted("orbit", new(id, "child-run"), child.Type, child.Id, 0, Payloads(result)));
    }

    /// <summary>A child begins, or ends when it has begun.</summary>
    public void AdvanceChild(string id)
    {
        if (begun.Add(id))
        {
            BeginChild(id);
        }
        else
        {
            EndChild(id, "child");
        }
    }

    /// <param name="how">0: well; 1: badly; 2: too late; 3: canceled when that was asked, else well.</param>
    public void EndActivity(string activity, int how)
    {
        var id = activities[activity].Id;
        var canceled = History.Exists(at => at.Attributes is ActivityTaskCancelRequested request && request.ScheduledEventId == id);
        switch (how)
        {
            case 1:
                Fail(activity, new ApplicationFailure("no", "No", NonRetryable: true, []));
                break;
            case 2:
                TimeOut(activity, TimeoutKind.StartToClose);
                break;
            case 3 when canceled:
                ActivityCanceled(activity);
                break;
            default:
                Complete(activity, "done");
                break;
        }
    }

    /// <summary>Runs a task to its end, or until local activities are waited for.</summary>
    public TaskTurn Task(params UpdateRequest[] updates)
    {
        Begin(updates);
        if (LastTurn is { Failed: null, Waits: false })
        {
            Finish();
        }

        return LastTurn!;
    }

    public void Begin(params IReadOnlyList<UpdateRequest> updates)
    {
        asked = updates;
        var turn = warm.Begin(News(warm, []));
        if (Compares)
        {
            cold = Fresh();
            var other = cold.Begin(News(cold, []));
            if (turn.Failed is null || other.Failed is null)
            {
                Assert.Equal(turn.Failed?.Failure.Message, other.Failed?.Failure.Message);
                Assert.Subset(other.ToRun.Select(static local => local.Sequence).ToHashSet(), turn.ToRun.Select(static local => local.Sequence).ToHashSet());
            }
        }

        Take(turn);
    }

    /// <summary>A local activity ends; when the task waits no more, it is finished.</summary>
    public TaskTurn EndLocal(int sequence, object? result, Failure? failure = null)
    {
        Assert.True(Locals.Remove(sequence, out var local), $"There is no local activity {sequence}.");
        var step = new LocalStep(sequence, local.ActivityType, 1, failure is null ? Payloads(result) : null, failure);
        steps.Add(step);
        var turn = warm.EndLocalStep(step);
        if (cold is not null)
        {
            Assert.Equal(turn.Waits, cold.EndLocalStep(step).Waits);
        }

        Take(turn);
        if (turn is { Failed: null, Waits: false })
        {
            Finish();
        }

        return turn;
    }

    /// <summary>The process dies in the midst of a task: a fresh instance goes on with the durable steps.</summary>
    public TaskTurn Crash()
    {
        warm = Fresh();
        var turn = warm.Begin(News(warm, steps));
        cold?.Dispose();
        cold = null;
        Locals.Clear();
        Take(turn);
        if (turn is { Failed: null, Waits: false })
        {
            Finish();
        }

        return turn;
    }

    /// <summary>The instance is lost between two tasks.</summary>
    public void Forget() => warm = Fresh();

    /// <summary>Another version of the code goes on with this history.</summary>
    public static TaskTurn Replay(Type workflow, IEnumerable<HistoryEvent> history)
    {
        HistoryEvent[] events = [.. history];
        using var instance = WorkflowInstance.Create(WorkflowDefinition.Create(workflow), new("orbit", Run, "ground"), JsonPayloadConverter.Default);
        return instance.Begin(new(events, Noon.AddDays(1), events.Length + 2, 0, SuggestContinueAsNew: false, [], []));
    }

    public void Finish()
    {
        var done = warm.Finish();
        if (cold is not null)
        {
            Assert.Equal(Text(done), Text(cold.Finish()));
            cold.Dispose();
            cold = null;
        }

        LastDone = done;
        steps.Clear();
        var locals = Locals.ToArray();
        Locals.Clear();
        WriteTask(done);
        foreach (var waiting in buffer)
        {
            Write(waiting);
        }

        buffer.Clear();
        foreach (var (sequence, local) in locals)
        {
            Locals.Add(sequence, local);
        }
    }

    public QueryAnswer Query(string name, params object?[] input) => warm.Query(name, Payloads(input), None);

    public T Ask<T>(string name, params object?[] input)
    {
        var answer = Query(name, input);
        Assert.Null(answer.Failure);
        return Value<T>(answer.Result);
    }

    public void Dispose()
    {
        warm.Dispose();
        cold?.Dispose();
    }

    private static string Text(TaskDone done) =>
        string.Join('\n', done.Commands.Select(static command => command.GetType().Name + JsonSerializer.Serialize<object>(Shown(command), Dump)))
        + "\n" + string.Join('\n', done.Messages.Select(static message => message.GetType().Name + message.UpdateId)) + done.LocalWork;

    // Stack traces differ with the depth of the caller.
    private static Command Shown(Command command) => command is FailWorkflow fail ? new CompleteWorkflow(Payloads(fail.Failure.Message, fail.Failure.Root.Message)) : command;

    private WorkflowInstance Fresh() => WorkflowInstance.Create(definition, new("orbit", Run, "ground"), JsonPayloadConverter.Default);

    private TaskNews News(WorkflowInstance instance, IReadOnlyList<LocalStep> ended) => new(
        History.Skip((int)instance.NextEventId - 1).ToArray(), Now, History.Count + 2, History.Count * 100, History.Count > 300, [.. ended], asked);

    private void Take(TaskTurn turn)
    {
        LastTurn = turn;
        foreach (var local in turn.ToRun)
        {
            Locals.Add(local.Sequence, local);
        }

        Stopped.AddRange(turn.ToStop);
    }

    private long Take(string activity)
    {
        Assert.True(activities.Remove(activity, out var open), $"There is no activity {activity}.");
        return open.Id;
    }

    private long Write(EventAttributes attributes)
    {
        History.Add(new(History.Count + 1, Now, attributes));
        return History.Count;
    }

    private void WriteTask(TaskDone done)
    {
        if (done.Commands.IsEmpty && done.Messages.Any(static message => message is UpdateRejected) && !done.Messages.Any(static message => message is not UpdateRejected)
            && !History.Skip(LastCompleted()).Any(static at => !IsOfTask(at.Attributes)))
        {
            return; // Nothing but rejections: no trace.
        }

        var size = History.Count * 100;
        var suggests = History.Count > 300;
        var scheduled = Write(new WorkflowTaskScheduled("ground", TimeSpan.FromSeconds(10), 1));
        var started = Write(new WorkflowTaskStarted(scheduled, "test", "r", size, suggests));
        var completed = Write(new WorkflowTaskCompleted(scheduled, started, "test"));
        foreach (var command in done.Commands)
        {
            WriteCommand(command, completed, done);
        }
    }

    private int LastCompleted() => History.FindLastIndex(static at => at.Attributes is WorkflowTaskCompleted) + 1;

    private static bool IsOfTask(EventAttributes attributes) =>
        attributes is WorkflowTaskScheduled or WorkflowTaskStarted or WorkflowTaskCompleted or ActivityTaskScheduled or TimerStarted or MarkerRecorded or WorkflowExecutionUpdateAccepted
            or WorkflowExecutionUpdateCompleted or StartChildWorkflowExecutionInitiated;

    private void WriteCommand(Command command, long task, TaskDone done)
    {
        switch (command)
        {
            case ScheduleActivityTask activity:
                activities.Add(activity.ActivityId, (Write(new ActivityTaskScheduled(
                    activity.ActivityId, activity.ActivityType, activity.TaskQueue, activity.Input, activity.Timeouts, task, activity.RetryPolicy, activity.Headers)), activity.ActivityType));
                break;
            case RequestCancelActivityTask cancel:
                Write(new ActivityTaskCancelRequested(cancel.ScheduledEventId, task));
                break;
            case StartTimer timer:
                timers.Add(timer.TimerId, Write(new TimerStarted(timer.TimerId, timer.StartToFire, task)));
                break;
            case CancelTimer timer:
                var startedId = History.FindLast(at => at.Attributes is TimerStarted was && was.TimerId == timer.TimerId)!.Id;
                timers.Remove(timer.TimerId);
                buffer.RemoveAll(waiting => waiting is TimerFired fired && fired.TimerId == timer.TimerId);
                Write(new TimerCanceled(timer.TimerId, startedId, task, "test"));
                break;
            case RecordMarker marker:
                Write(new MarkerRecorded(marker.MarkerName, marker.Details, task, marker.Headers, marker.Failure));
                break;
            case StartChildWorkflow child:
                children.Add(child.WorkflowId, (Write(new StartChildWorkflowExecutionInitiated(
                    "orbit", child.WorkflowId, child.WorkflowType, "ground", child.Input, null, null, TimeSpan.FromSeconds(10), child.ParentClosePolicy, task,
                    child.IdReusePolicy, child.RetryPolicy, child.Memo, child.SearchAttributes, child.Headers)), child.WorkflowType));
                break;
            case RequestCancelExternalWorkflow cancel:
                Write(new RequestCancelExternalWorkflowExecutionInitiated("orbit", cancel.WorkflowId, cancel.RunId, cancel.ChildOnly, cancel.Reason, task));
                break;
            case SignalExternalWorkflow signal:
                Write(new SignalExternalWorkflowExecutionInitiated("orbit", signal.WorkflowId, signal.RunId, signal.SignalName, signal.Input, signal.ChildOnly, task, signal.Headers));
                break;
            case UpsertSearchAttributes upsert:
                Write(new UpsertWorkflowSearchAttributes(task, upsert.SearchAttributes));
                break;
            case ModifyProperties modify:
                Write(new WorkflowPropertiesModified(task, modify.UpsertedMemo));
                break;
            case PlaceMessage place:
                WriteMessage(done.Messages.Single(message => message.MessageId == place.MessageId));
                break;
            default:
                Write(Closing(command, task));
                break;
        }
    }

    private void WriteMessage(UpdateMessage message)
    {
        if (message is UpdateAccepted acceptance)
        {
            accepted.Add(message.UpdateId, Write(new WorkflowExecutionUpdateAccepted(
                message.UpdateId, message.MessageId, acceptance.SequencingEventId, asked.Single(update => update.UpdateId == message.UpdateId))));
        }
        else
        {
            var done = (UpdateDone)message;
            Write(new WorkflowExecutionUpdateCompleted(done.UpdateId, "test", accepted[done.UpdateId], done.Result, done.Failure));
        }
    }

    private static EventAttributes Closing(Command command, long task) => command switch
    {
        CompleteWorkflow complete => new WorkflowExecutionCompleted(complete.Result, task),
        FailWorkflow fail => new WorkflowExecutionFailed(fail.Failure, RetryState.RetryPolicyNotSet, task),
        CancelWorkflow cancel => new WorkflowExecutionCanceled(cancel.Details, task),
        ContinueAsNew next => new WorkflowExecutionContinuedAsNew(
            "next-run", next.WorkflowType, next.TaskQueue, next.Input, next.RunTimeout, TimeSpan.FromSeconds(10), task, next.Backoff, ContinueInitiator.Workflow, null, [],
            next.Memo ?? None, next.SearchAttributes ?? None, next.Headers),
        _ => throw new ArgumentOutOfRangeException(nameof(command), command, null),
    };
}
