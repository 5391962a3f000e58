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
                var (id, report) = await ReplayedAsync(http, new { session = Session, resimulate }, cancellation);
                Assert.Equal("[]", report.GetProperty("differences").GetRawText());
                Assert.True(report.GetProperty("notices").GetInt32() > 0);
                var (paced, same) = await ReplayedAsync(http, new { session = Session, resimulate, speed = 1_000_000 }, cancellation);
                Assert.Equal(report.GetRawText(), same.GetRawText());
                var compared = await http.GetFromJsonAsync<JsonElement>($"/api/v1/replays/{paced}/differences?from={id}", cancellation);
                Assert.Equal(("[]", 0), (compared.GetProperty("differences").GetRawText(), compared.GetProperty("differencesFound").GetInt32()));
            }

            await CancelledAsync(http, cancellation);
        }

        var locked = await Assert.ThrowsAsync<CannotStartException>(() => CommandAsync(kept.Path, resimulate: false));
        Assert.Contains("in use by another process", locked.Message, StringComparison.Ordinal);
        await platform.DisposeAsync();

        var (code, json) = await CommandAsync(kept.Path, resimulate: false);
        Assert.True(code == 0, json);
        var (again, resimulated) = await CommandAsync(kept.Path, resimulate: true);
        Assert.True(again == 0, resimulated);
        var (slow, pacedThere) = await CommandAsync(kept.Path, resimulate: false, speed: 60);
        Assert.Equal((0, json), (slow, pacedThere));
        var (strict, differs) = await CommandAsync(kept.Path, resimulate: true, "--Svom:Bursts:SlewDeadline=00:00:10", "--Svom:Bursts:AuthorTitle=Another centre");
        Assert.True(strict == ReplayCommand.Differs, differs);
        Assert.NotEqual(resimulated, differs);
        Assert.Contains("from 0.001 to 1000000", (await Assert.ThrowsAsync<CannotStartException>(() => CommandAsync(kept.Path, resimulate: false, speed: 0))).Message, StringComparison.Ordinal);

        var (two, listed) = await ComparedAsync(kept.Path, resimulated, differs);
        Assert.Equal(ReplayCommand.Differs, two);
        Assert.Contains("xml/VOEvent/Who/Author/title is SVOM", listed, StringComparison.Ordinal);
        Assert.Contains(", then Another centre", listed, StringComparison.Ordinal);
        Assert.Equal((0, "The runs came out the same."), await ComparedAsync(kept.Path, json, pacedThere));
    }

    private static KeyValuePair<string, string?>[] Ports => [new("Svom:Ports:Http", "0"), new("Svom:Ports:Grpc", "0"), new("Svom:Ports:Mqtt", "0")];

    private static Task<(int Code, string Json)> CommandAsync(string folder, bool resimulate, params string[] settings) => CommandAsync(folder, resimulate, speed: null, settings);

    private static async Task<(int Code, string Json)> CommandAsync(string folder, bool resimulate, double? speed, params string[] settings)
    {
        await using var output = new StringWriter();
        var code = await ReplayCommand.RunAsync(folder, settings, new(null, Session, null, null, resimulate, Json: true, speed), output, TextWriter.Null, new SkippingTime(DateTimeOffset.UnixEpoch), TestContext.Current.CancellationToken);
        return (code, output.ToString());
    }

    private static async Task<(int Code, string Text)> ComparedAsync(string folder, string first, string second)
    {
        var files = new[] { first, second }.Select((report, n) =>
        {
            var file = new FileInfo(Path.Combine(folder, $"run-{n}.json"));
            File.WriteAllText(file.FullName, report);
            return file;
        }).ToArray();
        await using var output = new StringWriter();
        return (await CompareCommand.RunAsync(files[0], files[1], output, TestContext.Current.CancellationToken), output.ToString().Trim());
    }

    /// <summary>One that would take days ends when it is told to.</summary>
    private static async Task CancelledAsync(HttpClient http, CancellationToken cancellation)
    {
        using var started = await http.PostAsJsonAsync("/api/v1/replays", new { session = Session, speed = 0.001 }, cancellation);
        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
        using var answer = await http.PostAsync(new Uri($"{started.Headers.Location}/cancel", UriKind.Relative), null, cancellation);
        Assert.Equal("cancelled", (await answer.Content.ReadFromJsonAsync<JsonElement>(cancellation)).GetProperty("status").GetString());
        using var compared = await http.GetAsync(new Uri($"{started.Headers.Location}/differences?from={started.Headers.Location!.ToString().Split('/')[^1]}", UriKind.Relative), cancellation);
        Assert.Equal(HttpStatusCode.Conflict, compared.StatusCode);
    }

    private static async Task<(string Id, JsonElement Report)> ReplayedAsync(HttpClient http, object request, CancellationToken cancellation)
    {
        using var started = await http.PostAsJsonAsync("/api/v1/replays", request, cancellation);
        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
        while (true)
        {
            var replay = await http.GetFromJsonAsync<JsonElement>(started.Headers.Location, cancellation);
            if (replay.GetProperty("status").GetString() != "running")
            {
                Assert.Equal("done", replay.GetProperty("status").GetString());
                return (replay.GetProperty("id").GetString()!, replay.GetProperty("report"));
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, cancellation);
        }
    }
}
