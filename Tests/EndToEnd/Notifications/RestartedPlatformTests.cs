using System.Globalization;
using Svom.Simulation;
using Svom.Support;

namespace Svom.EndToEnd.Notifications;

/// <summary>The client of another house keeps its session with a platform that dies.</summary>
[Collection(PlatformCollection.Name)]
public sealed class RestartedPlatformTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("mqttv5", true)]
    [InlineData("mqttv5", false)]
    [InlineData("mqttv311", true)]
    public async Task A_telescope_that_was_away_while_the_platform_died_hears_every_alert(string version, bool killed)
    {
        var mosquitto = Tool.Require("mosquitto_sub", "mosquitto-clients");
        using var folder = new TemporaryFolder();
        var (http, mqtt) = (PlatformProcess.FreePort(), PlatformProcess.FreePort());
        string[] telescope =
        [
            "-h", "127.0.0.1", "-p", mqtt.ToString(CultureInfo.InvariantCulture), "-V", version, "-c", "-i", "night telescope", "-q", "1", "-t", "svom/v1/alerts/#",
            .. version == "mqttv5" ? ["-x", "3600"] : Array.Empty<string>(),
        ];
        var platform = await PlatformProcess.StartAsync(folder.Path, http, mqtt);
        Assert.Equal(0, (await Tool.RunAsync(mosquitto, [.. telescope, "-E"])).Exit); // Ends as soon as its subscription is acknowledged.

        var played = await PlayAsync(platform);
        output.WriteLine($"{played.Accepted} receptions accepted");
        if (killed)
        {
            await platform.KillAsync(); // At once: some alerts are out, some are owed.
        }
        else
        {
            Assert.Equal(0, await platform.StopAsync());
        }

        await platform.DisposeAsync();
        await using var next = await PlatformProcess.StartAsync(folder.Path, http, mqtt);
        var archive = new PlatformArchive(next.Http);
        var sent = (await archive.AtRestAsync(static notices => notices.Any(static notice => notice.Kind.StartsWith("mxt", StringComparison.Ordinal))))
            .Where(static notice => notice.State == "sent").ToList();
        var heard = new List<byte[]>();
        while (heard.Count < sent.Count)
        {
            // What went out just before the death may come again with its id: a repeat, which a telescope drops.
            var (_, lines, errors) = await Tool.RunAsync(
                mosquitto, [.. telescope, "-C", (sent.Count - heard.Count).ToString(CultureInfo.InvariantCulture), "-W", "20", "-F", "%x"]);
            output.WriteLine($"{sent.Count} sent, heard after the restart {lines.Count(static c => c == '\n')} {errors}");
            if (lines.Length == 0)
            {
                break;
            }

            heard = [.. heard.Concat(lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Convert.FromHexString)).DistinctBy(Convert.ToHexString)];
        }

        foreach (var notice in sent)
        {
            var envelope = await archive.BytesAsync(notice.Id, ".envelope.json");
            Assert.Contains(heard, one => one.AsSpan().SequenceEqual(envelope));
        }

        Assert.Equal(sent.Count, heard.Count);
    }

    [Fact]
    public async Task What_a_telescope_acknowledged_it_does_not_hear_again_from_the_next_platform()
    {
        var mosquitto = Tool.Require("mosquitto_sub", "mosquitto-clients");
        using var folder = new TemporaryFolder();
        var (http, mqtt) = (PlatformProcess.FreePort(), PlatformProcess.FreePort());
        string[] telescope =
        [
            "-h", "127.0.0.1", "-p", mqtt.ToString(CultureInfo.InvariantCulture), "-V", "mqttv5", "-c", "-x", "3600", "-i", "dome", "-q", "1", "-t", "svom/v1/alerts/#",
        ];
        var platform = await PlatformProcess.StartAsync(folder.Path, http, mqtt);
        await Tool.RunAsync(mosquitto, [.. telescope, "-E"]);
        await PlayAsync(platform);
        var sent = (await new PlatformArchive(platform.Http).AtRestAsync(static notices => notices.Any(static notice => notice.Kind.StartsWith("mxt", StringComparison.Ordinal))))
            .Count(static notice => notice.State == "sent");
        var (exit, first, _) = await Tool.RunAsync(mosquitto, [.. telescope, "-W", "3", "-F", "%x"]);
        Assert.Equal((27, sent), (exit, first.Count(static c => c == '\n'))); // 27: its time was over, and it said goodbye.
        Assert.Equal(0, await platform.StopAsync());
        await platform.DisposeAsync();

        await using var next = await PlatformProcess.StartAsync(folder.Path, http, mqtt);
        Assert.Empty((await Tool.RunAsync(mosquitto, [.. telescope, "-W", "3", "-F", "%x"])).Output);
    }

    private static Task<PlaySummary> PlayAsync(PlatformProcess platform)
    {
        var door = platform.Authorized();
        return new ScenarioPlayer(new PlatformClient(door, platform.Token, TimeProvider.System), TimeProvider.System)
            .PlayAsync(PlayedPlatform.Bundled("sb26051101"), new(double.PositiveInfinity, PlayAt.Original, null, new()), null, TestContext.Current.CancellationToken);
    }
}
