using System.Collections.Immutable;
using Svom.EventStore;

namespace Svom.Workflows;

/// <summary>
/// The wake-up of a workflow as the store has it. It is moved only to an earlier time: a deadline that went away costs one wake-up in
/// vain at most, where moving it each time would cost a write for every activity.
/// </summary>
/// <param name="Known">False after a load: the store may have any.</param>
/// <param name="At">Null: none.</param>
internal readonly record struct StoredWake(bool Known, DateTimeOffset? At)
{
    private const string Name = "wake";

    public static StoredWake Unknown => default;

    public static StoredWake None => new(true, null);

    public ImmutableArray<DueChange> Changes(WorkflowTurn turn) => Next(turn) is var next && next == this ? [] : [new(Name, next.At)];

    /// <returns>What the store has once the turn is durable.</returns>
    public StoredWake Next(WorkflowTurn turn)
    {
        var open = turn.State.Run is { IsOpen: true };
        var first = open ? turn.State.Run!.Deadlines.First : null;
        return !Known ? (turn.IsEmpty && !turn.Woken ? this : new(true, first))
            : turn.Woken || !open || At is null || first < At ? new(true, first)
            : this;
    }
}
