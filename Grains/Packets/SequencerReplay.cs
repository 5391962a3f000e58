using System.Collections.Immutable;
using Svom.Bursts;

namespace Svom.Packets;

/// <summary>
/// The sequencer's part of a replay: routes the packets of the log again, batch by recorded batch, and hands them to the replays
/// of their bursts. Pure but for those.
/// </summary>
internal sealed class SequencerReplay(FeedId feed, BurstReplays bursts, BurstOptions options)
{
    private readonly List<ReplayDifference> differences = [];
    private SequencerState state = SequencerState.Empty(feed);
    private long packets;
    private bool begun;

    /// <summary>Position that the recorded batch under way reaches.</summary>
    public long Goal { get; private set; }

    /// <summary>Everything up to here is routed, or taken as recorded.</summary>
    public long Position => state.Position;

    /// <summary>Mission time there.</summary>
    public FeedClock Clock => state.Clock;

    /// <summary>Packets routed.</summary>
    public long Packets => packets;

    /// <summary>Takes a record as it is, without its packets: of what lies before the part that is played.</summary>
    public void Pass(SequencerRecord record) => state = SequencerState.Apply(state, record);

    /// <summary>Begins with a record, or goes on with it.</summary>
    /// <returns>True while packets must be routed before the record holds.</returns>
    public bool Begin(SequencerRecord record)
    {
        if (record is not SequencerRecord.Took took || took.UpTo <= state.Position)
        {
            return false;
        }

        if (!begun)
        {
            (begun, Goal) = (true, took.UpTo);
            state = state with { Assignment = Counting(state.Assignment, took) };
        }

        return true;
    }

    /// <summary>Routes what the page holds beyond the position. What is one batch in the records may be taken in parts: a cut changes nothing.</summary>
    /// <param name="upTo">No further than the page and the goal.</param>
    public void Take(FeedPage page, long upTo)
    {
        var (items, end) = (page.Slice.Items, page.After(upTo));
        for (var first = page.After(state.Position); ;)
        {
            // What was recorded as one batch may be more than one append holds today: then it is routed in parts.
            if (SequencerRules.Route(state, feed, new Part<LoggedReception>(items, first, end), new Part<DecodedReception>(page.Decoded, first, end), upTo, default, options, bursts.Take) is not { } transition)
            {
                return;
            }

            state = transition.Records.Aggregate(state, SequencerState.Apply);
            var next = page.After(state.Position);
            packets += next - first;
            first = next;
        }
    }

    /// <summary>The record's packets are routed: the record must say what came out.</summary>
    public void End(SequencerRecord record)
    {
        if (record is SequencerRecord.Took took && begun)
        {
            begun = false;
            Compare(took);
        }

        // Wishes came from outside; of what was routed here this repeats what is known.
        state = SequencerState.Apply(state, record);
    }

    public async Task<ReplayReport> ReportAsync()
    {
        var findings = new ReplayFindings();
        findings.Add(differences);
        await bursts.ReportAsync(findings, state.Position);
        return findings.Report(packets);
    }

    /// <summary>Numbers that other feeds took meanwhile are no decision of this one: the count before the batch follows from the count after it.</summary>
    private static AssignmentState Counting(AssignmentState assignment, SequencerRecord.Took took)
    {
        foreach (var (day, after) in took.Counters ?? [])
        {
            var opened = took.Sequences?.Count(sequence => sequence.Burst[2..8] == day && !assignment.Sequences.Any(known => known.Burst == sequence.Burst)) ?? 0;
            assignment = assignment with { Counters = assignment.Counters.SetItem(day, after - opened) };
        }

        return assignment;
    }

    private void Compare(SequencerRecord.Took took)
    {
        if (took.Clock != state.Clock)
        {
            Differ($"at {took.UpTo} mission time is {state.Clock.Mark:O}, recorded {took.Clock.Mark:O}");
        }

        foreach (var (burst, position) in took.Routed ?? [])
        {
            // A burst that was forgotten in the same batch is kept by nobody.
            if (state.Routed.GetValueOrDefault(burst) != position && state.Assignment.Sequences.Any(sequence => sequence.Burst == burst))
            {
                Differ($"at {took.UpTo} the last packet of {burst} is {state.Routed.GetValueOrDefault(burst)}, recorded {position}");
            }
        }
    }

    private void Differ(string what)
    {
        if (differences.Count < ReplayReport.MostDifferences)
        {
            differences.Add(new(null, null, "sequencer", null, null, $"{feed}: {what}"));
        }
    }

    /// <summary>Part of a list, without a copy.</summary>
    private sealed class Part<T>(IReadOnlyList<T> all, int first, int end) : IReadOnlyList<T>
    {
        public int Count => end - first;

        public T this[int index] => all[first + index];

        public IEnumerator<T> GetEnumerator() => all.Skip(first).Take(Count).GetEnumerator();

        System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
