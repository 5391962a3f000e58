using System.Collections.Immutable;
using System.Globalization;

namespace Svom.Bursts;

/// <summary>An alert sequence as the assignment knows it.</summary>
/// <param name="Reference">T0 that gave the number, or the packet time when none was known.</param>
/// <param name="ObservationId">Null for GRM alone.</param>
/// <param name="EclairsT0">Null before an alert was heard.</param>
/// <param name="GrmT0s">T0s of its GRM triggers, at most 16.</param>
/// <param name="Opened">The feed's mission time when it was opened: old packets that arrive late belong together too.</param>
public sealed record BurstSequence(
    string Burst, DateTimeOffset Reference, uint? ObservationId, DateTimeOffset? EclairsT0, ImmutableArray<DateTimeOffset> GrmT0s, DateTimeOffset? Opened = null);

/// <summary>What one feed's sequencer must remember to give packets to bursts. Bounded.</summary>
/// <param name="Prefix">sb, or tb in a rehearsal.</param>
/// <param name="Sequences">In order of opening. An array, for each packet looks at all of them.</param>
/// <param name="Counters">Numbers given, by day (YYMMDD). Never forgotten: a number is given once.</param>
public sealed record AssignmentState(string Prefix, ImmutableArray<BurstSequence> Sequences, ImmutableSortedDictionary<string, int> Counters)
{
    /// <summary>Nothing heard yet.</summary>
    public static AssignmentState Empty(bool rehearsal) => new(rehearsal ? "tb" : "sb", [], ImmutableSortedDictionary<string, int>.Empty);

    /// <summary>The number was given elsewhere: the next one of that day lies above it.</summary>
    public AssignmentState WithTaken(string burst) =>
        burst is { Length: >= 10 } && int.TryParse(burst.AsSpan(8), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? this with { Counters = Counters.SetItem(burst[2..8], Math.Max(number, Counters.GetValueOrDefault(burst[2..8]))) }
            : this;
}

/// <summary>Where a packet belongs.</summary>
/// <param name="Burst">Null when the evidence cannot be: it belongs nowhere.</param>
/// <param name="Opened">True for a new burst: its number must be claimed.</param>
/// <param name="Related">Bursts found to be linked now that both have a number: they stay apart.</param>
public sealed record PlannedAssignment(AssignmentState State, string? Burst, bool Opened, ImmutableArray<string> Related);

/// <summary>
/// Which burst a packet belongs to: ECLAIRs, MXT and slew packets by their Observation ID, GRM triggers by T0. A GRM trigger and an
/// ECLAIRs sequence whose T0s lie near each other are one burst, whichever came first. Given numbers never merge.
/// </summary>
public static class BurstAssignment
{
    private const int MaxGrmT0s = 16;

    /// <summary>Gives a packet to a burst.</summary>
    /// <param name="watermark">The feed's mission time: what lies far before it is forgotten.</param>
    public static PlannedAssignment Assign(AssignmentState state, Evidence evidence, DateTimeOffset watermark, BurstOptions options)
    {
        if (EvidenceChecks.Fault(evidence) is not null)
        {
            return new(state, null, false, []);
        }

        return evidence switch
        {
            EclairsAlert alert => AssignAlert(state, alert, watermark, options),
            GrmTrigger trigger => AssignGrm(state, trigger, watermark, options),
            MxtPosition position => AssignFollower(state, position.ObservationId, position.PacketTime, watermark, options),
            SlewAnswer answer => AssignFollower(state, answer.ObservationId, answer.PacketTime, watermark, options),
            MessagePart part => AssignPart(state, part, watermark, options),
            _ => new(state, null, false, []),
        };
    }

    /// <summary>The day (YYMMDD) whose counter gives the number if this evidence opens a burst.</summary>
    public static string DayOf(Evidence evidence) => Day(evidence switch
    {
        EclairsAlert alert => alert.SequenceT0,
        GrmTrigger trigger => trigger.T0,
        MessagePart part => part.GrmT0 ?? part.Window ?? part.PacketTime,
        _ => evidence.PacketTime,
    });

    private static string Day(DateTimeOffset t0) => t0.UtcDateTime.ToString("yyMMdd", CultureInfo.InvariantCulture);

    private static PlannedAssignment AssignAlert(AssignmentState state, EclairsAlert alert, DateTimeOffset watermark, BurstOptions options)
    {
        if (state.Sequences.FirstOrDefault(s => s.ObservationId == alert.ObservationId) is { } known)
        {
            if (known.EclairsT0 is not null)
            {
                return new(state, known.Burst, false, []);
            }

            // Its first packets were lost: only now can it be seen which GRM bursts it should have joined.
            var timed = known with { EclairsT0 = alert.SequenceT0 };
            var missed = NearGrm(state, alert.SequenceT0, options).Where(s => s.Burst != known.Burst).Select(static s => s.Burst);
            return new(Replace(state, known, timed), known.Burst, false, [.. missed]);
        }

        var near = NearGrm(state, alert.SequenceT0, options);
        if (near is [var nearest, .. var others])
        {
            var joined = nearest with { ObservationId = alert.ObservationId, EclairsT0 = alert.SequenceT0 };
            return new(Replace(state, nearest, joined), nearest.Burst, false, [.. others.Select(static s => s.Burst)]);
        }

        return Open(state, alert.SequenceT0, watermark, options, new("", alert.SequenceT0, alert.ObservationId, alert.SequenceT0, []));
    }

