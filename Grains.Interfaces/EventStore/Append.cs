namespace Svom.EventStore;

/// <summary>Which queue an append waits in. A lower lane is taken first when the writer is behind.</summary>
public enum AppendLane
{
    /// <summary>Decisions about bursts and what they owe.</summary>
    Decision = 0,

    /// <summary>Workflow progress.</summary>
    Workflow = 1,

    /// <summary>Low-rate grain state and reminders.</summary>
    GrainState = 2,

    /// <summary>Bulk.</summary>
    Bulk = 3,
}

/// <summary>
/// One transition of one stream: everything in it becomes durable together or not at all.
/// One transition is one row of the stream, so it is atomic by itself.
/// </summary>
/// <param name="Id">Chosen by the caller; by it an uncertain append is found again.</param>
/// <param name="Stream">The stream.</param>
/// <param name="ExpectedVersion">The head the caller decided upon: 0 for a new stream. Another head refuses the append.</param>
/// <param name="Payload">The records, in the caller's own versioned format. At most 16 MiB.</param>
public sealed record Append(Guid Id, StreamId Stream, long ExpectedVersion, ReadOnlyMemory<byte> Payload)
{
    /// <summary>Queue of the writer.</summary>
    public AppendLane Lane { get; init; } = AppendLane.Decision;

    /// <summary>
    /// Id of the transition at <see cref="ExpectedVersion"/>. A writer that sends appends without waiting for answers gives it:
    /// when one of them was not taken, the next may by chance expect the version that another writer made. Null checks the version alone.
    /// </summary>
    public Guid? Follows { get; init; }

    /// <summary>What the stream owes to others after this transition, delivered in this order, at least once.</summary>
    public IReadOnlyList<Owed> Owed { get; init; } = [];

    /// <summary>Wake-ups to set or to clear (<see cref="DueChange.At"/> null), by name within the stream.</summary>
    public IReadOnlyList<DueChange> Due { get; init; } = [];

    /// <summary>Keys that must be free and are taken by this append for ever; a taken key refuses the whole append.</summary>
    public IReadOnlyList<Claim> Claims { get; init; } = [];

    /// <summary>Entries of permanent, totally ordered archives; each gets the next sequence of its archive.</summary>
    public IReadOnlyList<ArchiveEntry> Archive { get; init; } = [];

    /// <summary>Search rows: set (value) or removed (null), by (index, key) within the stream.</summary>
    public IReadOnlyList<IndexChange> Index { get; init; } = [];

    /// <summary>Replaces the stream's snapshot in the same transaction: the state after this transition; null or empty leaves it.</summary>
    public ReadOnlyMemory<byte>? Snapshot { get; init; }
}

/// <summary>A message owed to another grain: an outbox row.</summary>
/// <param name="Route">Kind of receiver, for example <c>burst</c>.</param>
/// <param name="Target">Key of the receiver.</param>
/// <param name="Payload">What it is told.</param>
public sealed record Owed(string Route, string Target, ReadOnlyMemory<byte> Payload);

/// <summary>An owed message as it stands in the store. Receivers drop repeats by (stream, version, n).</summary>
/// <param name="Stream">Who owes it.</param>
/// <param name="Version">Version of the transition that owed it.</param>
/// <param name="N">Number within the transition, from 0.</param>
/// <param name="Message">The message.</param>
public sealed record OwedRow(StreamId Stream, long Version, int N, Owed Message);

/// <summary>Sets or clears a wake-up of the stream.</summary>
/// <param name="Name">Name within the stream; setting it again moves it.</param>
/// <param name="At">Wall time, UTC; null clears.</param>
public sealed record DueChange(string Name, DateTimeOffset? At);

/// <summary>A wake-up as it stands in the store.</summary>
public sealed record DueRow(StreamId Stream, string Name, DateTimeOffset At);

/// <summary>A key that only one append ever may take, for example <c>burst-id</c> / <c>sb26042105</c>.</summary>
public sealed record Claim(string Scope, string Key);

/// <summary>An entry of a permanent archive.</summary>
/// <param name="Archive">Name of the archive, for example <c>notices</c>.</param>
/// <param name="Id">Unique within the archive; a taken id refuses the append.</param>
/// <param name="Owner">What it belongs to, for example the burst: searchable. Empty where nobody searches by it: then it costs no index row, and no search by owner finds it.</param>
/// <param name="Kind">Its kind, for example the notice type: searchable; may be empty like the owner.</param>
/// <param name="At">Its time, UTC: searchable.</param>
/// <param name="Content">The entry; never changes.</param>
public sealed record ArchiveEntry(string Archive, string Id, string Owner, string Kind, DateTimeOffset At, ReadOnlyMemory<byte> Content);

/// <summary>An archived entry with its place: sequences grow by commit order; a reader that has seen n misses nothing up to n.</summary>
public sealed record ArchivedEntry(long Sequence, ArchiveEntry Entry);

/// <summary>Sets (value) or removes (null) a search row of the stream.</summary>
/// <param name="Index">Name of the index, for example <c>burst</c>.</param>
/// <param name="Key">Key by which rows are found and ordered (ordinal), for example an observation or a time.</param>
/// <param name="Value">What is found, small; null removes the row (a null array is an empty value, not null: write <c>default(ReadOnlyMemory&lt;byte&gt;?)</c>).</param>
public sealed record IndexChange(string Index, string Key, ReadOnlyMemory<byte>? Value);

/// <summary>A search row.</summary>
public sealed record IndexRow(string Key, StreamId Stream, ReadOnlyMemory<byte> Value);
