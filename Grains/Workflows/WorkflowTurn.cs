namespace Svom.Workflows;

/// <summary>
/// What is decided in one go and appended together. Nothing in it is true before it is durable; when the append fails the whole
/// turn is thrown away and decided again on what the store has.
/// </summary>
internal sealed class WorkflowTurn(WorkflowState state, DecisionContext context)
{
    private readonly List<WorkflowRecord> records = new(1); // Mostly one, seldom many.

    public DecisionContext Context => context;

    public WorkflowState State { get; private set; } = state;

    public List<WorkflowRecord> Records => records;

    public List<WorkflowEffect> Effects { get; } = [];

    /// <summary>Events of the newest run that this turn writes.</summary>
    public List<HistoryEvent> Events { get; } = [];

    /// <summary>Local activities that the code asks for, to be begun once the turn is durable.</summary>
    public List<LocalActivityRequest> LocalToRun { get; } = [];

    public List<int> LocalToStop { get; } = [];

    /// <summary>Attempts that have their place in the pool and begin once the turn is durable.</summary>
    public List<OfferAttempt> Begun { get; } = [];

    /// <summary>Places of the pool that the turn took for them.</summary>
    public int PlacesTaken { get; set; }

    /// <summary>Attempts that wait for a place.</summary>
    public List<OfferAttempt> Queued { get; } = [];

    /// <summary>The due time has come: the stored one is used up.</summary>
    public bool Woken { get; set; }

    /// <summary>Octets of the events that it writes.</summary>
    public long Octets { get; private set; }

    /// <summary>True when a run begins in it.</summary>
    public bool BeginsRun { get; private set; }

    public bool IsEmpty => records.Count == 0;

    public WorkflowDecision Decide(WorkflowInput input)
    {
        var decision = WorkflowRules.Decide(State, input, context);
        if (decision.Refusal is null)
        {
            var size = decision.State.Run?.HistorySize ?? 0;
            Octets += State.Run?.RunId == decision.State.Run?.RunId ? size - (State.Run?.HistorySize ?? 0) : size;
            State = decision.State;
            Effects.AddRange(decision.Effects.AsSpan()); // As a span, or it would be boxed.
            foreach (var record in decision.Records)
            {
                Take(record);
            }
        }

        return decision;
    }

    /// <summary>Drops a task that leaves no trace: nothing but its own begin and end was decided since.</summary>
    /// <param name="mark">Records before it began.</param>
    /// <param name="before">The state then.</param>
    public void Forget(int mark, WorkflowState before)
    {
        records.RemoveRange(mark, records.Count - mark); // None of them is an event.
        State = before;
    }

    private void Take(WorkflowRecord record)
    {
        records.Add(record);
        switch (record)
        {
            case RunBegan:
                BeginsRun = true;
                Events.Clear();
                break;
            case EventRecorded { Event: var written }:
                Events.Add(written);
                break;
        }
    }
}
