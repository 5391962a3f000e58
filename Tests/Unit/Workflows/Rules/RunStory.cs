using System.Collections.Immutable;
using System.Text.Json;

namespace Svom.Workflows;

/// <summary>
/// A workflow as the rules tell it: inputs on a fake clock, one after the other. Whatever is said, each step checks what must always
/// hold: the records give the state, a refusal changes nothing, a closed run stays as it is, a history is whole.
/// </summary>
/// <param name="workflowId">Runs of another than the usual bear its name.</param>
internal sealed class RunStory(string workflowId = RunStory.Usual)
{
    private const string Usual = "burst-1";
    private static readonly DateTimeOffset Noon = new(2026, 4, 21, 12, 0, 0, TimeSpan.Zero);
    private readonly List<WorkflowRecord> records = [];
    private int runs;

    public DateTimeOffset Now { get; private set; } = Noon;

    public WorkflowState State { get; private set; } = WorkflowState.Unknown("science", workflowId);

    public WorkflowDecision Last { get; private set; } = null!;

    public WorkflowLimits Limits { get; set; } = new();

    public RunState Run => State.Run!;

    public IReadOnlyList<WorkflowRecord> Records => records;

    /// <summary>The newest run's history in few words.</summary>
    public string History => EventText.Of(Events());

    /// <summary>What the last input left to be done, in few words.</summary>
    public string Effects => string.Join(' ', Last.Effects.Select(EffectText.Of));

    /// <summary>The internal records that the last input left, and its events, in few words.</summary>
    public string Written => string.Join(' ', Last.Records.Select(static record => record is EventRecorded one ? EventText.Of(one.Event) : record.GetType().Name));

    public static RunStory Begin(StartRequest? request = null) => new RunStory().Do(new Start(request ?? Ask.Start()));

    /// <summary>A run whose first task is over with these commands.</summary>
    public static RunStory Of(params Command[] commands) => Begin().Task(commands);

    public IReadOnlyList<HistoryEvent> Events(string? runId = null)
    {
        var wanted = runId ?? Run.RunId;
        var events = new List<HistoryEvent>();
        string? current = null;
        foreach (var record in records)
        {
            current = record is RunBegan began ? began.RunId : current;
            if (record is EventRecorded recorded && string.Equals(current, wanted, StringComparison.Ordinal))
            {
                events.Add(recorded.Event);
            }
        }

        return events;
    }

    /// <summary>The history behind its first so many events.</summary>
    public string After(int events) => EventText.Of(Events().Skip(events));

    public T Event<T>()
        where T : EventAttributes => Events().Select(static one => one.Attributes).OfType<T>().Last();

    public RunStory Wait(double seconds)
    {
        Now = Now.AddSeconds(seconds);
        return this;
    }

    /// <summary>Time goes by, and the run hears of it.</summary>
    public RunStory Pass(double seconds) => Wait(seconds).Do(new TimeDue());

    public RunStory Do(WorkflowInput input)
    {
        var before = State;
        var decision = WorkflowRules.Decide(before, input, new(Now, () => $"{(workflowId == Usual ? "" : workflowId)}run-{++runs}") { Limits = Limits });
        Rules.Hold(before, decision);
        (State, Last) = (decision.State, decision);
        records.AddRange(decision.Records);
        return this;
    }

    public RunStory BeginTask(bool inProcess = true, string request = "poll") => Do(new BeginTask("worker", request, inProcess));

    public RunStory Finish(params Command[] commands) => Do(Done(commands));

    public RunStory Say(ImmutableArray<Command> commands, ImmutableArray<UpdateMessage> messages, params UpdateRequest[] asked) =>
        Do(new FinishTask(new TaskDone("worker", commands, messages), [.. asked]));

    public RunStory Fail(WorkflowTaskFailedCause cause = WorkflowTaskFailedCause.WorkflowWorkerUnhandledFailure) =>
        Do(new FinishTask(new TaskFailed("worker", cause, Ask.Failure()), []));

    /// <summary>A whole task.</summary>
    public RunStory Task(params Command[] commands) => BeginTask().Finish(commands);

    public RunStory Signal(string name = "news", string? request = null) => Do(Ask.Signal(name, request));

    /// <summary>Somebody begins the attempt that comes next.</summary>
    public RunStory Attempt(long scheduled, string request = "take") => Do(new BeginAttempt(scheduled, Run.Activities[scheduled].Attempt, "silo-1", request));

    public RunStory Succeed(long scheduled, int? attempt = null) => Do(new AttemptSucceeded(scheduled, attempt, "silo-1", [Ask.Payload("good")]));

    public RunStory Break(long scheduled, Failure? failure = null) => Do(new AttemptFailed(scheduled, null, "silo-1", failure ?? Ask.Failure()));

    public RunStory Beat(long scheduled, string progress = "half") => Do(new AttemptBeat(scheduled, null, "silo-1", [Ask.Payload(progress)]));

    public RunStory Holds(string history)
    {
        Assert.Equal(history, History);
        return this;
    }

    public RunStory Adds(int behind, string history)
    {
        Assert.Equal(history, After(behind));
        return this;
    }

    public RunStory Owes(string effects)
    {
        Assert.Equal(effects, Effects);
        return this;
    }

    public RunStory Refused(WorkflowRefusalCode code)
    {
        Assert.Equal(code, Last.Refusal?.Code);
        return this;
    }

    public RunStory Taken()
    {
        Assert.Null(Last.Refusal);
        return this;
    }

    public RunStory Unchanged()
    {
        Assert.Empty(Last.Records);
        return this;
    }

    public static FinishTask Done(params Command[] commands) => new(new TaskDone("worker", [.. commands], []), []);

    /// <summary>What holds for every decision.</summary>
    internal static class Rules
    {
        public static void Hold(WorkflowState before, WorkflowDecision decision)
        {
            var folded = decision.Records.Aggregate(before, WorkflowRules.Apply);
            Assert.Equal(Json(folded), Json(decision.State));
            if (decision.Refusal is not null)
            {
                Assert.Empty(decision.Records);
                Assert.Same(before, decision.State);
            }

            if (before.Run is { IsOpen: false } && decision.State.Run!.RunId == before.Run.RunId)
            {
                Assert.Same(before.Run, decision.State.Run);
            }

            Numbered(before, decision.Records);
        }

        public static string Json(WorkflowState state) => JsonSerializer.Serialize(state, WorkflowJson.Default.WorkflowState);

        private static void Numbered(WorkflowState before, ImmutableArray<WorkflowRecord> records)
        {
            var (next, last) = (before.Run?.NextEventId ?? 1, before.Run?.LastEventAt ?? default);
            foreach (var record in records)
            {
                if (record is RunBegan)
                {
                    next = 1;
                }
                else if (record is EventRecorded { Event: var recorded })
                {
                    Assert.Equal(next++, recorded.Id);
                    Assert.True(recorded.Time >= last, $"{recorded.Id} is before {last}");
                    Assert.Equal(recorded.Id == 1, recorded.Attributes is WorkflowExecutionStarted);
                    last = recorded.Time;
                }
            }
        }
    }
}
