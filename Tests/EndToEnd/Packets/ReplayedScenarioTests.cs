using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Svom.Hosting;
using Svom.Packets;
using Svom.Simulation;
using Svom.Support;

namespace Svom.EndToEnd.Packets;

/// <summary>A bundled scenario, played into a platform, comes out the same again: over REST beside the platform, and from its folder without one.</summary>
[Collection(PlatformCollection.Name)]
public sealed class ReplayedScenarioTests
{
    private const string Session = "night-drill";

    [Theory, InlineData("sb26042105"), InlineData("sb25082402")]
    public async Task A_played_scenario_replays_and_re_simulates_without_differences(string name)
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var kept = new TemporaryFolder();
        var platform = await Platform.StartAsync(kept.Path, Ports, cancellation);
        using (var http = new HttpClient { BaseAddress = new(platform.Http) })
        {
            var player = new ScenarioPlayer(new PlatformClient(http, platform.Token.Text, TimeProvider.System), TimeProvider.System);
            await player.PlayAsync(PlayedPlatform.Bundled(name), new(double.PositiveInfinity, PlayAt.Original, Session, new()), null, cancellation);

            Assert.Equal(HttpStatusCode.Unauthorized, (await http.PostAsJsonAsync("/api/v1/replays", new { session = Session }, cancellation)).StatusCode);
            http.DefaultRequestHeaders.Authorization = new("Bearer", platform.Token.Text);
            Assert.Equal(HttpStatusCode.BadRequest, (await http.PostAsJsonAsync("/api/v1/replays", new { sesion = Session }, cancellation)).StatusCode);
            await new PlatformArchive(http).AtRestAsync();
            foreach (var resimulate in new[] { false, true })
            {
                var report = await ReplayedAsync(http, resimulate, cancellation);
                Assert.Equal("[]", report.GetProperty("differences").GetRawText());
                Assert.True(report.GetProperty("notices").GetInt32() > 0);
            }
        }

        var locked = await Assert.ThrowsAsync<CannotStartException>(() => CommandAsync(kept.Path, resimulate: false));
        Assert.Contains("in use by another process", locked.Message, StringComparison.Ordinal);
        await platform.DisposeAsync();

        var (code, json) = await CommandAsync(kept.Path, resimulate: false);
        Assert.True(code == 0, json);
        var (again, resimulated) = await CommandAsync(kept.Path, resimulate: true);
        Assert.True(again == 0, resimulated);
        var (strict, differs) = await CommandAsync(kept.Path, resimulate: true, "--Svom:Bursts:SlewDeadline=00:00:10", "--Svom:Bursts:AuthorTitle=Another centre");
        Assert.True(strict == ReplayCommand.Differs, differs);
        Assert.NotEqual(resimulated, differs);
    }

    private static KeyValuePair<string, string?>[] Ports => [new("Svom:Ports:Http", "0"), new("Svom:Ports:Grpc", "0"), new("Svom:Ports:Mqtt", "0")];

    private static async Task<(int Code, string Json)> CommandAsync(string folder, bool resimulate, params string[] settings)
    {
        await using var output = new StringWriter();
        var code = await ReplayCommand.RunAsync(folder, settings, new(null, Session, null, null, resimulate, Json: true), output, TestContext.Current.CancellationToken);
        return (code, output.ToString());
    }

    private static async Task<JsonElement> ReplayedAsync(HttpClient http, bool resimulate, CancellationToken cancellation)
    {
        using var started = await http.PostAsJsonAsync("/api/v1/replays", new { session = Session, resimulate }, cancellation);
        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
        while (true)
        {
            var replay = await http.GetFromJsonAsync<JsonElement>(started.Headers.Location, cancellation);
            if (replay.GetProperty("status").GetString() != "running")
            {
                Assert.Equal("done", replay.GetProperty("status").GetString());
                return replay.GetProperty("report");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellation);
        }
    }
}
