using Svom.Sky;

namespace Svom.Simulation;

/// <summary>The stories that a mission's bursts tell: the bundled ones, and what else may become of them.</summary>
internal static class MissionStories
{
    private static readonly Dictionary<string, Scenario> Bundled = BundledScenarios.Names.ToDictionary(static name => name, static name => ScenarioReader.Read(BundledScenarios.Find(name)!), StringComparer.Ordinal);

    private static Scenario Full => Bundled["sb26042105"];

    private static Scenario Bright => Bundled["sb26051101"];

    private static Scenario Particles => Bundled["grm-particles"];

    // With the notices of each, in order of their names: a preliminary one is never sent, one about the slew not when the wakeup says it already.
    private static readonly (string Kind, Func<Scenario> Story, string[] Notices)[] All =
    [
        ("full", static () => Full, ["eclairs-preliminary held", "eclairs-wakeup", "grm-trigger", "mxt-initial", "slewing held"]),
        ("alone", static () => Bundled["eclairs-alone"], ["eclairs-preliminary held", "eclairs-wakeup", "not-slewing"]),
        ("particles", static () => Particles, ["grm-trigger", "retraction"]),
        ("bright", static () => Bright, ["eclairs-preliminary held", "eclairs-wakeup", "grm-trigger", "mxt-initial", "slewing"]),
        ("no-slew", static () => Unasked(Full), ["eclairs-preliminary held", "eclairs-wakeup", "grm-trigger", "not-slewing"]),
        ("rejected", static () => Bundled["sb26030408"], ["eclairs-wakeup", "not-slewing held", "retraction"]),
        ("known-source", static () => Bundled["sb25082402"], ["eclairs-catalog", "eclairs-preliminary held", "not-slewing held"]),
        ("no-position", static () => Full with { Mxt = [] }, ["eclairs-preliminary held", "eclairs-wakeup", "grm-trigger", "slewing held"]),
        ("trigger", static () => Particles with { Retract = null }, ["grm-trigger"]),
        ("unvalidated", static () => Bright with { Eclairs = Bright.Eclairs! with { Validation = Validation.Never, ValidatedAt = null } },
            ["eclairs-preliminary held", "grm-trigger", "mxt-initial held", "slewing held"]),
        ("withdrawn", static () => Full with { Retract = new(Full.Grm!.T0.AddMinutes(25), "a flare of the galaxy, not a burst", null) },
            ["eclairs-preliminary held", "eclairs-wakeup", "grm-trigger", "mxt-initial", "retraction", "slewing held"]),
    ];

    /// <summary>The n-th burst's story at a time: the sky turned by chance, its alerts a little brighter or fainter.</summary>
    public static MissionBurst At(int n, DateTimeOffset t0, CircularOrbit orbit, (double Turn, double Brightness) chance)
    {
        var (kind, told, notices) = All[n % All.Length];
        var story = told();
        var shifted = story.Shifted(t0 - (story.Grm?.T0 ?? story.Eclairs!.T0));
        return new(kind, Over(orbit, Turned(shifted, chance.Turn, chance.Brightness)), notices);
    }

    private static Scenario Unasked(Scenario scenario) => scenario with
    {
        Mxt = [],
        Eclairs = scenario.Eclairs! with { Slew = null, Alerts = [.. scenario.Eclairs.Alerts.Select(static alert => alert with { SlewRequest = false })] },
    };

    // About the pole: what lies in the field of view stays there.
    private static Scenario Turned(Scenario scenario, double by, double brightness)
    {
        return scenario with
        {
            Attitude = Turn(scenario.Attitude),
            Grm = scenario.Grm is not { } grm ? null : grm with { Position = grm.Position is { } position ? Place(position) : null, Sending = Sent(grm.Sending) },
            Eclairs = scenario.Eclairs is not { } eclairs ? null : eclairs with
            {
                Alerts = [.. eclairs.Alerts.Select(alert => alert with { Position = Place(alert.Position), Snr = Math.Round(alert.Snr * brightness, 2), Sending = Sent(alert.Sending) })],
                Slew = eclairs.Slew is not { } slew ? null : slew with { Attitude = slew.Attitude is { } reached ? Turn(reached) : null },
            },
            Mxt = [.. scenario.Mxt.Select(mxt => mxt with { Position = Place(mxt.Position), Sending = Sent(mxt.Sending) })],
        };

        double Right(double ra) => (ra + by) % 360;
        Attitude Turn(Attitude attitude) => attitude with { Ra = Right(attitude.Ra) };
        SkyPosition Place(SkyPosition position) => position with { Ra = Right(position.Ra) };
        Sending Sent(Sending sending) => sending with { Attitude = Turn(sending.Attitude) };
    }

    // What a packet says of the satellite's place is where the mission's satellite is.
    private static Scenario Over(CircularOrbit orbit, Scenario scenario)
    {
        return scenario with
        {
            Place = orbit.At(scenario.Grm?.T0 ?? scenario.Eclairs!.T0).ToGeodetic(),
            Grm = scenario.Grm is not { } grm ? null : grm with { Sending = Sent(grm.Sending) },
            Eclairs = scenario.Eclairs is not { } eclairs ? null : eclairs with { Alerts = [.. eclairs.Alerts.Select(alert => alert with { Sending = Sent(alert.Sending) })] },
            Mxt = [.. scenario.Mxt.Select(mxt => mxt with { Sending = Sent(mxt.Sending) })],
        };

        Sending Sent(Sending sending) => sending with { Place = orbit.At(sending.SentAt).ToGeodetic() };
    }
}
