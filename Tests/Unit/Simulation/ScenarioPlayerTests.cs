using System.Net;
using System.Net.Http.Headers;
using Svom.Support;

namespace Svom.Simulation;

public sealed class ScenarioPlayerTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 2, 30, 0, TimeSpan.Zero);
    private static readonly NetworkFaults Rough = new(3, Duplicate: 0.1, Corrupt: 0.05);

    [Theory]
    [InlineData(10)]
    [InlineData(double.PositiveInfinity)]
    public async Task A_play_delivers_every_reception_and_says_so(double speed)
    {
        var platform = new FakePlatform();
        var (summary, _) = await PlayAsync(platform, "sb26042105", new(speed, PlayAt.Now, "night-drill", Rough));

        Assert.Equal(summary.Sent, summary.Accepted + summary.Duplicates);
        Assert.True(summary is { Duplicates: > 0, Invalid: > 0, Retries: 0, Seed: 3, Session: "night-drill" });
        Assert.Equal(["night-drill"], platform.Sessions);
        Assert.Equal(summary.Accepted, platform.Log.Count(static line => line.StartsWith("packet", StringComparison.Ordinal)));
        Assert.Equal("validate", Assert.Single(summary.Acts).Act);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(double.PositiveInfinity)]
    public async Task An_act_is_posted_before_what_arrives_after_it(double speed)
    {
        var platform = new FakePlatform();
        await PlayAsync(platform, "sb26030408", new(speed, PlayAt.Original, null, new()));

        var validate = platform.Log.FindIndex(static line => line.StartsWith("/api/v1/bursts/sb26042101/validate", StringComparison.Ordinal));
        var retract = platform.Log.FindIndex(static line => line.StartsWith("/api/v1/bursts/sb26042101/retract", StringComparison.Ordinal));
        Assert.True(0 < validate && validate < retract);
        Assert.All(platform.Log.Take(validate), static line => Assert.True(string.CompareOrdinal(line, "packet 2026-03-04T10:04:01.0000001") < 0));
        Assert.All(platform.Log.Skip(retract + 1), static line => Assert.True(string.CompareOrdinal(line, "packet 2026-03-04T10:04:02.") > 0));
        Assert.Contains("\"at\":\"2026-03-04T10:04:01Z\"", platform.Log[validate]);
        Assert.Contains("\"notices\":[\"eclairs-wakeup\"]", platform.Log[retract]);
        Assert.Equal([null], platform.Sessions);
    }

    [Fact]
    public async Task A_platform_that_is_killed_and_overloaded_loses_nothing_and_counts_nothing_twice()
    {
        var reference = new FakePlatform();
        var (whole, _) = await PlayAsync(reference, "sb26051101", new(double.PositiveInfinity, PlayAt.Original, "s", Rough));
        var troubled = new FakePlatform
        {
            Before = static (_, number) => (number % 5) switch
            {
                1 => throw new HttpRequestException("connection refused"),
                2 => new(HttpStatusCode.ServiceUnavailable) { Headers = { RetryAfter = new RetryConditionHeaderValue(TimeSpan.FromSeconds(2)) } },
                _ => null,
            },
            CutsOff = static number => number % 5 == 3,
        };
        var (summary, _) = await PlayAsync(troubled, "sb26051101", new(double.PositiveInfinity, PlayAt.Original, "s", Rough));

        Assert.Equal(reference.Log, troubled.Log);
        Assert.Equal(whole.Sent, summary.Sent);
        Assert.Equal(summary.Sent, summary.Accepted + summary.Duplicates);
        Assert.True(summary.Retries > 0);
    }

    [Fact]
    public async Task A_refusal_stops_the_play_with_what_the_platform_said()
    {
        var platform = new FakePlatform { Before = static (_, _) => new(HttpStatusCode.Unauthorized) { Content = new StringContent("token expired") } };
        var error = await Assert.ThrowsAsync<PlatformException>(() => PlayAsync(platform, "eclairs-alone", new(double.PositiveInfinity, PlayAt.Now, "s", new())));
        Assert.Contains("token expired", error.Message);
    }

    [Fact]
    public async Task A_platform_that_stays_away_ends_the_play_after_its_patience()
    {
        var platform = new FakePlatform { Before = static (_, _) => throw new HttpRequestException("connection refused") };
        var error = await Assert.ThrowsAsync<PlatformException>(() => PlayAsync(platform, "eclairs-alone", new(double.PositiveInfinity, PlayAt.Now, "s", new())));
        Assert.Contains("did not answer", error.Message);
    }

    [Fact]
    public async Task A_burst_that_never_appears_is_a_clear_error()
    {
        var platform = new FakePlatform();
        var error = await Assert.ThrowsAsync<PlatformException>(() => PlayAsync(platform, "grm-particles", new(double.PositiveInfinity, PlayAt.Now, "s", new(1, Corrupt: 1))));
        Assert.Contains("No burst of observation", error.Message);
    }

    [Fact] // Nobody validates what he has not heard of, and nobody forgets to when he has.
    public async Task An_act_that_waits_for_its_alert_is_done_once_that_has_come()
    {
        var faults = Enumerable.Range(1, 1000).Select(static seed => new NetworkFaults(seed, Late: 0.9)).First(static faults => IsLate(ScenarioPlan.Make(ScenarioReaderTests.Bundled("sb26042105"), faults)));
        var platform = new FakePlatform();
        var (summary, _) = await PlayAsync(platform, "sb26042105", new(double.PositiveInfinity, PlayAt.Original, "s", faults, ActsWhenKnown: true));

        Assert.Equal("validate", Assert.Single(summary.Acts).Act);
        Assert.Empty(summary.Undone);
        var validate = platform.Log.FindIndex(static line => line.Contains("/validate", StringComparison.Ordinal));
        Assert.Contains("\"at\":\"2026-04-21T04:17:44Z\"", platform.Log[validate]); // What he says holds for the time at which he would have said it.
        Assert.True(platform.AlertAt < validate);
    }

    [Fact]
    public async Task An_act_whose_alert_never_comes_is_left_undone_and_the_play_goes_on()
    {
        var platform = new FakePlatform();
        var (summary, _) = await PlayAsync(platform, "sb26042105", new(double.PositiveInfinity, PlayAt.Now, "s", new(1, Corrupt: 1), ActsWhenKnown: true));
        Assert.Equal((0, "validate"), (summary.Acts.Count, Assert.Single(summary.Undone)));
        Assert.Equal(summary.Sent, summary.Accepted + summary.Duplicates);
    }

    [Fact]
    public async Task Whoever_watches_is_told_what_came_broken_and_how_late()
    {
        var (_, told) = await PlayAsync(new FakePlatform(), "sb26042105", new(double.PositiveInfinity, PlayAt.Now, "s", new(1, Corrupt: 0.5, Late: 0.5), ActsWhenKnown: true));
        Assert.Contains(told, static step => step.Text.Contains(", broken at ", StringComparison.Ordinal));
        Assert.Contains(told, static step => step.Text.EndsWith(" min late", StringComparison.Ordinal));
    }

    private static bool IsLate(ScenarioPlan plan) =>
        plan.Events.OfType<PlannedReception>().Where(static one => one.Fact?.StartsWith("ECLAIRs alert", StringComparison.Ordinal) is true).Min(static one => one.At) > plan.Events.OfType<PlannedAct>().Single().At;

    [Fact]
    public async Task Whoever_watches_is_told_of_each_fact_once_and_of_acts()
    {
        var (_, told) = await PlayAsync(new FakePlatform(), "sb26042105", new(double.PositiveInfinity, PlayAt.Now, "s", new()));
        Assert.Equal(["fact", "fact", "fact", "act", "fact", "end"], told.Select(static step => step.Kind));
    }

    [Fact]
    public async Task A_load_sends_what_it_says_and_sums_it()
    {
        var platform = new FakePlatform();
        using var http = new HttpClient(platform) { BaseAddress = new("http://127.0.0.1:8080/") };
        var time = new SkippingTime(Now);
        var summary = await new PacketLoad(new(http, "secret", time), time).RunAsync(500, 3, TestContext.Current.CancellationToken);

        Assert.True(summary.Complete);
        Assert.Equal((1500, 1500, 0), (summary.Sent, summary.Accepted, summary.Invalid));
    }

    private static async Task<(PlaySummary Summary, List<PlayProgress> Told)> PlayAsync(FakePlatform platform, string scenario, PlayOptions options)
    {
        using var http = new HttpClient(platform) { BaseAddress = new("http://127.0.0.1:8080/") };
        var time = new SkippingTime(Now);
        var watcher = new Watcher();
        var summary = await new ScenarioPlayer(new(http, "secret", time), time)
            .PlayAsync(ScenarioReaderTests.Bundled(scenario), options, watcher, TestContext.Current.CancellationToken);
        return (summary, watcher.Told);
    }

    private sealed class Watcher : IProgress<PlayProgress>
    {
        public List<PlayProgress> Told { get; } = [];

        public void Report(PlayProgress value) => Told.Add(value);
    }
}
