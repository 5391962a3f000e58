using System.Text.Json;
using Svom.Outcomes;

namespace Svom.Contracts.Gateway;

public sealed class ReplayDoorTests(Door door) : IClassFixture<Door>
{
    private const string Replays = "/api/v1/replays";

    [Fact]
    public async Task A_paced_replay_says_its_speed_and_how_far_the_mission_is()
    {
        var started = await Door.JsonAsync(door.PostJsonAsync(Replays, """{ "session": "night-drill", "speed": 2.5 }"""), 202);
        Assert.Equal(2.5, started.GetProperty("speed").GetDouble());
        Assert.Equal(JsonValueKind.Null, (await Door.JsonAsync(door.PostJsonAsync(Replays, "{}"), 202)).GetProperty("speed").ValueKind);

        var running = await Door.JsonAsync(door.GetAsync($"{Replays}/{OneReplay.Running}"), 200);
        Assert.Equal("running", running.GetProperty("status").GetString());
        Assert.Equal(60, running.GetProperty("speed").GetDouble());
        var progress = running.GetProperty("progress");
        Assert.Equal((7, 9, 3), (progress.GetProperty("position").GetInt32(), progress.GetProperty("head").GetInt32(), progress.GetProperty("packets").GetInt32()));
        Assert.Equal("2026-03-01T04:13:22.007Z", progress.GetProperty("at").GetString());
    }

    [Fact]
    public async Task A_running_replay_is_cancelled_by_name_and_one_that_is_done_is_not()
    {
        await Door.ProblemAsync(door.PostAsync($"{Replays}/{OneReplay.Running}/cancel", [], null, token: null), ProblemTypes.Unauthenticated);
        var cancelled = await Door.JsonAsync(door.PostAsync($"{Replays}/{OneReplay.Running}/cancel", [], null), 200);
        Assert.Equal(("cancelled", "Cancelled by operator."), (cancelled.GetProperty("status").GetString(), cancelled.GetProperty("detail").GetString()));
        await Door.ProblemAsync(door.PostAsync($"{Replays}/{OneReplay.Id}/cancel", [], null), ProblemTypes.NotPossibleNow);
        await Door.ProblemAsync(door.PostAsync($"{Replays}/abc/cancel", [], null), ProblemTypes.NotFound);
        await Door.ProblemAsync(door.PostAsync($"{Replays}/no.such.id/cancel", [], null), ProblemTypes.NotFound);
    }

    [Fact]
    public async Task Two_replays_are_compared_field_by_field()
    {
        var compared = await Door.JsonAsync(door.GetAsync($"{Replays}/{OneReplay.Id}/differences?from={OneReplay.Id}"), 200);
        Assert.Equal(["from", "to", "differences", "differencesFound"], compared.EnumerateObject().Select(static member => member.Name));
        var difference = Assert.Single(compared.GetProperty("differences").EnumerateArray());
        Assert.Equal(
            ("xml/VOEvent/Who/Author/title", "SVOM", "Another centre"),
            (difference.GetProperty("field").GetString(), difference.GetProperty("before").GetString(), difference.GetProperty("after").GetString()));

        await Door.ProblemAsync(door.GetAsync($"{Replays}/{OneReplay.Id}/differences?from={OneReplay.Running}"), ProblemTypes.NotPossibleNow);
        await Door.ProblemAsync(door.GetAsync($"{Replays}/{OneReplay.Id}/differences?from=abc"), ProblemTypes.NotFound);
        await Door.ProblemAsync(door.GetAsync($"{Replays}/{OneReplay.Id}/differences?from=no.such.id"), ProblemTypes.NotFound);
    }

    [Theory]
    [InlineData("/differences")]
    [InlineData("/differences?from=")]
    [InlineData("/differences?to=abc")]
    public async Task A_comparison_names_what_it_compares_with(string call) =>
        await Door.ProblemAsync(door.GetAsync($"{Replays}/{OneReplay.Id}{call}"), ProblemTypes.InvalidParameter);
}
