namespace Svom.Bursts;

/// <summary>What happens when a time comes: deadlines and acts that wait for their mission time.</summary>
internal static class BurstDeadlines
{
    /// <summary>Mission time at which not-slewing is said; null when it cannot be any more, or not yet.</summary>
    public static DateTimeOffset? NoSlew(BurstState state, BurstOptions options) =>
        MayFireNoSlew(state) && state.Science.FirstAlert is { } first ? first.PacketTime + options.SlewDeadline : null;

    public static DateTimeOffset? NextMission(BurstState state, BurstOptions options) =>
        state.Pending.Select(static p => p.Act.At).Concat(ByMission(state, options).Select(static d => (DateTimeOffset?)d.Due))
            .Append(MessageRules.NextMission(state, options)).Where(static at => at is not null).Min();

    public static DateTimeOffset? NextWall(BurstState state, BurstOptions options) =>
        BurstExpectations.ByWall(state, options).Select(static d => (DateTimeOffset?)d.Due)
            .Append(MayFireNoSlew(state) ? state.EclairsFirstHeard + options.SlewDeadline : null).Append(Close(state, options))
            .Append(MessageRules.NextWall(state, options)).Min();

    /// <summary>
    /// Fires what comes before a packet: what is due at its watermark, and acts that wait for a time before its reception. A person acts on
    /// what was heard by then; the watermark trails, so it alone would let the packet slip in before the act. A deadline, on the other
    /// hand, must wait for the watermark: what it waits for may be this packet.
    /// </summary>
    public static void AdvanceBefore(BurstRun run, HeardPacket packet)
    {
        var plausible = packet.ReceivedAt - packet.Watermark <= run.Options.WatermarkAllowance + run.Options.AheadLimit;
        Advance(run, packet.Watermark, at => at <= packet.Watermark || (plausible && at < packet.ReceivedAt));
    }

    /// <summary>Fires everything due at a watermark.</summary>
    public static void AdvanceMission(BurstRun run, DateTimeOffset watermark) => Advance(run, watermark, at => at <= watermark);

    /// <summary>Earliest first; of equal times deadlines, then validation, then the rest, then retraction.</summary>
    private static void Advance(BurstRun run, DateTimeOffset watermark, Func<DateTimeOffset, bool> actIsDue)
    {
        while (true)
        {
            // Stable: acts of one kind keep the order in which they came.
            var act = run.State.Pending.Where(p => p.Act.At is { } at && actIsDue(at)).OrderBy(static p => p.Act.At).ThenBy(static p => Rank(p.Act.Kind)).FirstOrDefault();
            if (MessageRules.FirstDue(run, watermark) is { } closing && !(act?.Act.At < closing.Due) && !(FirstDue(run, watermark)?.Due <= closing.Due))
            {
                run.Write(closing);
            }
            else if (FirstDue(run, watermark) is var (rule, due) && !(act?.Act.At < due))
            {
                BurstReactions.Take(run, new DeadlineFired(run.Now, rule, FiredBy.Watermark, due, watermark));
            }
            else if (act is not null)
            {
                BurstActs.TakeEffect(run, act, watermark);
            }
            else
            {
                return;
            }
        }
    }

    /// <summary>Fires what is due by wall time.</summary>
    public static void AdvanceWall(BurstRun run, DateTimeOffset time)
    {
        if (MayFireNoSlew(run.State) && run.State.EclairsFirstHeard + run.Options.SlewDeadline is { } due && due <= time)
        {
            BurstReactions.Take(run, new DeadlineFired(run.Now, BurstDeadline.NoSlew, FiredBy.WallClock, due, run.State.Watermark));
        }

        MessageRules.AdvanceWall(run, time);

        // A burst that is over is closed, not chased: what it waited for is nobody's concern any more.
        while (!(Close(run.State, run.Options) <= time)
            && BurstExpectations.ByWall(run.State, run.Options).Where(d => d.Due <= time).OrderBy(static d => d.Due).ToArray() is [var (rule, expected), ..])
        {
            BurstReactions.Take(run, new DeadlineFired(run.Now, rule, FiredBy.WallClock, expected, run.State.Watermark));
        }

        if (Close(run.State, run.Options) is { } close && close <= time)
        {
            BurstReactions.Take(run, new DeadlineFired(run.Now, BurstDeadline.Close, FiredBy.WallClock, close, run.State.Watermark));
        }
    }

    private static IEnumerable<(BurstDeadline Rule, DateTimeOffset Due)> ByMission(BurstState state, BurstOptions options) =>
        NoSlew(state, options) is { } due ? BurstExpectations.ByMission(state, options).Prepend((BurstDeadline.NoSlew, due)) : BurstExpectations.ByMission(state, options);

    private static (BurstDeadline Rule, DateTimeOffset Due)? FirstDue(BurstRun run, DateTimeOffset watermark) =>
        ByMission(run.State, run.Options).Where(d => d.Due <= watermark).OrderBy(static d => d.Due).ToArray() is [var first, ..] ? first : null;

    private static bool MayFireNoSlew(BurstState state) =>
        state.Science is { FirstAlert: not null, FirstSlewRequest: null, Slew: null }
        && !state.Fired.Contains(BurstDeadline.NoSlew) && !state.Made(NoticeTypes.NotSlewing) && !state.Made(NoticeTypes.Slewing);

    private static DateTimeOffset? Close(BurstState state, BurstOptions options) =>
        state.Fired.Contains(BurstDeadline.Close) ? null : state.FirstHeard + options.CloseAfter;

    private static int Rank(BurstActKind kind) => kind switch
    {
        BurstActKind.Validate => 0,
        BurstActKind.Retract => 2,
        _ => 1,
    };
}
