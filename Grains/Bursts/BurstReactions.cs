namespace Svom.Bursts;

/// <summary>
/// The ladder of notices. Each cause is written and then answered here, on the state with it. Sent or held, and what is
/// cited, follow from what was made before; nothing that was made is ever made again.
/// </summary>
internal static class BurstReactions
{
    public static void Take(BurstRun run, BurstRecord cause)
    {
        run.Write(cause);
        switch (cause)
        {
            case PacketTaken { Packet.Evidence: MessagePart part }:
                MessageRules.OnPart(run, part); // Nobody is told by a notice: however late it is, it fills its message.
                break;
            case PacketTaken taken when IsLate(taken.Packet.Watermark, taken.Packet.Evidence, run.Options):
                break; // Too old to tell anybody: the state has it.
            case PacketTaken taken:
                OnPacket(run, taken.Packet);
                break;
            case DeadlineFired { Rule: BurstDeadline.NoSlew }:
                OnNoSlew(run);
                break;
            case DeadlineFired { Rule: BurstDeadline.ValidationOverdue }:
                Alarm(run, BurstExpectations.ValidationDue(run.State, run.Options), "validation-overdue", "Nobody has accepted or rejected the alert in time.");
                break;
            case DeadlineFired { Rule: BurstDeadline.PositionOverdue }:
                Alarm(run, BurstExpectations.PositionDue(run.State, run.Options), "position-overdue", "The platform slews, and MXT has told no position in time.");
                break;
            case DeadlineFired { Rule: BurstDeadline.Close } when run.State.Status is BurstStatus.Active:
                run.Write(new StatusChanged(run.Now, BurstStatus.Closed, "Nothing more is expected."));
                break;
            case ActEffective { Without: null, Act: { Kind: BurstActKind.Validate, Accept: true } } act:
                MakeFirstEclairs(run, act.Alert is { } count ? run.State.Science.Alerts.GetValueOrDefault(count) : null, act.Act.Reason);
                break;
            case ActEffective { Without: null, Act.Kind: BurstActKind.Retract } act:
                Retract(run, act.Act);
                break;
        }
    }

    /// <summary>True when the platform accepted the slew, in time, and its notice waits for the wakeup.</summary>
    public static bool SlewingWaits(BurstState state, BurstOptions options) =>
        state.Science is { Slew: { Accepted: true } answer, FirstAlert: not null } && !state.Made(NoticeTypes.Slewing)
        && !IsLate(state.Hearings.GetValueOrDefault(BurstFold.HearingKey(answer))?.Watermark, answer, options);

    private static bool IsLate(DateTimeOffset? watermark, Evidence evidence, BurstOptions options) => watermark - evidence.PacketTime > options.LateAfter;

    private static void OnPacket(BurstRun run, HeardPacket packet)
    {
        switch (packet.Evidence)
        {
            case GrmTrigger { Implausible: false, Recovered: false } trigger when trigger.DetectorCount >= 2 && !run.State.Made(NoticeTypes.GrmTrigger):
                NoticeMaker.Make(run, new(NoticeTypes.GrmTrigger, trigger, BecauseRetracted(run.State), packet));
                break;
            case EclairsAlert alert:
                OnAlert(run, alert, packet);
                break;
            case SlewAnswer { Recovered: true }:
                break; // What comes next asks for the slew again: a whole copy, the wakeup, another alert, MXT.
            case SlewAnswer when run.State.Science.Slew is { Accepted: true }:
                if (run.State.FirstEclairs is not null)
                {
                    MakeSlewing(run);
                }

                break;
            case SlewAnswer:
                MakeNotSlewing(run);
                break;
            case MxtPosition { Implausible: false, Recovered: false } position:
                OnMxt(run, position, packet);
                break;
        }
    }

    private static void OnNoSlew(BurstRun run)
    {
        var due = run.State.Science.FirstAlert?.PacketTime + run.Options.SlewDeadline;
        if (!(run.State.Watermark - due > run.Options.LateAfter))
        {
            MakeNotSlewing(run);
        }
    }

    // Of an old burst that is played again days later nobody needs to be woken.
    private static void Alarm(BurstRun run, DateTimeOffset? due, string code, string text)
    {
        if (!(run.State.Watermark - due > run.Options.LateAfter))
        {
            run.Write(new AdvocateAlarmed(run.Now, code, text));
        }
    }

    private static void OnAlert(BurstRun run, EclairsAlert alert, HeardPacket packet)
    {
        if (alert.MessageCount == 0 && !run.State.Made(NoticeTypes.Preliminary))
        {
            NoticeMaker.Make(run, new(NoticeTypes.Preliminary, alert, "A preliminary notice is never sent.", packet));
        }

        if (run.State.Science.Slew is { Accepted: false } && !run.State.Made(NoticeTypes.Slewing))
        {
            MakeNotSlewing(run); // The refusal was heard before any alert.
        }

        if (run.State.FirstEclairs is not null && run.State.Science.Slew is { Accepted: true, Recovered: true } && !alert.Implausible)
        {
            MakeSlewing(run); // The acceptance was recovered from broken copies and waited for a second packet.
        }

        // A recovered alert that was heard alone may be good enough once this one vouches for it.
        if (run.State.Validated is null && (IsGoodEnough(run, alert) || (run.State.Science.BestAlert is { Recovered: true } best && IsGoodEnough(run, best))))
        {
            MakeFirstEclairs(run, null, null);
        }
    }

