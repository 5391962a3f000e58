using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using Svom.Bursts;
using Svom.EventStore;

namespace Svom.Packets;

/// <summary>
/// What follows from a batch of a feed: which burst each packet belongs to, how far mission time has come, who is to be told. Pure:
/// the same state and packets give the same, however the batch was cut.
/// </summary>
internal static class SequencerRules
{
    // An append holds 4,096 owed rows, claims and index rows at most; a packet brings three of its own and two for each link.
    private const int MostParts = 2_000;
    private const int MostWakes = 1_000;

    /// <summary>Scope of claims on burst ids: a number is given once, whichever feed asks.</summary>
    public const string BurstIds = "burst-id";

    /// <summary>Routes a batch.</summary>
    /// <param name="upTo">The batch holds everything up to here that the state may lack; what the state has already is passed over.</param>
    /// <param name="decodedAt">Wall time, for the latency ledger.</param>
    /// <param name="routed">For a replay: is told each packet and its burst; nothing is owed then.</param>
    /// <returns>
    /// Null when the state is there already. A batch that opens more bursts than one append can hold is taken in part: the rest is routed by
    /// a next call on the state that follows.
    /// </returns>
    public static Transition<SequencerRecord>? Route(
        SequencerState state, FeedId feed, IReadOnlyList<LoggedReception> packets, IReadOnlyList<DecodedReception> decoded, long upTo,
        DateTimeOffset decodedAt, BurstOptions options, Action<string, HeardPacket>? routed = null)
    {
        if (upTo <= state.Position)
        {
            return null;
        }

        var (clock, assignment) = (state.Clock, state.Assignment);
        var batch = new Batch();
        for (var i = 0; i < packets.Count; i++)
        {
            var (packet, said) = (packets[i], decoded[i]);
            if (packet.Position <= state.Position)
            {
                continue;
            }

            if (batch.Parts >= MostParts)
            {
                upTo = packet.Position - 1;
                break;
            }

            if (said.Undecodable is { } why)
            {
                batch.Parked.Add(new(packet.Position, why));
                continue;
            }

            clock = Tick(clock, packet, options);
            if (said.Evidence is { } evidence)
            {
                var plan = BurstAssignment.Assign(assignment, evidence, clock.Mark, options);
                assignment = plan.State;
                batch.Take(plan, Heard(packet, evidence, clock, decodedAt));
            }
        }

        if (routed is not null)
        {
            foreach (var (burst, heard) in batch.Packets)
            {
                heard.ForEach(packet => routed(burst, packet));
            }
        }

        return Compose(state, feed, batch, clock, assignment, upTo, tell: routed is null);
    }

    /// <summary>Mission time after a packet. What nobody heard moves no time.</summary>
    public static FeedClock Tick(FeedClock clock, LoggedReception packet, BurstOptions options) =>
        packet.Verdict is ReceptionVerdict.Recovered ? clock : clock.Heard(packet.Header!.Value.PacketTime, packet.ReceivedAt, packet.Id.ToString(), options);

    /// <summary>A packet as its burst is handed it.</summary>
    public static HeardPacket Heard(LoggedReception packet, Evidence evidence, FeedClock clock, DateTimeOffset decodedAt) =>
        new(packet.Position, evidence, clock.Mark, packet.Station, packet.ReceivedAt, packet.StoredAt, decodedAt, packet.Id.ToString(), packet.Header!.Value.Apid, packet.Header.Value.SequenceCount);

    /// <summary>Takes a burst's wish: told at once when mission time is there already.</summary>
    public static Transition<SequencerRecord> Wish(SequencerState state, FeedId feed, IReadOnlyList<WakeWish> wishes)
    {
        var records = new List<SequencerRecord>(wishes.Select(static wish => new SequencerRecord.Wished(wish.Burst, wish.At, wish.Version)));
        var after = records.Aggregate(state, SequencerState.Apply);
        var (woken, messages) = Wake(after, feed, after.Clock, new());
        if (woken is not null)
        {
            records.Add(new SequencerRecord.Took(state.Position, state.Clock, null, null, null, null, woken));
        }

        return new([.. records]) { Owed = messages };
    }

    private static Transition<SequencerRecord> Compose(
        SequencerState before, FeedId feed, Batch batch, FeedClock clock, AssignmentState assignment, long upTo, bool tell)
    {
        var (woken, wakes) = Wake(before, feed, clock, batch.Packets);
        var (changed, forgotten) = before.Assignment.Sequences == assignment.Sequences ? default : Difference(before.Assignment.Sequences.AsSpan(), assignment.Sequences.AsSpan());
        var took = new SequencerRecord.Took(
            upTo, clock, changed, forgotten, Counted(batch.Opened, assignment),
            batch.Packets.Count == 0 ? null : batch.Packets.ToDictionary(static entry => entry.Key, static entry => entry.Value[^1].Position, StringComparer.Ordinal),
            woken);
        return new([.. batch.Parked, took])
        {
            Owed = tell ? [.. Messages(before, feed, batch), .. wakes] : [],
            Claims = [.. batch.Opened.Select(static burst => new Claim(BurstIds, burst))],
            Index = [.. batch.Opened.Select(burst => BurstIndex.Feed(burst, feed.ToString()))],
        };
    }

