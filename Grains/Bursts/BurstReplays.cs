using Svom.EventStore;
using Svom.Packets;

namespace Svom.Bursts;

/// <summary>
/// The bursts' part of a replay: decides each burst's recorded causes again and compares the notices byte for byte, and holds
/// every packet that is routed to it against the one it recorded. A few bursts are read at once.
/// </summary>
internal sealed class BurstReplays(IEventStore store, BurstOptions options, ReplayScope? scope = null) : IDisposable
{
    private const int ReadAtOnce = 4;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);
    private readonly Dictionary<string, Follower> followers = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim places = new(ReadAtOnce);
    private int patience;
    private readonly ReplayScope spokenOf = scope ?? ReplayScope.All;

    /// <summary>Times that bursts are read again: beside a feed that goes on, one may have been read before it had taken what was routed to it.</summary>
    public int Patience { init => patience = value; }

    /// <summary>A burst: its own replay under way, and packets routed to it that are not compared yet.</summary>
    private sealed record Follower(Task<Replayed> Replay, List<HeardPacket> Routed);

    /// <param name="Packets">Recorded packets by position that no packet was routed for yet; null: taken, but nothing new.</param>
    /// <param name="FirstHeard">Null: nothing is recorded.</param>
    private sealed record Replayed(Dictionary<long, HeardPacket?> Packets, DateTimeOffset? FirstHeard, ReplayedBurst Result, List<ReplayDifference> Differences);

    /// <summary>Decides one burst again by its own records alone.</summary>
    /// <param name="pace">Null: as fast as possible.</param>
    public static async Task<ReplayReport> OneAsync(
        IEventStore store, string burst, BurstOptions options, ReplayPace? pace, IProgress<ReplayProgress>? progress, TimeProvider time, CancellationToken cancellationToken)
    {
        var findings = new ReplayFindings();
        var recorded = await RecordedBurst.ReadAsync(store, burst, cancellationToken);
        if (pace is not null)
        {
            await PassAsync(recorded, pace, options, progress, time, cancellationToken);
        }

        var replayed = Compare(recorded, options);
        findings.Add(replayed.Result);
        findings.Add(replayed.Differences);
        return findings.Report(replayed.Packets.Count);
    }

    /// <summary>Lets the packets of a burst go by at a pace.</summary>
    private static async Task PassAsync(
        RecordedBurst recorded, ReplayPace pace, BurstOptions options, IProgress<ReplayProgress>? progress, TimeProvider time, CancellationToken cancellationToken)
    {
        var last = recorded.Records.Select(RecordedBurst.Position).OfType<long>().LastOrDefault();
        var (position, packets) = (0L, 0L);
        var paced = new PacedReplay(pace, options, time, Tell);
        foreach (var record in recorded.Records)
        {
            if (RecordedBurst.Position(record) is { } next)
            {
                var mission = RecordedBurst.Mission(record);
                await paced.WaitAsync(next, record.At, mission, cancellationToken);
                (position, packets) = (next, packets + 1);
                Tell(mission);
            }
        }

        void Tell(DateTimeOffset? at) => progress?.Report(new(position, last, packets, at));
    }

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
    public async Task ReportAsync(ReplayFindings findings, long upTo)
    {
        foreach (var (burst, follower) in followers)
        {
            var replayed = await follower.Replay;
            for (; patience > 0 && !follower.Routed.TrueForAll(packet => replayed.Packets.ContainsKey(packet.Position)); patience--)
            {
                await Task.Delay(Pause, TimeProvider.System);
                replayed = await ReplayAsync(burst);
            }

            if (!spokenOf.Holds(burst, replayed.FirstHeard))
            {
                continue;
            }

            var open = new Dictionary<long, HeardPacket?>(replayed.Packets); // A second report finds the same.
            findings.Add(replayed.Result);
            findings.Add(replayed.Differences);
            findings.Add(follower.Routed.Where(packet => !Recorded(open, packet)).Select(packet => Packet(burst, packet.Position, "is routed otherwise than recorded")));
            findings.Add(open.Keys.Where(position => position <= upTo).Select(position => Packet(burst, position, "is recorded and not routed")));
        }
    }

    public void Dispose() => places.Dispose();

    private static ReplayDifference Packet(string burst, long position, string what) =>
        new(burst, null, "packets", null, null, FormattableString.Invariant($"{burst}: packet {position} {what}"));

    private async Task<Replayed> ReplayAsync(string burst)
    {
        await places.WaitAsync();
        try
        {
            return Compare(await RecordedBurst.ReadAsync(store, burst, CancellationToken.None), options);
        }
        finally
        {
            places.Release();
        }
    }

    private static Replayed Compare(RecordedBurst recorded, BurstOptions options)
    {
        var again = BurstRules.Replayed(recorded.Id, recorded.Records, options);
        var notices = again.Notices.ToArray();
        var packets = new Dictionary<long, HeardPacket?>();
        foreach (var record in recorded.Records)
        {
            if (RecordedBurst.Position(record) is { } position)
            {
                packets.TryAdd(position, (record as PacketTaken)?.Packet);
            }
        }

        NoticeMade[] made = [.. recorded.Records.OfType<NoticeMade>()];
        return new(
            packets, recorded.FirstHeard, BurstComparison.Result(again.After, notices, made, exact: true), [.. BurstComparison.Notices(recorded.Id, made, notices, exact: true)]);
    }

    // The time of decoding is the one thing of a packet that only the record knows.
    private static bool Recorded(Dictionary<long, HeardPacket?> packets, HeardPacket routed) =>
        packets.Remove(routed.Position, out var recorded) && (recorded is null || recorded with { DecodedAt = routed.DecodedAt } == (recorded.Apid is null ? routed with { Apid = null, SequenceCount = null } : routed));
}
