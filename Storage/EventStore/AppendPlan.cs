using Svom.Storage;

namespace Svom.EventStore;

/// <summary>A stream in a plan.</summary>
/// <param name="name">Its name.</param>
/// <param name="was">Head that the plan builds upon, known or assumed; the server compares it.</param>
internal sealed class PlannedStream(string name, long was)
{
    public string Name => name;

    public long Was => was;

    /// <summary>Ids of the transitions that the plan adds, from version <see cref="Was"/> + 1 on.</summary>
    public List<Guid> Added { get; } = [];

    public long Head => was + Added.Count;

    /// <summary>Id of the transition at <see cref="Was"/>, when an append names it; the server compares that, too.</summary>
    public Guid? Follows { get; set; }

    /// <summary>Number among the streams that are sent, from 1.</summary>
    public int Place { get; set; }
}

/// <summary>
/// Goes through a batch in its order and decides what each append writes. Without known facts it takes it that every stream is where its
/// first append expects it and that every key is free, as is so when nobody else writes; a plan that holds only then is good only if it takes
/// all appends, and the server compares what was assumed.
/// </summary>
internal sealed class AppendPlan(KnownFacts? known) : IAppendFacts
{
    private readonly Dictionary<string, PlannedStream> _streams = new(StringComparer.Ordinal);
    private readonly HashSet<Claim> _claims = [];
    private readonly Dictionary<(string Archive, string Id), long> _entries = [];
    private readonly List<(PostgresAppend Work, PlannedStream Stream, long Version)> _taken = [];
    private readonly List<(PostgresAppend Work, AppendResult Answer)> _answered = [];
    private readonly List<OwedRow> _settled = [];
    private Append? _judged;

    /// <summary>Appends that are written, in the order of the batch.</summary>
    public IReadOnlyList<(PostgresAppend Work, PlannedStream Stream, long Version)> Taken => _taken;

    /// <summary>Streams that grow, by name; those that are new come last.</summary>
    public IReadOnlyList<PlannedStream> Streams { get; private set; } = [];

    public IReadOnlyList<OwedRow> Settled => _settled;

    public bool IsEmpty => _taken.Count == 0 && _settled.Count == 0;

    /// <returns>Null when the batch can't be written by what is assumed.</returns>
    public static AppendPlan? Of(PostgresEventWork[] batch, KnownFacts? known, StalePipelines stale, IStorageFaults? faults)
    {
        var plan = new AppendPlan(known);
        foreach (var work in batch)
        {
            if (work is PostgresSettle settle)
            {
                plan._settled.AddRange(settle.Delivered);
            }
            else if (!plan.Judge((PostgresAppend)work, stale, faults))
            {
                return null;
            }
        }

        plan.PlaceStreams();
        return plan;
    }

    public long Head(string stream)
    {
        if (!_streams.TryGetValue(stream, out var planned))
        {
            _streams.Add(stream, planned = new(stream, known?.Head(stream) ?? _judged!.ExpectedVersion));
        }

        return planned.Head;
    }

    public Guid? AppendAt(string stream, long version)
    {
        var planned = _streams[stream];
        if (version > planned.Was)
        {
            return planned.Added[(int)(version - planned.Was) - 1];
        }

        return known is not null ? known.AppendAt(stream, version)
            : version == planned.Head ? planned.Follows = _judged!.Follows // Only its first append asks that of a stream.
            : null;
    }

    public bool IsClaimed(Claim claim) => _claims.Contains(claim) || known?.IsClaimed(claim) == true;

    // What the plan itself adds gets its sequence from the server: until then it has a number below 0.
    public long? SequenceOf(ArchiveEntry entry) =>
        _entries.TryGetValue((entry.Archive, entry.Id), out var added) ? added : known?.SequenceOf(entry);

    /// <summary>Puts the sequences that the server gave into the answers.</summary>
    public void Answer(long[] sequences)
    {
        var next = 0;
        foreach (var (work, _, version) in _taken)
        {
            work.Answer.Take(version, sequences[next..(next + work.Append.Archive.Count)]);
            next += work.Append.Archive.Count;
        }

        foreach (var (work, answer) in _answered.Where(static one => one.Answer.Archived.Any(static sequence => sequence < 0)))
        {
            work.Answer.Landed(answer.Head, [.. answer.Archived.Select(sequence => sequence < 0 ? sequences[-sequence - 1] : sequence)]);
        }
    }

    private bool Judge(PostgresAppend work, StalePipelines stale, IStorageFaults? faults)
    {
        _judged = work.Append;
        if (AppendJudge.Refusal(work.Append, work.Ticket, this, stale) is { } answer)
        {
            if (known is null)
            {
                return false;
            }

            work.Answer.Refuse(answer, work.Ticket, stale);
            _answered.Add((work, answer));
            return true;
        }

        var stream = _streams[work.Append.Stream.Value];
        stream.Added.Add(work.Append.Id);
        faults?.At(StorageStep.EventWritten, work.Append);
        _taken.Add((work, stream, stream.Head));
        _claims.UnionWith(work.Append.Claims);
        foreach (var entry in work.Append.Archive)
        {
            _entries.Add((entry.Archive, entry.Id), -_entries.Count - 1);
        }

        return true;
    }

    private void PlaceStreams()
    {
        Streams = [.. _streams.Values.Where(static stream => stream.Added.Count > 0)
            .OrderBy(static stream => stream.Was == 0).ThenBy(static stream => stream.Name, StringComparer.Ordinal)];
        for (var n = 0; n < Streams.Count; n++)
        {
            Streams[n].Place = n + 1;
        }
    }
}