    private static IEnumerable<Owed> Messages(SequencerState before, FeedId feed, Batch batch)
    {
        foreach (var (burst, packets) in batch.Packets)
        {
            yield return BurstRoute.To(burst, new(feed.ToString(), before.Routed.GetValueOrDefault(burst), [.. packets]));
        }

        foreach (var (burst, related) in batch.Links)
        {
            yield return BurstRoute.To(burst, new(feed.ToString(), 0, [], Link: related));
            yield return BurstRoute.To(related, new(feed.ToString(), 0, [], Link: burst));
        }
    }

    /// <summary>Tells bursts whose mission time has come; one whose own packets of this batch show it needs no telling.</summary>
    private static (string[]? Woken, List<Owed> Messages) Wake(
        SequencerState state, FeedId feed, FeedClock clock, Dictionary<string, List<HeardPacket>> packets)
    {
        List<string>? woken = null;
        var messages = new List<Owed>();
        foreach (var (at, burst) in state.Soonest)
        {
            if (at > clock.Mark || messages.Count == MostWakes)
            {
                break; // The next packet wakes the others.
            }

            (woken ??= []).Add(burst);
            if (!(packets.TryGetValue(burst, out var heard) && heard[^1].Watermark >= at))
            {
                messages.Add(BurstRoute.To(burst, new(feed.ToString(), 0, [], Watermark: clock.Watermark)));
            }
        }

        return (woken?.ToArray(), messages);
    }

    /// <summary>The sequences that are new or changed, and those forgotten.</summary>
    private static (BurstSequence[]? Changed, string[]? Forgotten) Difference(ReadOnlySpan<BurstSequence> before, ReadOnlySpan<BurstSequence> after)
    {
        // What stands as it stood, from either end: as a rule, all but the one that a packet opened or changed.
        var same = before.CommonPrefixLength(after, ReferenceEqualityComparer.Instance);
        before = before[same..];
        after = after[same..];
        while (before.Length > 0 && after.Length > 0 && ReferenceEquals(before[^1], after[^1]))
        {
            before = before[..^1];
            after = after[..^1];
        }

        var known = new HashSet<object>(ReferenceEqualityComparer.Instance);
        foreach (var sequence in before)
        {
            known.Add(sequence);
        }

        var changed = new List<BurstSequence>();
        var kept = new HashSet<string>(StringComparer.Ordinal);
        foreach (var sequence in after)
        {
            kept.Add(sequence.Burst);
            if (!known.Contains(sequence))
            {
                changed.Add(sequence);
            }
        }

        var forgotten = new List<string>();
        foreach (var sequence in before)
        {
            if (!kept.Contains(sequence.Burst))
            {
                forgotten.Add(sequence.Burst);
            }
        }

        return ([.. changed], forgotten.Count == 0 ? null : [.. forgotten]);
    }

    /// <summary>Numbers given, of the days of those opened: the days of a whole mission are remembered.</summary>
    private static Dictionary<string, int>? Counted(List<string> opened, AssignmentState after) => opened.Count == 0 ? null
        : opened.Select(static burst => burst[2..8]).Distinct(StringComparer.Ordinal).ToDictionary(static day => day, day => after.Counters[day], StringComparer.Ordinal);

    /// <summary>The highest number given for a burst's day, from the ids of that day; for a feed whose count lags behind another's.</summary>
    public static string? Highest(IEnumerable<string> ids) =>
        ids.Where(static id => id.Length >= 10).MaxBy(static id => int.TryParse(id.AsSpan(8), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0);

    /// <summary>A batch being routed.</summary>
    private sealed class Batch
    {
        public Dictionary<string, List<HeardPacket>> Packets { get; } = new(StringComparer.Ordinal);

        public List<string> Opened { get; } = [];

        public List<(string Burst, string Related)> Links { get; } = [];

        public List<SequencerRecord.Parked> Parked { get; } = [];

        public int Parts => Packets.Count + (2 * (Opened.Count + Links.Count));

        public void Take(PlannedAssignment plan, HeardPacket packet)
        {
            if (plan.Burst is not { } burst)
            {
                Parked.Add(new(packet.Position, EvidenceChecks.Fault(packet.Evidence) ?? "It belongs to no burst."));
                return;
            }

            if (plan.Opened)
            {
                Opened.Add(burst);
            }

            Links.AddRange(plan.Related.Take(BurstState.MaxRelated).Select(related => (burst, related)));
            (CollectionsMarshal.GetValueRefOrAddDefault(Packets, burst, out _) ??= []).Add(packet);
        }
    }
}
