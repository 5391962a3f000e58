using System.Text;

namespace Svom.EventStore;

/// <summary>What an event store ought to do, in a few dictionaries and without any cleverness.</summary>
internal sealed class EventStoreModel
{
    private readonly Dictionary<string, List<Append>> _streams = [];
    private readonly HashSet<Claim> _claims = [];

    public List<OwedRow> Owed { get; } = [];

    public List<ArchiveEntry> Archive { get; } = [];

    public SortedDictionary<(string Stream, string Name), DateTimeOffset> Due { get; } = [];

    public SortedDictionary<(string Key, string Stream), string> Index { get; } = [];

    public IReadOnlyList<Append> Stream(string name) => _streams.TryGetValue(name, out var rows) ? rows : [];

    /// <summary>Takes appends that were all sent before any was answered.</summary>
    public AppendOutcome[] Take(IReadOnlyList<Append> together)
    {
        var stale = new Dictionary<string, long>();
        return [.. together.Select(append => Take(append, stale))];
    }

    private AppendOutcome Take(Append append, Dictionary<string, long> stale)
    {
        var stream = append.Stream.Value;
        if (!_streams.TryGetValue(stream, out var rows))
        {
            rows = [];
        }

        if (rows.Count != append.ExpectedVersion)
        {
            if (rows.Count > append.ExpectedVersion && rows[(int)append.ExpectedVersion].Id == append.Id)
            {
                return AppendOutcome.Landed;
            }

            stale[stream] = Math.Min(append.ExpectedVersion, stale.GetValueOrDefault(stream, long.MaxValue));
            return AppendOutcome.StaleHead;
        }

        if (stale.TryGetValue(stream, out var refused) && append.ExpectedVersion > refused)
        {
            return AppendOutcome.StaleHead;
        }

        if (append.Claims.Any(_claims.Contains) || append.Archive.Any(entry => Archive.Any(other => other.Id == entry.Id)))
        {
            return AppendOutcome.ClaimTaken;
        }

        rows.Add(append);
        _streams[stream] = rows;
        Write(append, rows.Count);
        return AppendOutcome.Landed;
    }

    private void Write(Append append, long version)
    {
        var stream = append.Stream.Value;
        Archive.AddRange(append.Archive);
        _claims.UnionWith(append.Claims);
        Owed.AddRange(append.Owed.Select((message, n) => new OwedRow(append.Stream, version, n, message)));
        foreach (var due in append.Due)
        {
            if (due.At is { } at)
            {
                Due[(stream, due.Name)] = at;
            }
            else
            {
                Due.Remove((stream, due.Name));
            }
        }

        foreach (var change in append.Index)
        {
            if (change.Value is { } value)
            {
                Index[(change.Key, stream)] = Encoding.UTF8.GetString(value.Span);
            }
            else
            {
                Index.Remove((change.Key, stream));
            }
        }
    }
}
