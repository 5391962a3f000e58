using Svom.EventStore;

namespace Svom.Bursts;

/// <summary>An act as it was recorded, and what it came between.</summary>
/// <param name="After">Last position that the burst had taken by then.</param>
/// <param name="Next">Position of the burst's next packet; null when none followed.</param>
/// <param name="NextMark">Mission time of the next thing that mission time brought about; null when nothing did.</param>
internal sealed record RecordedAct(string Burst, ActTaken Act, long After, long? Next, DateTimeOffset? NextMark);

/// <summary>A burst's stream, read for a replay.</summary>
internal sealed class RecordedBurst(string id, IReadOnlyList<BurstRecord> records)
{
    private const int RowsPerRead = 500;
    private const int MostReads = 40;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private static readonly RecordFormat<BurstRecord> Format = new(BurstJson.Stored.BurstRecordArray);

    public string Id => id;

    public IReadOnlyList<BurstRecord> Records => records;

    public DateTimeOffset? FirstHeard => records.Count > 0 ? records[0].At : null;

    public DateTimeOffset? Last => records.Count > 0 ? records[^1].At : null;

    public static async Task<RecordedBurst> ReadAsync(IEventStore store, string burst, CancellationToken cancellationToken)
    {
        var records = new List<BurstRecord>();
        var stream = new EventStore.StreamId($"{BurstGrain.StreamKind}/{burst}");
        for (long version = 0; await store.ReadAsync(stream, version, RowsPerRead, cancellationToken) is { Count: > 0 } rows; version = rows[^1].Version)
        {
            records.AddRange(rows.SelectMany(static row => Format.Decode(row.Payload)));
        }

        return new(burst, records);
    }

    /// <summary>When a burst was first heard; null when nothing of it is recorded.</summary>
    public static async Task<DateTimeOffset?> FirstHeardAsync(IEventStore store, string burst, CancellationToken cancellationToken) =>
        await store.ReadAsync(new($"{BurstGrain.StreamKind}/{burst}"), 0, 1, cancellationToken) is [var row] && Format.Decode(row.Payload) is [var record, ..] ? record.At : null;

    /// <summary>Reads a burst that has taken what its feed has routed to it: beside a feed that goes on, it may need a moment.</summary>
    /// <param name="from">Last position routed to it.</param>
    /// <param name="to">What it took beyond this is left out.</param>
    public static async Task<RecordedBurst> ReadAsync(IEventStore store, string burst, long from, long to, CancellationToken cancellationToken)
    {
        var read = await ReadAsync(store, burst, cancellationToken);
        for (var reads = 1; reads < MostReads && !read.Records.Any(record => Position(record) >= from); reads++)
        {
            await Task.Delay(Pause, TimeProvider.System, cancellationToken);
            read = await ReadAsync(store, burst, cancellationToken);
        }

        return new(burst, [.. read.Records.TakeWhile(record => !(Position(record) > to))]);
    }

    /// <summary>Position of a record that a packet caused; null of any other.</summary>
    public static long? Position(BurstRecord record) => record switch
    {
        PacketTaken taken => taken.Packet.Position,
        PacketRepeated repeated => repeated.Position,
        PacketIgnored ignored => ignored.Position,
        _ => null,
    };

    /// <summary>Mission time with a packet; null where there was none yet, and for other records.</summary>
    public static DateTimeOffset? Mission(BurstRecord record)
    {
        DateTimeOffset? mark = record switch
        {
            PacketTaken taken => taken.Packet.Watermark,
            PacketRepeated repeated => repeated.Watermark,
            PacketIgnored ignored => ignored.Watermark,
            _ => null,
        };
        return mark > DateTimeOffset.MinValue ? mark : null;
    }

    /// <summary>Acts in the order in which they came.</summary>
    public IEnumerable<RecordedAct> Acts()
    {
        long after = 0;
        for (var i = 0; i < records.Count; i++)
        {
            after = Position(records[i]) ?? after;
            if (records[i] is ActTaken act)
            {
                var later = records.Skip(i + 1).ToArray();
                yield return new(id, act, after, later.Select(Position).FirstOrDefault(static position => position is not null), later.Select(Mark).FirstOrDefault(static mark => mark is not null));
            }
        }
    }

    // An act that takes effect at once stands right after its arrival, and follows from it.
    private static DateTimeOffset? Mark(BurstRecord record) => record switch
    {
        DeadlineFired { By: FiredBy.Watermark } fired => fired.Watermark,
        MessageClosed { By: FiredBy.Watermark } closed => closed.Watermark,
        _ => null,
    };
}
