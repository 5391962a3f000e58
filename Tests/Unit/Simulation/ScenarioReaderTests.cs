using System.Text;
using System.Text.Json.Nodes;

namespace Svom.Simulation;

public sealed class ScenarioReaderTests
{
    /// <summary>Every key that a scenario may have.</summary>
    internal const string Full = """
        {
          "name": "long burst with slew",
          "attitude": { "ra": 169.79, "dec": 21.32, "roll": 52.76 },
          "orbit": { "longitude": 12.5, "latitude": -7.0, "altitude_km": 618.0 },
          "grm": { "t0": "2026-03-01T04:13:22.000Z", "window_start": "2026-03-01T04:13:21.000Z", "timescale_s": 1.0,
                   "energy_kev": [8.539406, 17.078812], "snr": 12.4, "detectors": "111", "ra": 190.2, "dec": -17.1, "sent_at": "2026-03-01T04:13:24.000Z" },
          "eclairs": {
            "t0": "2026-03-01T04:13:25.589Z",
            "preliminary": true,
            "alerts": [ { "window_start": "2026-03-01T04:13:17.959Z", "timescale_s": 20.48, "energy_kev": [8, 120], "snr": 30.71,
                          "ra": 189.9811, "dec": -17.7676, "trigger": "IMT", "catalog_id": 0, "slew_request": true,
                          "sent_at": "2026-03-01T04:13:40.000Z", "heard_at": "2026-03-01T04:13:43.000Z" } ],
            "validated_at": "2026-03-01T04:17:44.000Z",
            "slew": { "status": "accepted", "at": "2026-03-01T04:14:30.000Z", "attitude": { "ra": 189.98, "dec": -17.77, "roll": 52.76 } } },
          "mxt": [ { "time": "2026-03-01T04:18:32.000Z", "ra": 189.97, "dec": -17.76, "snr": 120, "r90_stat_arcsec": 106.4,
                     "mean_flux": 5.6, "flux_error": 1.1, "within_eclairs_r90": true, "use_vt_attitude": false } ],
          "light_curves": { "grm": true, "eclairs": true, "seed": 7 },
          "retract": { "at": "2026-03-01T05:00:00.000Z", "reason": "particle event", "notices": ["grm-trigger"] }
        }
        """;

    [Fact]
    public void Every_bundled_scenario_is_read_and_planned()
    {
        Assert.True(BundledScenarios.Names.Count >= 4);
        Assert.All(BundledScenarios.Names, static name => Assert.NotEmpty(ScenarioPlan.Make(Bundled(name), new()).Events));
    }

    [Fact]
    public void A_scenario_with_every_key_is_read()
    {
        var scenario = Read(Full);
        Assert.Equal((12.4, "111", 190.2), (scenario.Grm!.Snr, scenario.Grm.Detectors, scenario.Grm.Position!.Value.Ra));
        Assert.Equal(Validation.Expert, scenario.Eclairs!.Validation);
        Assert.Equal(new DateTimeOffset(2026, 3, 1, 4, 13, 43, TimeSpan.Zero), scenario.Eclairs.Alerts[0].Sending.OnAir);
        Assert.Equal(189.98, scenario.Eclairs.Slew!.Attitude!.Value.Ra);
        Assert.Equal(["grm-trigger"], scenario.Retract!.Notices!);
        Assert.Equal(618.0, scenario.Mxt[0].Sending.Place!.Value.AltitudeKm);
    }

    [Fact]
    public void Defaults_fill_what_a_scenario_leaves_out()
    {
        var scenario = Read("""{ "name": "short", "grm": { "t0": "2026-03-01T04:13:22Z" }, "eclairs": { "t0": "2026-03-01T04:13:25.5Z", "alerts": [ {} ], "slew": { "status": "rejected" } }, "mxt": [ { "snr": 100 } ] }""");
        Assert.Equal(new DateTimeOffset(2026, 3, 1, 4, 13, 23, TimeSpan.Zero), scenario.Grm!.Sending.SentAt);
        Assert.Equal((Validation.Automatic, true), (scenario.Eclairs!.Validation, scenario.Eclairs.Preliminary));
        Assert.Equal(scenario.Eclairs.T0.AddSeconds(-20.48), scenario.Eclairs.Alerts[0].WindowStart);
        Assert.Null(scenario.Grm.Sending.Place);
        Assert.Equal(120.98, scenario.Mxt[0].StatisticalRadiusArcsec, 0.5);
    }