    private static bool IsGoodEnough(BurstRun run, EclairsAlert alert) =>
        run.State.Science.IsConfirmed(alert) && alert.Quality >= run.Options.AutomaticQuality && alert.Snr >= run.Options.AutomaticSnr;

    private static void OnMxt(BurstRun run, MxtPosition position, HeardPacket packet)
    {
        if (MxtRules.Quality(position) is not { } quality)
        {
            return;
        }

        var made = run.State.Notices.FindAll(static n => n.Type is NoticeTypes.MxtInitial or NoticeTypes.MxtUpdate);
        if (made.IsEmpty)
        {
            MakeSlewing(run);
        }
        else if (made.Count > MxtRules.MostUpdates || made.Exists(n => n.Quality >= quality || n.MxtSource != position.Source))
        {
            return; // Not better, or another source than the one that was told.
        }

        var held = BecauseRetracted(run.State)
            ?? (run.State.Notices.Exists(static n => n is { Type: NoticeTypes.Wakeup or NoticeTypes.Catalog, Sent: true, Withdrawn: false })
                ? null : "No wakeup or catalogue notice was sent.");
        NoticeMaker.Make(run, new(made.IsEmpty ? NoticeTypes.MxtInitial : NoticeTypes.MxtUpdate, position, held, packet, Quality: quality));
        if (run.State.Status is BurstStatus.Retracted)
        {
            run.Write(new AdvocateAlarmed(run.Now, "mxt-after-retraction", "MXT found a position after the burst was retracted; its notice is held."));
        }
    }

    private static void MakeFirstEclairs(BurstRun run, EclairsAlert? chosen, string? reason)
    {
        if (run.State.FirstEclairs is not null || (chosen ?? run.State.Science.BestAlert) is not { } alert)
        {
            return;
        }

        var type = alert.CatalogNumber > 0 ? NoticeTypes.Catalog : NoticeTypes.Wakeup;
        NoticeMaker.Make(run, new(type, alert, BecauseRetracted(run.State), Reason: reason));
        MakeSlewing(run);
    }

    private static void MakeSlewing(BurstRun run)
    {
        if (SlewingWaits(run.State, run.Options))
        {
            NoticeMaker.Make(run, new(NoticeTypes.Slewing, run.State.Science.FirstSlewRequest ?? run.State.Science.BestAlert!, BecauseOfWakeup(run.State)));
        }
    }

    private static void MakeNotSlewing(BurstRun run)
    {
        if (run.State.Made(NoticeTypes.Slewing))
        {
            run.Write(new AdvocateAlarmed(run.Now, "slew-answers-contradict", "The platform refuses a slew that it had accepted; nothing is said."));
        }
        else if (!run.State.Made(NoticeTypes.NotSlewing) && (run.State.Science.FirstSlewRequest ?? run.State.Science.BestAlert) is { } alert)
        {
            NoticeMaker.Make(run, new(NoticeTypes.NotSlewing, alert, BecauseOfWakeup(run.State)));
        }
    }

    private static void Retract(BurstRun run, BurstAct act)
    {
        MakeSlewing(run);
        var state = run.State;
        var withdrawn = state.Notices.FindAll(n => act.Notices is not { } names || names.Any(name => BurstActs.Names(state, n, name)));
        Evidence? evidence = (Evidence?)state.Science.BestAlert ?? (Evidence?)state.Science.GrmBest ?? state.Science.BestMxt;
        if (withdrawn.IsEmpty || evidence is null)
        {
            return;
        }

        var held = withdrawn.Exists(static n => n.Sent) ? null : "None of the withdrawn notices was sent.";
        NoticeMaker.Make(run, new(NoticeTypes.Retraction, evidence, held, Reason: act.Reason, Withdraws: withdrawn));
        if (!run.State.Notices.Exists(static n => n is { Sent: true, Withdrawn: false } && n.Type != NoticeTypes.Retraction))
        {
            run.Write(new StatusChanged(run.Now, BurstStatus.Retracted, act.Reason));
        }
    }

    private static string? BecauseRetracted(BurstState state) => state.Status is BurstStatus.Retracted ? "The burst is retracted." : null;

    private static string? BecauseOfWakeup(BurstState state) => BecauseRetracted(state)
        ?? (state.Notices.Find(static n => n is { Type: NoticeTypes.Wakeup, Sent: true, Withdrawn: false }) is not { } wakeup ? "No wakeup was sent."
            : wakeup.SlewStatus is SlewStatuses.Accepted or SlewStatuses.Rejected ? $"The wakeup says already that the slew was {wakeup.SlewStatus}."
            : null);
}
