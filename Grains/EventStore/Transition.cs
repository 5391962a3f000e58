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
