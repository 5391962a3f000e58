using System.Collections.Immutable;
using System.Globalization;
using Svom.Bursts;

namespace Svom.Packets;

/// <summary>
/// Decides a feed anew by today's rules and settings. Pure: time is what the packets and records say. Acts are repeated where people did
/// them: after the packets and deadlines that their burst had seen. A burst that opens where one was opened then keeps its number; one that
/// opens elsewhere gets a number beyond 900, which no night reaches.
/// </summary>
internal sealed class FeedResimulation(FeedId feed, BurstOptions options)
{
    private const int FirstOwnNumber = 900;
    private readonly Dictionary<string, Resimulated> bursts = new(StringComparer.Ordinal);
    private readonly Dictionary<long, string> openers = [];
    private readonly Dictionary<(string Burst, long Position), (DateTimeOffset At, DateTimeOffset? DecodedAt)> taken = [];
    private readonly Dictionary<string, int> ownNumbers = new(StringComparer.Ordinal);
    private readonly List<RecordedAct> acts = [];
    private readonly List<ReplayDifference> refused = [];
    private AssignmentState assignment = AssignmentState.Empty(!feed.Live);
    private FeedClock clock = new();
    private DateTimeOffset nextMission = DateTimeOffset.MaxValue;
    private DateTimeOffset nextWall = DateTimeOffset.MaxValue;
    private DateTimeOffset recordedEnd;

    /// <summary>Packets taken.</summary>
    public long Packets { get; private set; }

    /// <summary>Mission time reached.</summary>
    public FeedClock Clock => clock;

    /// <summary>Acts that today's rules refuse.</summary>
    public IReadOnlyList<ReplayDifference> Refused => refused;

    /// <summary>Bursts as they stand.</summary>
    public IReadOnlyDictionary<string, Resimulated> Bursts => bursts;

    /// <summary>Learns what was recorded of a burst: where it began, what people did and when its packets were taken.</summary>
    public void Know(RecordedBurst burst)
    {
        foreach (var record in burst.Records)
        {
            if (RecordedBurst.Position(record) is { } position)
            {
                openers.TryAdd(position, burst.Id);
                taken.TryAdd((burst.Id, position), (record.At, (record as PacketTaken)?.Packet.DecodedAt));
            }
        }

        acts.AddRange(burst.Acts());
        acts.Sort(static (one, other) => one.Act.At.CompareTo(other.Act.At));
        recordedEnd = burst.Last > recordedEnd ? burst.Last.Value : recordedEnd;
    }

    /// <summary>Takes the next packet of the log.</summary>
    public void Take(LoggedReception packet, DecodedReception said)
    {
        Packets++;
        if (said.Undecodable is not null)
        {
            return;
        }

        var after = SequencerRules.Tick(clock, packet, options);
        Act(act => act.After < packet.Position && (act.Act.At < packet.StoredAt || act.Next <= packet.Position || act.NextMark <= after.Mark));
        Wall(packet.StoredAt);
        clock = after;
        if (said.Evidence is { } evidence)
        {
            Route(packet, evidence);
        }

        if (nextMission <= clock.Mark)
        {
            Reach(clock.Mark, packet.StoredAt);
        }
    }

    /// <summary>The log is over: what was recorded after it comes still.</summary>
    public void Finish()
    {
        Act(static _ => true);
        Wall(recordedEnd);
    }

