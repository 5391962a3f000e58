using System.Diagnostics;
using System.Text;
using Svom.Contracts.Notifications;
using Svom.Notifications;

namespace Svom.EndToEnd.Notifications;

/// <summary>The clients most observatories have at hand, from the distribution's package mosquitto-clients.</summary>
public sealed class MosquittoTests
{
    public static TheoryData<string> Versions => new("311", "5");

    [Theory, MemberData(nameof(Versions))]
    public async Task Alerts_reach_mosquitto_sub_in_order_and_complete(string version)
    {
        const int Alerts = 500;
        SkipWithout("mosquitto_sub");
        await using var platform = await MqttPlatform.StartAsync();
        await platform.Transport.PublishAsync(Publication("svom/v1/bursts/sb1/state", "{\"state\":\"active\"}", retain: true), TestContext.Current.CancellationToken);
        using var subscriber = Run("mosquitto_sub", platform, version, "-q", "1", "-t", "svom/v1/bursts/#", "-t", "svom/v1/alerts/#", "-C", $"{Alerts + 1}", "-W", "30", "-F", "%t %p");

        // The retained state says that the subscription holds.
        Assert.Equal("svom/v1/bursts/sb1/state {\"state\":\"active\"}", await subscriber.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        var sending = Enumerable.Range(0, Alerts).Select(i =>
            platform.Transport.PublishAsync(Publication("svom/v1/alerts/vt/vt-initial", $"{{\"n\":{i}}}"), TestContext.Current.CancellationToken));
        await Task.WhenAll(sending);
        for (var i = 0; i < Alerts; i++)
        {
            Assert.Equal($"svom/v1/alerts/vt/vt-initial {{\"n\":{i}}}", await subscriber.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        }

        await subscriber.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, subscriber.ExitCode);
    }

    [Fact]
    public async Task The_properties_of_an_alert_are_what_mosquitto_sub_prints()
    {
        SkipWithout("mosquitto_sub");
        await using var platform = await MqttPlatform.StartAsync();
        await platform.Transport.PublishAsync(Publication("svom/v1/bursts/sb1/state", "{}", retain: true), TestContext.Current.CancellationToken);
        using var subscriber = Run("mosquitto_sub", platform, "5", "-q", "1", "-t", "svom/v1/bursts/#", "-C", "2", "-W", "30", "-F", "%r %C %F %P %E %p");
        Assert.Equal("1 application/json 1 id:a1 tense:current  {}", await subscriber.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        await platform.Transport.PublishAsync(
            Publication("svom/v1/bursts/sb1/events", "{\"n\":1}") with { Expiry = TimeSpan.FromHours(24) }, TestContext.Current.CancellationToken);
        Assert.Matches("^0 application/json 1 id:a1 tense:current 86[34]\\d\\d {\"n\":1}$", await subscriber.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("311", true)]
    [InlineData("5", true)]
    [InlineData("311", false)]
    [InlineData("5", false)]
    public async Task A_telescope_publishes_with_mosquitto_pub_and_its_token(string version, bool rightToken)
    {
        SkipWithout("mosquitto_pub");
        await using var platform = await MqttPlatform.StartAsync();
        await using var reader = await platform.ConnectAsync();
        await reader.SubscribeAsync("svom/v1/telescopes/#");
        using var publisher = Run(
            "mosquitto_pub", platform, version, "-u", MqttPlatform.Telescope, "-P", rightToken ? MqttPlatform.TelescopeToken : "wrong",
            "-q", "1", "-r", "-t", "svom/v1/telescopes/colibri/status", "-m", "{\"state\":\"observing\"}");
        await publisher.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(rightToken, publisher.ExitCode == 0);
        if (rightToken)
        {
            Assert.Equal("{\"state\":\"observing\"}", (await reader.NextAsync()).Text);
        }
    }

    [Theory, MemberData(nameof(Versions))]
    public async Task An_anonymous_mosquitto_pub_publishes_nothing(string version)
    {
        SkipWithout("mosquitto_pub");
        await using var platform = await MqttPlatform.StartAsync();
        using var publisher = Run("mosquitto_pub", platform, version, "-q", "1", "-r", "-t", "svom/v1/alerts/vt/vt-initial", "-m", "{}");
        if (version == "5")
        {
            // The old client knows no refusal and tries again for ever.
            await publisher.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Contains("not authorized", await publisher.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken), StringComparison.OrdinalIgnoreCase);
        }
        else
        {
            await publisher.StandardError.ReadLineAsync(TestContext.Current.CancellationToken);
            publisher.Kill();
        }

        Assert.Null(await platform.Broker.RetainedAsync("svom/v1/alerts/vt/vt-initial"));
    }

    private static Publication Publication(string topic, string text, bool retain = false) => new(
        topic, Encoding.UTF8.GetBytes(text), "application/json", retain, null, [new("id", "a1"), new("tense", "current")]);

    private static Process Run(string tool, MqttPlatform platform, string version, params string[] arguments)
    {
        var start = new ProcessStartInfo(tool, ["-h", "127.0.0.1", "-p", $"{platform.Port}", "-V", version == "5" ? "mqttv5" : "mqttv311", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        return Process.Start(start)!;
    }

    private static void SkipWithout(string tool) => Assert.SkipUnless(
        (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, tool))),
        $"{tool} is not installed (package mosquitto-clients).");
}
