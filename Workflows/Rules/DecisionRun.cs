using System.Collections.Immutable;

namespace Svom.Workflows;

/// <summary>A decision in the making: each record is applied as it is written, so that what comes next is decided on the state that the store will give back.</summary>
internal sealed class DecisionRun
{
    private readonly WorkflowState before;
    private readonly DecisionContext context;
    private readonly ImmutableArray<WorkflowRecord>.Builder records = ImmutableArray.CreateBuilder<WorkflowRecord>(1); // Mostly there is one, and mostly no effect.
    private readonly ImmutableArray<WorkflowEffect>.Builder effects = ImmutableArray.CreateBuilder<WorkflowEffect>(0);
    private bool unseen;

    public DecisionRun(WorkflowState before, DecisionContext context)
    {
        (this.before, this.context) = (before, context);
        State = before;
    }

    public DecisionContext Context => context;

    public WorkflowState State { get; private set; }

    /// <summary>The newest run; only where there is one.</summary>
    public RunState Run => State.Run!;

    public WorkflowRunKey Key => new(State.WorkflowId, Run.RunId);

    /// <summary>The open run; null: none is.</summary>
    public RunState? Open => State.Run is { IsOpen: true } run ? run : null;

    /// <summary>Wall time, but never before the last event: clocks of silos disagree, a history doesn't run backwards.</summary>
    public DateTimeOffset Now => State.Run is { } run && run.LastEventAt > context.Now ? run.LastEventAt : context.Now;

    public void Write(WorkflowRecord record)
    {
        State = WorkflowRules.Apply(State, record);
        records.Add(record);
    }

    /// <summary>Writes an event with the next number.</summary>
    /// <param name="at">When it happened, if that isn't now; an event before it holds it back.</param>
    /// <returns>Its number.</returns>
    public long Record(EventAttributes attributes, UserMetadata? userMetadata = null, DateTimeOffset? at = null)
    {
        var run = Run;
        var time = at ?? context.Now;
        Write(new EventRecorded(new(run.NextEventId, time < run.LastEventAt ? run.LastEventAt : time, attributes, userMetadata)));
        return run.NextEventId;
    }

    /// <summary>News for the workflow's code: an event, or waiting news while a task is begun. Where it is an event, a task follows at the end of the decision.</summary>
    /// <returns>Its number; 0 while it waits.</returns>
    public long News(EventAttributes attributes, DateTimeOffset? at = null)
    {
        if (Run.Task?.Begun is null)
        {
            unseen = true;
            return Record(attributes, at: at);
        }

        TaskCourse.KeepSpeculative(this);
        Write(new EventBuffered(attributes, at ?? Now));
        return 0;
    }

    public void Then(WorkflowEffect effect) => effects.Add(effect);

    /// <summary>A point to go back to, when what follows turns out to be wrong.</summary>
    public Mark Here() => new(State, records.Count, effects.Count);

    public void BackTo(Mark mark)
    {
        State = mark.State;
        records.Count = mark.Records;
        effects.Count = mark.Effects;
    }

    /// <summary>Octets of the events written since.</summary>
    public long OctetsSince(Mark mark)
    {
        var octets = 0L;
        for (var n = mark.Records; n < records.Count; n++)
        {
            octets += records[n] is EventRecorded recorded ? EventSize.Of(recorded.Event) : 0;
        }

        return octets;
    }

    /// <param name="runId">The run that took it, when it isn't the one that was there before.</param>
    public WorkflowDecision Done(string? runId = null)
    {
        if (unseen)
        {
            TaskCourse.Wake(this);
        }

        return new(records.DrainToImmutable(), effects.DrainToImmutable(), State, null, runId ?? before.Run?.RunId);
    }

    /// <summary>Nothing of what was written counts.</summary>
    public WorkflowDecision Refuse(WorkflowRefusalCode code, string detail, string? runId = null) =>
        new([], [], before, new(code, detail, runId), runId);

    public WorkflowDecision NotFound(string detail = "No such run is open.") => Refuse(WorkflowRefusalCode.NotFound, detail);

    public WorkflowDecision Stale(string detail) => Refuse(WorkflowRefusalCode.Stale, detail);

    internal readonly record struct Mark(WorkflowState State, int Records, int Effects);
}
