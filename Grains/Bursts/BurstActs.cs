using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Svom.Outcomes;

namespace Svom.Bursts;

/// <summary>Acts of people: what is refused at the door, and what they do when their time has come.</summary>
internal static class BurstActs
{
    private static readonly string[] Classes = ["grb", "known-source", "noise", "particle", "solar", "test"];

    /// <summary>Takes an act: at once when its mission time is past or not named, else it waits.</summary>
    public static Decision Take(BurstRun run, ActReceived received)
    {
        var (act, alert) = (received.Act with { IfVersion = null, Preview = false }, received.Alert);
        if (act.IdempotencyKey is { } given && run.State.Acts.Find(a => a.Key == given) is { } known)
        {
            return known.Digest == Digest(act, alert)
                ? run.Repeated()
                : run.Refuse(RefusalCode.KeyReused, $"The key '{given}' came before with another content.");
        }

        // Forgotten among many acts, but still waiting under this key.
        if (act.IdempotencyKey is { } waiting && run.State.Pending.Exists(p => p.Key == waiting))
        {
            return run.Refuse(RefusalCode.KeyReused, $"An act with the key '{waiting}' waits for its time.");
        }

        if (Fault(act, alert) is { } fault)
        {
            return run.Refuse(RefusalCode.Invalid, fault);
        }

        var pending = act.At is { } at && !(at <= run.State.Watermark);
        if (pending && run.State.Pending.Count >= BurstState.MaxPending)
        {
            return run.Refuse(RefusalCode.Overloaded, $"{BurstState.MaxPending} acts wait for their time already.");
        }

        if (!pending && Obstacle(run, act, alert, strict: true) is { } obstacle)
        {
            return run.Refuse(RefusalCode.NotPossibleNow, obstacle);
        }

        var key = act.IdempotencyKey ?? string.Create(CultureInfo.InvariantCulture, $"#{run.State.ActCount + 1}");
        run.Write(new ActTaken(run.Now, key, act, alert, pending));
        if (!pending)
        {
            BurstReactions.Take(run, new ActEffective(run.Now, key, act, alert, run.State.Watermark, null));
        }

        return run.Done();
    }

    /// <summary>The time of a waiting act has come.</summary>
    public static void TakeEffect(BurstRun run, PendingAct pending, DateTimeOffset watermark) =>
        BurstReactions.Take(run, new ActEffective(
            run.Now, pending.Key, pending.Act, pending.Alert, watermark, Obstacle(run, pending.Act, pending.Alert, strict: false)));

    /// <summary>Tells two contents under one key apart.</summary>
    public static string Digest(BurstAct act, int? alert) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
            JsonSerializer.Serialize(act, BurstJson.Default.BurstAct) + alert?.ToString(CultureInfo.InvariantCulture))))[..32];

    private static string? Fault(BurstAct act, int? alert) =>
        act.Reason is not { Length: > 0 and <= 1000 } ? "A reason of 1 to 1000 characters is required."
        : act.Reason.Any(static c => char.IsControl(c) && c is not ('\n' or '\r' or '\t')) ? "The reason holds control characters."
        : act.Who is not { Length: > 0 and <= 200 } ? "Who acts is required."
        : act.IdempotencyKey is { Length: 0 or > 200 } ? "An idempotency key has 1 to 200 characters."
        : act.IdempotencyKey?[0] is '#' ? "An idempotency key does not begin with '#': such keys are given by the burst."
        : act.At is { Year: < 2015 or > 2099 } ? "The mission time lies outside the mission."
        : act.Kind is BurstActKind.Classify && !Classes.Contains(act.Class) ? $"The class is one of {string.Join(", ", Classes)}."
        : alert is < 0 or > 255 ? "An alert is named by its message count, 0 to 255."
        : act.Notices is { } names && (names.IsDefault || names.Length is 0 or > 32 || names.Any(static n => n is not { Length: > 0 and <= 100 }))
            ? "Notices are named by 1 to 32 types or ids."
        : Enum.IsDefined(act.Kind) ? null : "The kind of act is unknown.";

    // Why an act cannot do anything in this state; null when it can. At the door every named notice must exist; an act that waited
    // withdraws those of its notices that were made in time.
    private static string? Obstacle(BurstRun run, BurstAct act, int? alert, bool strict) => act.Kind switch
    {
        BurstActKind.Validate when act.Accept && run.State.Science.FirstAlert is null => "No ECLAIRs alert was heard: there is nothing to validate.",
        BurstActKind.Validate when act.Accept && alert is { } count && !run.State.Science.Alerts.ContainsKey(count) => $"The alert with message count {count} was not heard.",
        BurstActKind.Validate when !act.Accept && run.State.FirstEclairs is { } first => $"{first.Name} was made already: retract it instead.",
        BurstActKind.Retract when run.State.Made(NoticeTypes.Retraction) => "The burst has its retraction: a notice is decided once.",
        BurstActKind.Retract => RetractionObstacle(run, act, strict),
        _ => null,
    };

    private static string? RetractionObstacle(BurstRun run, BurstAct act, bool strict)
    {
        var (state, slewingWaits) = (run.State, BurstReactions.SlewingWaits(run.State, run.Options));
        if (act.Notices is not { } names)
        {
            return state.Notices.IsEmpty && !slewingWaits ? "No notice was made: there is nothing to withdraw." : null;
        }

        var unknown = names.Where(name => !state.Notices.Exists(n => Names(state, n, name)) && !(name == NoticeTypes.Slewing && slewingWaits)).ToList();
        return unknown.Count > 0 && (strict || unknown.Count == names.Length) ? $"No notice '{unknown[0]}' was made." : null;
    }

    /// <summary>True when a person's word means this notice: its type, its name with quality, its id or its IVORN.</summary>
    public static bool Names(BurstState state, MadeNoticeMemory notice, string word) =>
        word == notice.Type || word == notice.Name || word == $"{state.Id}_{notice.Name}" || word == notice.Ivorn;
}
