using System.Collections.Immutable;
using Svom.EventStore;

namespace Svom.Workflows;

/// <summary>
/// The stream of one workflow id in the store. A transition is one row of records; where a run begins within a stream that had
/// one before, its first records stand in the snapshot as well, so that loading reads the newest run alone.
/// </summary>
internal sealed class WorkflowStream(IEventStore store, WorkflowAddress address, RecordFormat<WorkflowRecord> format)
{
    public const string Kind = "workflow";
    private const int ReadPage = 1_000;

    public EventStore.StreamId Id { get; } = new($"{Kind}/{address}");

    public long Version { get; private set; }

    /// <summary>Version of the transition in which the newest run began; 0 when none did.</summary>
    public long RunVersion { get; private set; }

    /// <summary>Reads the newest run.</summary>
    /// <returns>Its state, and all its events.</returns>
    public async Task<(WorkflowState State, List<HistoryEvent> Events)> LoadAsync(CancellationToken cancellationToken)
    {
        var content = await store.LoadAsync(Id, cancellationToken);
        var state = WorkflowState.Unknown(address.Namespace, address.WorkflowId);
        var events = new List<HistoryEvent>();
        (Version, RunVersion) = (content.Head, content.SnapshotVersion);
        if (content.Snapshot is { } snapshot)
        {
            Fold(format.Decode(snapshot), content.SnapshotVersion);
        }

        foreach (var row in content.Rows)
        {
            Fold(format.Decode(row.Payload), row.Version);
        }

        return (state, events);

        void Fold(WorkflowRecord[] records, long version)
        {
            foreach (var record in records)
            {
                state = WorkflowRules.Apply(state, record);
                switch (record)
                {
                    case RunBegan:
                        RunVersion = version;
                        events.Clear();
                        break;
                    case EventRecorded { Event: var written }:
                        events.Add(written);
                        break;
                }
            }
        }
    }

    /// <summary>Events of a run that began in a given transition.</summary>
    public async Task<List<HistoryEvent>> HistoryAsync(string runId, long runVersion, CancellationToken cancellationToken)
    {
        var events = new List<HistoryEvent>();
        var inside = false;
        for (var after = runVersion - 1; await store.ReadAsync(Id, after, ReadPage, cancellationToken) is { Count: > 0 } rows; after = rows[^1].Version)
        {
            foreach (var record in rows.SelectMany(row => format.Decode(row.Payload)))
            {
                if (record is RunBegan began)
                {
                    if (inside)
                    {
                        return events;
                    }

                    inside = began.RunId == runId;
                }
                else if (inside && record is EventRecorded { Event: var written })
                {
                    events.Add(written);
                }
            }
        }

        return events;
    }

    /// <summary>The append of a turn.</summary>
    public Append ToAppend(WorkflowState before, WorkflowTurn turn, Guid id, ImmutableArray<DueChange> due, ImmutableArray<IndexChange> hand) => new(id, Id, Version, format.Encode([.. turn.Records]))
    {
        Lane = AppendLane.Workflow,
        Owed = Owed(turn),
        Due = due,
        Index = Together(WorkflowIndex.RunChanges(before, turn.Records, Version + 1, RunVersion), hand),
        Snapshot = turn.BeginsRun && Version > 0 ? format.Encode(FromNewestRun(turn)) : default(ReadOnlyMemory<byte>?),
    };

    /// <summary>A turn is durable.</summary>
    public void Landed(WorkflowTurn turn, long version)
    {
        Version = version;
        if (turn.BeginsRun)
        {
            RunVersion = version;
        }
    }

    // Most turns owe nothing and change no row: nothing is made for them.
    private static IReadOnlyList<Owed> Owed(WorkflowTurn turn) => turn.Effects.Exists(static effect => effect is Tell) ? [.. turn.Effects.OfType<Tell>().Select(WorkflowRoute.To)] : [];

    private static IReadOnlyList<IndexChange> Together(ImmutableArray<IndexChange> runs, ImmutableArray<IndexChange> hand) => runs.IsEmpty && hand.IsEmpty ? [] : [.. runs, .. hand];

    private static WorkflowRecord[] FromNewestRun(WorkflowTurn turn)
    {
        var records = turn.Records;
        var first = records.Count - 1;
        while (records[first] is not RunBegan)
        {
            first--;
        }

        return [records[first], new Remembered([.. turn.State.EarlierStarts], [.. turn.State.Run!.EarlierRequestIds]), .. records.Skip(first + 1)];
    }
}
