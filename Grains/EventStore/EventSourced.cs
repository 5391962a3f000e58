namespace Svom.EventStore;

/// <summary>A claimed key was taken by somebody else: decide again with another one.</summary>
internal sealed class ClaimTakenException(string detail) : Exception(detail);

/// <summary>
/// A state that is the fold of one stream. Nothing is true before it is durable: the state moves only when the append has landed.
/// Not thread-safe: it lives inside one grain, with at most one commit in flight.
/// </summary>
internal sealed class EventSourced<TState, TRecord>(
    IEventStore store, StreamId stream, TState initial, Func<TState, TRecord, TState> apply, RecordFormat<TRecord> format,
    TimeProvider time, SnapshotFormat<TState>? snapshots = null)
    where TState : class
{
    private const int ReadPage = 1_000;
    private readonly TState start = initial;
    private long snapshotVersion;

    public TState State { get; private set; } = initial;

    public long Version { get; private set; }

    /// <summary>Reads the stream from its snapshot on.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        var content = await store.LoadAsync(stream, cancellationToken);
        var snapshot = content.Snapshot is { } octets && snapshots is not null ? snapshots.Read(octets) : null;
        if (snapshot is null && content.Snapshot is not null)
        {
            await FoldFromTheStartAsync(content.Head, cancellationToken);
            return;
        }

        (State, Version, snapshotVersion) = (snapshot ?? start, content.SnapshotVersion, content.SnapshotVersion);
        Fold(content.Rows);
    }

    /// <summary>
    /// Decides on the present state and appends what was decided. A lost race or an uncertain commit reloads and decides again,
    /// so <paramref name="decide"/> must be repeatable; null from it means that nothing follows.
    /// </summary>
    /// <returns>The landed append's result; null when nothing was appended.</returns>
    /// <exception cref="ClaimTakenException">A claim of the transition is taken.</exception>
    public async Task<AppendResult?> CommitAsync(Func<TState, Transition<TRecord>?> decide, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (decide(State) is not { } transition)
            {
                return null;
            }

            var next = transition.Records.Aggregate(State, apply);
            var append = ToAppend(transition, next);
            AppendResult result;
            try
            {
                result = await store.AppendAsync(append, cancellationToken);
            }
            catch (AppendUncertainException)
            {
                await LoadAsync(cancellationToken);
                var own = (await store.ReadAsync(stream, append.ExpectedVersion, 1, cancellationToken)).FirstOrDefault();
                if (own?.AppendId == append.Id)
                {
                    return new(AppendOutcome.Landed, own.Version, []);
                }

                continue;
            }

            switch (result.Outcome)
            {
                case AppendOutcome.Landed:
                    (State, Version) = (next, result.Head);
                    snapshotVersion = append.Snapshot is null ? snapshotVersion : result.Head;
                    return result;
                case AppendOutcome.StaleHead:
                    await LoadAsync(cancellationToken); // Another activation wrote: its records come first, ours are decided again.
                    break;
                case AppendOutcome.Overloaded:
                    await Task.Delay(TimeSpan.FromMilliseconds(20), time, cancellationToken);
                    break;
                case AppendOutcome.ClaimTaken:
                    throw new ClaimTakenException(result.Detail ?? stream.Value);
                default:
                    throw new InvalidOperationException($"The store refused an append to {stream}: {result.Outcome}, {result.Detail}");
            }
        }
    }

    private Append ToAppend(Transition<TRecord> transition, TState next) =>
        new(Guid.CreateVersion7(time.GetUtcNow()), stream, Version, format.Encode(transition.Records))
        {
            Owed = transition.Owed,
            Due = transition.Due,
            Claims = transition.Claims,
            Archive = transition.Archive,
            Index = transition.Index,

            // Spelt out: a bare null here would become empty octets, not the absence of a snapshot.
            Snapshot = snapshots is not null && Version + 1 - snapshotVersion >= snapshots.Every ? snapshots.Write(next) : default(ReadOnlyMemory<byte>?),
        };

    private async Task FoldFromTheStartAsync(long head, CancellationToken cancellationToken)
    {
        (State, Version, snapshotVersion) = (start, 0, 0);
        while (Version < head)
        {
            var rows = await store.ReadAsync(stream, Version, ReadPage, cancellationToken);
            if (rows.Count == 0)
            {
                throw new InvalidDataException($"Stream {stream} ends at {Version}, its head says {head}.");
            }

            Fold(rows);
        }
    }

    private void Fold(IReadOnlyList<StreamRow> rows)
    {
        foreach (var row in rows)
        {
            (State, Version) = (format.Decode(row.Payload).Aggregate(State, apply), row.Version);
        }
    }
}
