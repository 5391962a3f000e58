namespace Svom.Simulation;

/// <summary>When a story is played.</summary>
public enum PlayAt
{
    /// <summary>All times are shifted by one offset, so that no mission time runs ahead of the wall clock.</summary>
    Now,

    /// <summary>Times stay as they are.</summary>
    Original,
}

/// <summary>How a scenario is played.</summary>
/// <param name="Speed">Times faster than life; infinity is as fast as the platform takes it.</param>
/// <param name="Session">Name of the rehearsal; null plays as if it were real.</param>
/// <param name="Faults">Of the station network.</param>
/// <param name="ActsWhenKnown">
/// True: people act on what they have heard of. An act whose alert or notice has not come yet is done as soon as it has, and left undone when it never
/// comes. False: the play waits for the burst, and fails without it.
/// </param>
public sealed record PlayOptions(double Speed, PlayAt At, string? Session, NetworkFaults Faults, bool ActsWhenKnown = false)
{
    /// <summary>The story at the time at which it shall happen: begun now, or so that at its speed it ends now.</summary>
    public Scenario Place(Scenario scenario, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        if (At is PlayAt.Original)
        {
            return scenario;
        }

        var plan = ScenarioPlan.Make(scenario, Faults);
        var takes = TimeSpan.FromTicks((long)((plan.Ends - plan.Begins).Ticks / Math.Max(Speed, 1)));
        var offset = now + takes - plan.Ends;

        // Whole seconds, downwards: packet times keep their fractions, and nothing gets ahead of the clock.
        return scenario.Shifted(TimeSpan.FromSeconds(Math.Floor(offset.TotalSeconds)));
    }
}

/// <summary>One step of a play, for whoever watches.</summary>
/// <param name="MissionTime">Of the step.</param>
/// <param name="Kind">fact, act or end.</param>
/// <param name="Text">One sentence.</param>
/// <param name="Done">Events played so far.</param>
/// <param name="Total">Events of the plan.</param>
public sealed record PlayProgress(DateTimeOffset MissionTime, string Kind, string Text, int Done, int Total);

/// <summary>An act as it was done.</summary>
public sealed record PlayedAct(string Act, string Burst, DateTimeOffset At);

/// <summary>What a play came to. accepted + duplicates = sent.</summary>
/// <param name="Sent">Receptions posted.</param>
/// <param name="Lost">Receptions that the simulated network lost: never posted.</param>
/// <param name="Retries">Requests sent again because the platform was away or overloaded.</param>
/// <param name="Undone">Acts that nobody did, because what they are about never came.</param>
/// <param name="Begins">Mission time of the first event.</param>
/// <param name="Ends">Mission time of the last event.</param>
public sealed record PlaySummary(
    string Scenario, string? Session, int Seed, int Packets, long Sent, long Accepted, long Duplicates, long Invalid, long Lost, int Retries,
    IReadOnlyList<PlayedAct> Acts, IReadOnlyList<string> Undone, uint? Observation, DateTimeOffset Begins, DateTimeOffset Ends, double Seconds);
