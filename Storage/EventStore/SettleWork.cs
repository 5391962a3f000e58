using Svom.Sqlite;
using Svom.Storage;

namespace Svom.EventStore;

/// <summary>Delivered rows on their way out. Rides on the next commit; a crash before it delivers them again.</summary>
internal sealed class SettleWork(IReadOnlyList<OwedRow> delivered, SettledRows settled) : WriteWork
{
    public override void Apply(Connection connection)
    {
        var settle = connection.Part(static c => new AppendStatements(c)).Settle;
        foreach (var row in delivered)
        {
            settle.Bind(1, row.Stream.Value).Bind(2, row.Version).Bind(3, row.N).Run();
            connection.Faults?.At(StorageStep.Settled, row);
        }
    }

    public override void Committed() => settled.Gone(delivered);

    // They stand in the store still and will be delivered once more: the price of being lazy.
    public override void Failed(Exception failure) => settled.Gone(delivered);
}

/// <summary>Rows that were delivered but still stand in the file: scans leave them out.</summary>
internal sealed class SettledRows
{
    private readonly Lock _gate = new();
    private readonly HashSet<(string Stream, long Version, int N)> _rows = [];

    public void Add(IReadOnlyList<OwedRow> rows)
    {
        lock (_gate)
        {
            foreach (var row in rows)
            {
                _rows.Add((row.Stream.Value, row.Version, row.N));
            }
        }
    }

    public void Gone(IReadOnlyList<OwedRow> rows)
    {
        lock (_gate)
        {
            foreach (var row in rows)
            {
                _rows.Remove((row.Stream.Value, row.Version, row.N));
            }
        }
    }

    /// <summary>A copy, taken before a scan begins: a row that goes away during the scan is still left out of it.</summary>
    public HashSet<(string Stream, long Version, int N)> Copy()
    {
        lock (_gate)
        {
            return _rows.Count == 0 ? [] : new(_rows);
        }
    }
}
