using System.Collections.Immutable;
using Svom.EventStore;

namespace Svom.Workflows;

/// <summary>Whether the store says that the newest run is in this silo's hands: it runs code or activities that nobody else would go on with.</summary>
/// <param name="Known">False after a load.</param>
/// <param name="Since">When the run began; null: there is none.</param>
internal readonly record struct StoredHand(bool Known, DateTimeOffset? Since, bool Held)
{
    public static StoredHand Unknown => default;

    public static StoredHand None => new(true, null, false);

    /// <returns>What the store has once the turn is durable.</returns>
    public static StoredHand After(WorkflowTurn turn) => turn.State.Run is { } run ? new(true, run.BeganAt, IsHeld(run, turn.Context.Now)) : None;

    /// <summary>Only what changes is written.</summary>
    public ImmutableArray<IndexChange> Changes(EventStore.StreamId stream, WorkflowTurn turn, string silo)
    {
        var next = After(turn);
        if (next == this || next.Since is not { } since)
        {
            return [];
        }

        ImmutableArray<IndexChange> changes = Held && Since is { } before && before != since ? [WorkflowIndex.HandChange(stream, before, null)] : [];
        return (next.Held ? !Held || !Known || Since != since : Since == since ? Held : !Known)
            ? changes.Add(WorkflowIndex.HandChange(stream, since, next.Held ? silo : null))
            : changes;
    }

    private static bool IsHeld(RunState run, DateTimeOffset now) =>
        run is { IsOpen: true, InProcess: true } && (run.Task is { NotBefore: null } || HasAttemptInHand(run, now));

    private static bool HasAttemptInHand(RunState run, DateTimeOffset now)
    {
        foreach (var (_, activity) in run.Activities)
        {
            if (activity.Begun is not null || activity.ReadyAt <= now)
            {
                return true;
            }
        }

        return false;
    }
}