    private static PlannedAssignment AssignGrm(AssignmentState state, GrmTrigger trigger, DateTimeOffset watermark, BurstOptions options)
    {
        if (state.Sequences.FirstOrDefault(s => s.GrmT0s.Contains(trigger.T0)) is { } known)
        {
            return new(state, known.Burst, false, []);
        }

        var nearest = state.Sequences
            .Where(s => s.EclairsT0 is { } t0 && (t0 - trigger.T0).Duration() <= options.Association)
            .OrderBy(s => (s.EclairsT0!.Value - trigger.T0).Duration()).ThenBy(static s => s.EclairsT0).ThenBy(static s => s.Burst, StringComparer.Ordinal)
            .FirstOrDefault();
        if (nearest is null)
        {
            return Open(state, trigger.T0, watermark, options, new("", trigger.T0, null, null, [trigger.T0]));
        }

        var joined = nearest.GrmT0s.Length < MaxGrmT0s ? nearest with { GrmT0s = nearest.GrmT0s.Add(trigger.T0) } : nearest;
        return new(Replace(state, nearest, joined), nearest.Burst, false, []);
    }

    private static PlannedAssignment AssignFollower(AssignmentState state, uint observation, DateTimeOffset time, DateTimeOffset watermark, BurstOptions options) =>
        state.Sequences.FirstOrDefault(s => s.ObservationId == observation) is { } known
            ? new(state, known.Burst, false, [])
            : Open(state, time, watermark, options, new("", time, observation, null, []));

    // A part may be all that was heard of a burst, so it may open one. Late ones never do: their burst may be forgotten, and would get a second number.
    private static PlannedAssignment AssignPart(AssignmentState state, MessagePart part, DateTimeOffset watermark, BurstOptions options)
    {
        var late = watermark - part.PacketTime > options.LateAfter;
        if (part.GrmT0 is not { } t0)
        {
            return state.Sequences.FirstOrDefault(s => s.ObservationId == part.ObservationId) is { } heard ? new(state, heard.Burst, false, [])
                : late ? new(state, null, false, [])
                : part.Window is { } window ? AssignWindow(state, part.ObservationId, window, watermark, options)
                : AssignFollower(state, part.ObservationId, part.PacketTime, watermark, options);
        }

        var known = state.Sequences.FirstOrDefault(s => s.GrmT0s.Contains(t0)) ?? Nearest(state, t0, options);
        return known is not null ? new(state, known.Burst, false, [])
            : late ? new(state, null, false, [])
            : Open(state, t0, watermark, options, new("", t0, null, null, [t0]));
    }

    // Its alerts were not heard yet, or never: the window that it is about stands for T0, so that GRM's trigger and its curves are found all the same.
    private static PlannedAssignment AssignWindow(AssignmentState state, uint observation, DateTimeOffset window, DateTimeOffset watermark, BurstOptions options)
    {
        if (NearGrm(state, window, options) is [var nearest, .. var others])
        {
            return new(Replace(state, nearest, nearest with { ObservationId = observation, EclairsT0 = window }), nearest.Burst, false, [.. others.Select(static s => s.Burst)]);
        }

        return Open(state, window, watermark, options, new("", window, observation, window, []));
    }

    // The burst whose T0, of either instrument, lies nearest.
    private static BurstSequence? Nearest(AssignmentState state, DateTimeOffset t0, BurstOptions options) => state.Sequences
        .Select(s => (Sequence: s, Distance: s.GrmT0s.Select(g => (g - t0).Duration()).Append((s.EclairsT0 - t0)?.Duration() ?? TimeSpan.MaxValue).Min()))
        .Where(s => s.Distance <= options.Association)
        .OrderBy(static s => s.Distance).ThenBy(static s => s.Sequence.Burst, StringComparer.Ordinal)
        .Select(static s => s.Sequence).FirstOrDefault();

    // GRM bursts without an ECLAIRs sequence, nearest first.
    private static List<BurstSequence> NearGrm(AssignmentState state, DateTimeOffset t0, BurstOptions options) =>
        [.. state.Sequences
            .Where(static s => s is { ObservationId: null })
            .Select(s => (Sequence: s, Distance: s.GrmT0s.Min(g => (g - t0).Duration())))
            .Where(s => s.Distance <= options.Association)
            .OrderBy(static s => s.Distance).ThenBy(static s => s.Sequence.Reference).ThenBy(static s => s.Sequence.Burst, StringComparer.Ordinal)
            .Select(static s => s.Sequence)];

    private static PlannedAssignment Open(
        AssignmentState state, DateTimeOffset t0, DateTimeOffset watermark, BurstOptions options, BurstSequence sequence)
    {
        var day = Day(t0);
        var number = state.Counters.GetValueOrDefault(day) + 1;
        var burst = string.Create(CultureInfo.InvariantCulture, $"{state.Prefix}{day}{number:D2}");
        var kept = state.Sequences.RemoveAll(s => watermark - (s.Opened > s.Reference ? s.Opened.Value : s.Reference) > options.KeepSequences);
        kept = kept.Length >= options.MostSequences ? kept.RemoveRange(0, kept.Length - options.MostSequences + 1) : kept;
        return new(
            state with { Sequences = kept.Add(sequence with { Burst = burst, Opened = watermark > t0 ? watermark : null }), Counters = state.Counters.SetItem(day, number) }, burst, true, []);
    }

    private static AssignmentState Replace(AssignmentState state, BurstSequence old, BurstSequence next) =>
        state with { Sequences = state.Sequences.Replace(old, next, ReferenceEqualityComparer.Instance) };
}
