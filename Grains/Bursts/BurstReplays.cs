using Svom.EventStore;

namespace Svom.Bursts;

/// <summary>
/// The bursts' part of a replay: decides each burst's recorded causes again and compares the notices byte for byte, and holds
/// every packet that is routed to it against the one it recorded. A few bursts are read at once.
/// </summary>
internal sealed class BurstReplays(IEventStore store, BurstOptions options) : IDisposable
{
    /// <summary>Differences told; more would say no more.</summary>
    public const int MostDifferences = 100;

    private const int ReadAtOnce = 4;
    private const int RowsPerRead = 500;
    private static readonly RecordFormat<BurstRecord> Format = new(BurstJson.Stored.BurstRecordArray);
    private readonly Dictionary<string, Follower> followers = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim places = new(ReadAtOnce);

    /// <summary>A burst: its own replay under way, and packets routed to it that are not compared yet.</summary>
    private sealed record Follower(Task<Replayed> Replay, List<HeardPacket> Routed);

    /// <param name="Packets">Recorded packets by position that no packet was routed for yet; null: taken, but nothing new.</param>
    private sealed record Replayed(Dictionary<long, HeardPacket?> Packets, int Notices, List<string> Differences);

    /// <summary>A packet was routed to a burst.</summary>
    public void Take(string burst, HeardPacket packet)
    {
        if (!followers.TryGetValue(burst, out var follower))
        {
            followers.Add(burst, follower = new(Task.Run(() => ReplayAsync(burst)), []));
        }

        follower.Routed.Add(packet);
    }

    /// <summary>Waits for all bursts and sums up.</summary>
    /// <param name="upTo">What a burst took beyond this position was not routed again.</param>
    public async Task<(int Bursts, int Notices, IEnumerable<string> Differences)> ReportAsync(long upTo)
    {
        var differences = new List<string>();
        var notices = 0;
        foreach (var (burst, follower) in followers)
        {
            var replayed = await follower.Replay;
            notices += replayed.Notices;
            differences.AddRange(replayed.Differences);
            differences.AddRange(follower.Routed.Where(packet => !Recorded(replayed.Packets, packet)).Select(packet => $"{burst}: packet {packet.Position} is routed otherwise than recorded"));
            differences.AddRange(replayed.Packets.Keys.Where(position => position <= upTo).Select(position => $"{burst}: packet {position} is recorded and not routed"));
        }

        return (followers.Count, notices, differences);
    }

    public void Dispose() => places.Dispose();

    private async Task<Replayed> ReplayAsync(string burst)
    {
        await places.WaitAsync();
        try
        {
            return Compare(burst, await RecordsAsync(burst));
        }
        finally
        {
            places.Release();
        }
    }

    private async Task<List<BurstRecord>> RecordsAsync(string burst)
    {
        var records = new List<BurstRecord>();
        var stream = new Svom.EventStore.StreamId($"{BurstGrain.StreamKind}/{burst}");
        for (long version = 0; await store.ReadAsync(stream, version, RowsPerRead, CancellationToken.None) is { Count: > 0 } rows; version = rows[^1].Version)
        {
            records.AddRange(rows.SelectMany(static row => Format.Decode(row.Payload)));
        }

        return records;
    }

    private Replayed Compare(string burst, List<BurstRecord> recorded)
    {
        var made = recorded.OfType<NoticeMade>().ToArray();
        var again = BurstRules.Replay(burst, recorded, options).OfType<NoticeMade>().ToArray();
        var differences = new List<string>();
        for (var n = 0; n < Math.Max(made.Length, again.Length); n++)
        {
            var (was, now) = (made.ElementAtOrDefault(n), again.ElementAtOrDefault(n));
            if ((was?.Id, was?.Sent, was?.Xml, was?.Json) != (now?.Id, now?.Sent, now?.Xml, now?.Json))
            {
                differences.Add($"{burst}: notice {n + 1} is {now?.Id ?? "none"}, recorded {was?.Id ?? "none"}{(was?.Id == now?.Id ? ", with other bytes" : "")}");
            }
        }

        var packets = new Dictionary<long, HeardPacket?>();
        foreach (var record in recorded)
        {
            _ = record switch
            {
                PacketTaken taken => packets.TryAdd(taken.Packet.Position, taken.Packet),
                PacketRepeated repeated => packets.TryAdd(repeated.Position, null),
                PacketIgnored ignored => packets.TryAdd(ignored.Position, null),
                _ => false,
            };
        }

        return new(packets, again.Length, differences);
    }

    // The time of decoding is the one thing of a packet that only the record knows.
    private static bool Recorded(Dictionary<long, HeardPacket?> packets, HeardPacket routed) =>
        packets.Remove(routed.Position, out var recorded) && (recorded is null || recorded with { DecodedAt = routed.DecodedAt } == (recorded.Apid is null ? routed with { Apid = null, SequenceCount = null } : routed));
}
