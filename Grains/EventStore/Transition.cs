namespace Svom.EventStore;

/// <summary>What a decision appends: its records, and what follows from them, durable together.</summary>
internal sealed record Transition<TRecord>(TRecord[] Records)
{
    public IReadOnlyList<Owed> Owed { get; init; } = [];

    public IReadOnlyList<DueChange> Due { get; init; } = [];

    public IReadOnlyList<Claim> Claims { get; init; } = [];

    public IReadOnlyList<ArchiveEntry> Archive { get; init; } = [];

    public IReadOnlyList<IndexChange> Index { get; init; } = [];
}

/// <summary>How a state is kept beside its records so that loading stays short: written each so many transitions.</summary>
/// <param name="Write">State to octets.</param>
/// <param name="Read">Octets to state; null when written by another version: then the records are folded from the start.</param>
/// <param name="Every">Transitions between two snapshots.</param>
internal sealed record SnapshotFormat<TState>(Func<TState, ReadOnlyMemory<byte>> Write, Func<ReadOnlyMemory<byte>, TState?> Read, int Every)
    where TState : class;
