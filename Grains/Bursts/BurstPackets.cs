using Svom.EventStore;

namespace Svom.Bursts;

/// <summary>Which packets a burst took, read from its stream: the state itself keeps only what they say together.</summary>
internal static class BurstPackets
{
    private const int RowsPerRead = 1_000;
    private static readonly RecordFormat<BurstRecord> Format = new(BurstJson.Stored.BurstRecordArray);

    /// <summary>Positions in the feed below one, newest first.</summary>
    public static async Task<IReadOnlyList<long>> BeforeAsync(IEventStore store, string burst, long? before, CancellationToken cancellationToken)
    {
        var stream = new Svom.EventStore.StreamId($"{BurstGrain.StreamKind}/{burst}");
        var positions = new List<long>();
        var version = 0L;
        while (await store.ReadAsync(stream, version, RowsPerRead, cancellationToken) is { Count: > 0 } rows)
        {
            positions.AddRange(rows.SelectMany(static row => Format.Decode(row.Payload)).Select(Position).OfType<long>().Where(position => position < (before ?? long.MaxValue)));
            version = rows[^1].Version;
        }

        return [.. positions.OrderDescending()];
    }

    private static long? Position(BurstRecord record) => record switch
    {
        PacketTaken taken => taken.Packet.Position,
        PacketRepeated repeated => repeated.Position,
        PacketIgnored ignored => ignored.Position,
        _ => null,
    };
}
