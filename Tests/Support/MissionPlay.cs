using System.Collections.Immutable;
using Svom.Bursts;

namespace Svom.Support;

/// <summary>
/// Plays packets and acts in the order in which they were heard, with recurrent packets between them, through clock, assignment and
/// rules, as the platform does with its grains. Wall time is mission time here.
/// </summary>
public sealed class MissionPlay(BurstOptions options, bool rehearsal = false)
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Silence = TimeSpan.FromMinutes(9);
    private long position;

    public AssignmentState Assignment { get; private set; } = AssignmentState.Empty(rehearsal);

    public FeedClock Clock { get; private set; } = new();

    public Dictionary<string, BurstState> Bursts { get; } = new(StringComparer.Ordinal);

    public List<BurstRecord> Records { get; } = [];

    public IEnumerable<NoticeMade> Notices => Records.OfType<NoticeMade>();

    public MissionPlay Play(IEnumerable<(DateTimeOffset Heard, Evidence Evidence)> packets, IEnumerable<BurstAct> acts)
    {
        var facts = packets.Select(static p => (p.Heard, Do: (object)p.Evidence)).Concat(acts.Select(static a => (Heard: a.At ?? default, Do: (object)a))).ToList();
        var (first, last) = (facts.Min(static f => f.Heard) - TimeSpan.FromSeconds(20), facts.Max(static f => f.Heard) + Silence);
        for (var at = first; at < last; at += Pace)
        {
            facts.Add((at, "recurrent"));
        }

        foreach (var (heard, fact) in facts.OrderBy(static f => f.Heard))
        {
            Take(heard, fact);
        }

        return this;
    }

    private void Take(DateTimeOffset heard, object fact)
    {
        switch (fact)
        {
            case Evidence evidence:
                position++;
                Clock = Clock.Heard(evidence.PacketTime, heard, $"{position}", options);
                var plan = BurstAssignment.Assign(Assignment, evidence, Clock.Mark, options);
                Assignment = plan.State;
                Decide(plan.Burst!, new PacketsHeard([new(position, evidence, Clock.Mark, "T1", heard, heard, heard)]), heard);
                break;
            case BurstAct act when Bursts.Keys.FirstOrDefault() is { } burst:
                Decide(burst, new ActReceived(act), heard);
                break;
            case string:
                position++;
                Clock = Clock.Heard(heard - TimeSpan.FromSeconds(1), heard, $"{position}", options);
                foreach (var burst in Bursts.Keys.ToList())
                {
                    Decide(burst, new WatermarkReached(Clock.Mark), heard);
                }

                break;
        }
    }

    private void Decide(string burst, BurstInput input, DateTimeOffset now)
    {
        var state = Bursts.GetValueOrDefault(burst) ?? new BurstState(burst);
        var decision = BurstRules.Decide(state, input, new(now, options));
        Assert.Null(decision.Refusal);
        Bursts[burst] = decision.After;
        Records.AddRange(decision.Records);
    }
}