    [Fact]
    public void Null_is_not_absent_where_it_says_never_or_unknown()
    {
        var scenario = Read("""{ "name": "n", "orbit": { "longitude": 1 }, "grm": { "t0": "2026-03-01T04:13:22Z", "orbit": null }, "eclairs": { "t0": "2026-03-01T04:13:25Z", "validated_at": null, "alerts": [ {} ] } }""");
        Assert.Null(scenario.Grm!.Sending.Place);
        Assert.NotNull(scenario.Eclairs!.Alerts[0].Sending.Place);
        Assert.Equal(Validation.Never, scenario.Eclairs.Validation);
    }

    [Theory]
    [InlineData("colour")]
    [InlineData("attitude.colour")]
    [InlineData("orbit.colour")]
    [InlineData("grm.colour")]
    [InlineData("eclairs.colour")]
    [InlineData("eclairs.alerts[0].colour")]
    [InlineData("eclairs.slew.colour")]
    [InlineData("eclairs.slew.attitude.colour")]
    [InlineData("mxt[0].colour")]
    [InlineData("light_curves.colour")]
    [InlineData("retract.colour")]
    public void An_unknown_key_is_refused_with_its_path(string path)
    {
        var error = Assert.Throws<ScenarioException>(() => Read(With(path, true)));
        Assert.Equal(path, error.Path);
        Assert.Contains("unknown key", error.Message);
    }

    public static TheoryData<string, object> Faults => new()
    {
        { "grm.t0", "2026-03-01T04:13:22.000" },
        { "grm.t0", "2026-03-01T04:13:22.000+00:00" },
        { "grm.t0", "1999-03-01T04:13:22.000Z" },
        { "grm.timescale_s", 3.3 },
        { "grm.energy_kev[1]", "much" },
        { "grm.energy_kev", 8 },
        { "grm.detectors", "12" },
        { "grm.snr", -1 },
        { "grm.ra", 400 },
        { "eclairs.alerts[0].trigger", "XYZ" },
        { "eclairs.alerts[0].catalog_id", 1.5 },
        { "eclairs.alerts[0].timescale_s", 3.3 },
        { "eclairs.slew.status", "maybe" },
        { "eclairs.preliminary", "yes" },
        { "mxt[0].dec", -91 },
        { "retract.at", "soon" },
        { "name", 7 },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_wrong_value_is_refused_with_its_path(string path, object value) =>
        Assert.Equal(path, Assert.Throws<ScenarioException>(() => Read(With(path, value))).Path);

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{ "name": "twice", "name": "twice" }""")]
    [InlineData("""{ "attitude": { "ra": 1 } }""")]
    [InlineData("""{ "name": "n", "retract": { "at": "2026-03-01T05:00:00.000Z" } }""")]
    public void What_is_no_scenario_is_refused(string json) => Assert.Throws<ScenarioException>(() => Read(json));

    internal static Scenario Read(string json) => ScenarioReader.Read(Encoding.UTF8.GetBytes(json));

    internal static Scenario Bundled(string name) => ScenarioReader.Read(BundledScenarios.Find(name)!);

    private static string With(string path, object value)
    {
        var root = JsonNode.Parse(Full)!;
        var at = root;
        var steps = path.Replace("[", ".[", StringComparison.Ordinal).Split('.');
        foreach (var step in steps[..^1])
        {
            at = step[0] == '[' ? at![int.Parse(step[1..^1])] : at![step];
        }

        var set = System.Text.Json.JsonSerializer.SerializeToNode(value);
        if (steps[^1][0] == '[')
        {
            at![int.Parse(steps[^1][1..^1])] = set;
        }
        else
        {
            at![steps[^1]] = set;
        }

        return root.ToJsonString();
    }
}
