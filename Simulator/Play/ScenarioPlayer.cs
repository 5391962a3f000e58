using System.Globalization;
using System.Security.Cryptography;
using Svom.Packets;

namespace Svom.Simulation;

/// <summary>Plays a scenario into a platform through its HTTP door, event by event, and waits for each answer.</summary>
public sealed class ScenarioPlayer(PlatformClient platform, TimeProvider clock)
{
    private const int LargestBatch = 250;

    // The platform routes what it stored within moments; a burst that is not there after this will not come.
    private static readonly TimeSpan BurstPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan BurstPause = TimeSpan.FromMilliseconds(100);

    // What nobody heard whole may still come out of its broken copies a moment after the last of them.
    private static readonly TimeSpan LastLook = TimeSpan.FromSeconds(3);

    /// <summary>A fresh name for a rehearsal.</summary>
    public static string FreshSession() => "play-" + RandomNumberGenerator.GetHexString(8, lowercase: true);

    /// <summary>Plays a scenario to its end.</summary>
    /// <param name="progress">Told of facts and acts as they go; null tells nobody.</param>
    /// <exception cref="ScenarioException">A value that no packet can say.</exception>
    /// <exception cref="PlatformException">The platform refused, or stayed away too long.</exception>
    public async Task<PlaySummary> PlayAsync(Scenario scenario, PlayOptions options, IProgress<PlayProgress>? progress, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        var plan = ScenarioPlan.Make(options.Place(scenario, clock.GetUtcNow()), options.Faults);
        var run = new Run(plan, options, progress, clock.GetTimestamp());
        for (var next = 0; next < plan.Events.Count;)
        {
            await WaitForAsync(run, plan.Events[next].At, cancellationToken);
            next = plan.Events[next] is PlannedAct act
                ? await ActAsync(run, act, next, cancellationToken)
                : await SendDueAsync(run, next, cancellationToken);
        }

        await LookAgainAsync(run, LastLook, cancellationToken);
        progress?.Report(new(plan.Ends, "end", "the story is told", plan.Events.Count, plan.Events.Count));
        return run.Summary(platform.Retries, clock.GetElapsedTime(run.Began));
    }