    private void Route(LoggedReception packet, Evidence evidence)
    {
        var day = BurstAssignment.DayOf(evidence);
        var opener = openers.GetValueOrDefault(packet.Position);
        var given = opener is not null && !bursts.ContainsKey(opener) && opener[2..8] == day && int.TryParse(opener.AsSpan(8), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : (int?)null;
        var before = given - 1 ?? ownNumbers.GetValueOrDefault(day, FirstOwnNumber);
        var plan = BurstAssignment.Assign(assignment with { Counters = assignment.Counters.SetItem(day, before) }, evidence, clock.Mark, options);
        assignment = plan.State;
        if (plan.Burst is not { } burst)
        {
            return;
        }

        if (plan.Opened && given is null)
        {
            ownNumbers[day] = before + 1;
        }

        var (at, decodedAt) = taken.GetValueOrDefault((burst, packet.Position), (packet.StoredAt, null));
        Decide(burst, new PacketsHeard([SequencerRules.Heard(packet, evidence, clock, decodedAt ?? packet.StoredAt)]), at);
        bursts[burst].Positions.Add(packet.Position);
        foreach (var related in plan.Related.Take(BurstState.MaxRelated))
        {
            Decide(burst, new LinkFound(related), at);
            Decide(related, new LinkFound(burst), at);
        }
    }

    /// <summary>Repeats the acts whose moment has come.</summary>
    private void Act(Func<RecordedAct, bool> come)
    {
        for (var i = 0; i < acts.Count;)
        {
            var act = acts[i];
            if (!come(act))
            {
                i++;
                continue;
            }

            acts.RemoveAt(i);
            Wall(act.Act.At);
            var (kind, key) = (act.Act.Act.Kind.ToString().ToLowerInvariant(), act.Act.Key);
            if (!bursts.ContainsKey(act.Burst))
            {
                refused.Add(new(act.Burst, null, "act", kind, null, $"{act.Burst}: act {kind} ({key}) finds no burst now"));
            }
            else if (Decide(act.Burst, new ActReceived(act.Act.Act, act.Act.Alert), act.Act.At).Refusal is { } refusal)
            {
                refused.Add(new(act.Burst, null, "act", kind, refusal.Detail, $"{act.Burst}: act {kind} ({key}) is refused now: {refusal.Detail}"));
            }
        }
    }

    private void Wall(DateTimeOffset until)
    {
        while (nextWall < until)
        {
            var due = bursts.Values.Where(burst => burst.NextWall == nextWall).Select(static burst => burst.State.Id).ToArray();
            var time = nextWall;
            foreach (var burst in due)
            {
                Decide(burst, new WallClockReached(time), time);
            }

            nextWall = bursts.Values.Select(static burst => burst.NextWall).Where(wall => wall > time).Min() ?? DateTimeOffset.MaxValue;
        }
    }

    private void Reach(DateTimeOffset mark, DateTimeOffset at)
    {
        foreach (var burst in bursts.Values.Where(burst => burst.NextMission <= mark).Select(static burst => burst.State.Id).ToArray())
        {
            Decide(burst, new WatermarkReached(mark), at);
        }

        nextMission = bursts.Values.Select(static burst => burst.NextMission).Where(mission => mission > mark).Min() ?? DateTimeOffset.MaxValue;
    }

    private Decision Decide(string burst, BurstInput input, DateTimeOffset at)
    {
        if (!bursts.TryGetValue(burst, out var known))
        {
            bursts.Add(burst, known = new(new(burst)));
        }

        var decision = BurstRules.Decide(known.State, input, new(at, options));
        known.Take(decision);
        nextMission = decision.NextMissionDeadline < nextMission ? decision.NextMissionDeadline.Value : nextMission;
        nextWall = decision.NextWallDeadline < nextWall ? decision.NextWallDeadline.Value : nextWall;
        return decision;
    }
}

/// <summary>A burst that is decided anew.</summary>
internal sealed class Resimulated(BurstState initial)
{
    private readonly List<NoticeMade> notices = [];

    public BurstState State { get; private set; } = initial;

    public IReadOnlyList<NoticeMade> Notices => notices;

    /// <summary>Positions of its packets.</summary>
    public HashSet<long> Positions { get; } = [];

    public DateTimeOffset? NextMission { get; private set; }

    public DateTimeOffset? NextWall { get; private set; }

    public void Take(Decision decision)
    {
        (State, NextMission, NextWall) = (decision.After, decision.NextMissionDeadline, decision.NextWallDeadline);
        notices.AddRange(decision.Notices);
    }
}