    private async Task WaitForAsync(Run run, DateTimeOffset at, CancellationToken cancellationToken)
    {
        var wait = run.DueAfter(at) - clock.GetElapsedTime(run.Began);
        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, clock, cancellationToken);
        }
    }

    // Sends what is due by now, up to the next act: an act is never overtaken by what arrives after it.
    private async Task<int> SendDueAsync(Run run, int first, CancellationToken cancellationToken)
    {
        var batch = new ReceptionBatch();
        var elapsed = clock.GetElapsedTime(run.Began);
        var next = first;
        while (next < run.Plan.Events.Count && batch.Count < LargestBatch
            && run.Plan.Events[next] is PlannedReception reception && (next == first || run.DueAfter(reception.At) <= elapsed))
        {
            batch.Add(reception.Station, reception.ReceivedAt, reception.Octets.Span, reception.SignalDbm, run.Options.Session);
            next++;
        }

        run.Sum += await platform.SendAsync(batch, cancellationToken);
        run.Sent += batch.Count;
        run.TellFacts(first, next);
        await LookAgainAsync(run, TimeSpan.Zero, cancellationToken);
        return next;
    }

    private async Task<int> ActAsync(Run run, PlannedAct act, int at, CancellationToken cancellationToken)
    {
        if (!run.Options.ActsWhenKnown)
        {
            await ActAsync(run, act, await FindBurstAsync(act, run.Options.Session, cancellationToken), at, cancellationToken);
        }
        else if (await KnownAsync(run, act, TimeSpan.Zero, cancellationToken) is { } burst)
        {
            await ActAsync(run, act, burst, at, cancellationToken);
        }
        else
        {
            run.Waiting.Add((act, at));
        }

        return at + 1;
    }

    // People whose act waits look whether what it is about has come meanwhile.
    private async Task LookAgainAsync(Run run, TimeSpan patience, CancellationToken cancellationToken)
    {
        foreach (var (act, at) in run.Waiting.ToArray())
        {
            if (await KnownAsync(run, act, patience, cancellationToken) is { } burst)
            {
                run.Waiting.Remove((act, at));
                await ActAsync(run, act, burst, at, cancellationToken);
            }
        }
    }

    private async Task ActAsync(Run run, PlannedAct act, string burst, int at, CancellationToken cancellationToken)
    {
        var key = string.Create(CultureInfo.InvariantCulture, $"simulator-{burst}-{act.Act}-{act.At.ToUnixTimeMilliseconds()}");
        object body = act.Act == PlannedAct.Validate
            ? new { reason = act.Reason, at = act.At.UtcDateTime, verdict = "accept" }
            : act.Notices is { } notices ? new { reason = act.Reason, at = act.At.UtcDateTime, notices } : new { reason = act.Reason, at = act.At.UtcDateTime };
        await platform.ActAsync(burst, act.Act, body, key, cancellationToken);
        run.Acts.Add(new(act.Act, burst, act.At));
        run.Progress?.Report(new(act.At, "act", $"{act.Act} {burst}: {act.Reason}", at + 1, run.Plan.Events.Count));
    }

    /// <returns>The burst to act on; null when nobody knows yet of what the act is about.</returns>
    private async Task<string?> KnownAsync(Run run, PlannedAct act, TimeSpan patience, CancellationToken cancellationToken)
    {
        // An alert that went in whole is certain to appear.
        var patient = act.Act == PlannedAct.Validate && run.AlertSent ? BurstPatience : patience;
        for (var began = clock.GetTimestamp(); ;)
        {
            if (await platform.FindBurstAsync(act.ObservationId, run.Options.Session, cancellationToken) is { } burst
                && (act.Act == PlannedAct.Validate ? burst.Alerts > 0 : burst.Notices.Count > 0 && act.Notices?.All(burst.Notices.Contains) is not false))
            {
                return burst.Id;
            }

            if (clock.GetElapsedTime(began) >= patient)
            {
                return null;
            }

            await Task.Delay(BurstPause, clock, cancellationToken);
        }
    }

    private async Task<string> FindBurstAsync(PlannedAct act, string? session, CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        while (true)
        {
            if (await platform.FindBurstAsync(act.ObservationId, session, cancellationToken) is { } burst)
            {
                return burst.Id;
            }

            if (clock.GetElapsedTime(began) > BurstPatience)
            {
                throw new PlatformException(string.Create(CultureInfo.InvariantCulture,
                    $"No burst of observation {act.ObservationId} to {act.Act} was there after {BurstPatience.TotalSeconds:F0} s; were all its packets lost?"));
            }

            await Task.Delay(BurstPause, clock, cancellationToken);
        }
    }

    private sealed class Run(ScenarioPlan plan, PlayOptions options, IProgress<PlayProgress>? progress, long began)
    {
        private readonly HashSet<string> _told = new(StringComparer.Ordinal);

        public ScenarioPlan Plan => plan;

        public PlayOptions Options => options;

        public IProgress<PlayProgress>? Progress => progress;

        public long Began => began;

        public IngestSum Sum { get; set; } = new(0, 0, 0);

        public long Sent { get; set; }

        public List<PlayedAct> Acts { get; } = [];

        /// <summary>Acts that wait for what they are about, with their place in the plan.</summary>
        public List<(PlannedAct Act, int At)> Waiting { get; } = [];

        /// <summary>True once an ECLAIRs alert went in unbroken.</summary>
        public bool AlertSent { get; private set; }

        public TimeSpan DueAfter(DateTimeOffset at) =>
            double.IsInfinity(options.Speed) ? TimeSpan.Zero : TimeSpan.FromTicks((long)((at - plan.Begins).Ticks / options.Speed));

        // A fact is told once, by its first unbroken copy, and each broken copy of it.
        public void TellFacts(int from, int to)
        {
            for (var n = from; n < to; n++)
            {
                if (plan.Events[n] is not PlannedReception { Fact: { } fact } reception || !_told.Add(Convert.ToHexString(reception.Octets.Span)))
                {
                    continue;
                }

                var whole = PacketDefinitions.Current.TryDecode(reception.Octets.Span, out var packet);
                AlertSent |= whole && packet!.Kind is PacketKind.EclairsAlert;
                var late = reception.At - reception.ReceivedAt is { TotalMinutes: >= 1 } delay ? string.Create(CultureInfo.InvariantCulture, $", {delay.TotalMinutes:0} min late") : "";
                progress?.Report(new(reception.At, "fact", $"{fact}, {(whole ? "heard by" : "broken at")} {reception.Station}{late}", n + 1, plan.Events.Count));
            }
        }

        public PlaySummary Summary(int retries, TimeSpan took) => new(
            plan.Scenario.Name, options.Session, options.Faults.Seed, plan.Packets, Sent, Sum.Accepted, Sum.Duplicates, Sum.Invalid, plan.Lost, retries,
            Acts, [.. Waiting.Select(static waiting => waiting.Act.Act)], plan.Observation, plan.Begins, plan.Ends, Math.Round(took.TotalSeconds, 3));
    }
}
