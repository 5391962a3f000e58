using System.Text;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;
using Svom.Notifications;

namespace Svom.Contracts.Notifications;

public sealed class MqttAlertTests(ITestOutputHelper output)
{
    private const string Topic = "svom/v1/alerts/mxt/mxt-initial";

    [Fact]
    public async Task An_alert_arrives_with_its_bytes_and_properties()
    {
        await using var platform = await MqttPlatform.StartAsync();
        await using var modern = await platform.ConnectAsync();
        await using var old = await platform.ConnectAsync(version: MqttProtocolVersion.V311);
        await modern.SubscribeAsync("svom/v1/alerts/#");
        await old.SubscribeAsync("svom/v1/alerts/#");
        await platform.Transport.PublishAsync(Alert(Topic, "{\"id\":1}", TimeSpan.FromHours(24)), TestContext.Current.CancellationToken);

        var heard = await modern.NextAsync();
        Assert.Equal((Topic, "{\"id\":1}", false), (heard.Topic, heard.Text, heard.Retain));
        Assert.Equal(("application/json", MqttPayloadFormatIndicator.CharacterData), (heard.ContentType, heard.Format));
        Assert.InRange(heard.Expiry, 86_000U, 86_400U);
        Assert.Equal([new("id", "a1"), new("tense", "current"), new("ivorn", "ivo://org.svom/fsc#sb1")], heard.Properties);
        Assert.Equal("{\"id\":1}", (await old.NextAsync()).Text);
    }

    [Fact]
    public async Task A_state_is_there_for_those_who_come_later_until_it_is_taken_away()
    {
        await using var platform = await MqttPlatform.StartAsync();
        await platform.Transport.PublishAsync(Alert("svom/v1/bursts/sb1/state", "{}", null, retain: true), TestContext.Current.CancellationToken);
        await using var late = await platform.ConnectAsync();
        await late.SubscribeAsync("svom/v1/bursts/+/state");
        Assert.True((await late.NextAsync()).Retain);

        await platform.Transport.PublishAsync(Alert("svom/v1/bursts/sb1/state", string.Empty, null, retain: true), TestContext.Current.CancellationToken);
        Assert.Empty((await late.NextAsync()).Payload);
        Assert.Null(await platform.Broker.RetainedAsync("svom/v1/bursts/sb1/state"));
    }

    [Fact]
    public async Task Under_load_every_subscriber_hears_every_alert_once()
    {
        const int Alerts = 1_000;
        await using var platform = await MqttPlatform.StartAsync();
        var subscribers = new List<MqttListener>();
        for (var i = 0; i < 3; i++)
        {
            subscribers.Add(await platform.ConnectAsync());
            await subscribers[i].SubscribeAsync("svom/v1/alerts/#");
        }

        var began = TimeProvider.System.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Alerts).Select(i =>
            platform.Transport.PublishAsync(Alert(Topic, $"{{\"n\":{i}}}", TimeSpan.FromHours(24)), TestContext.Current.CancellationToken)));
        output.WriteLine($"{Alerts} alerts with echo in {TimeProvider.System.GetElapsedTime(began).TotalMilliseconds:F0} ms");
        foreach (var subscriber in subscribers)
        {
            var heard = new List<string>();
            while (heard.Count < Alerts)
            {
                heard.Add((await subscriber.NextAsync()).Text);
            }

            Assert.Equal(Alerts, heard.Distinct().Count());
            await subscriber.DisposeAsync();
        }
    }

    [Fact]
    public async Task Equal_alerts_are_confirmed_one_by_one()
    {
        await using var platform = await MqttPlatform.StartAsync();
        for (var i = 0; i < 3; i++)
        {
            await platform.Transport.PublishAsync(Alert(Topic, "{}", null), TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task A_lost_echo_asks_for_a_repeat_and_the_repeat_is_confirmed()
    {
        await using var platform = await MqttPlatform.StartAsync();
        await using var reader = await platform.ConnectAsync();
        await reader.SubscribeAsync("svom/v1/alerts/#");
        await platform.Broker.CutAsync("svom-platform");
        var repeats = 0;
        while (true)
        {
            try
            {
                await platform.Transport.PublishAsync(Alert(Topic, "{}", null), TestContext.Current.CancellationToken);
                break;
            }
            catch (TimeoutException)
            {
                repeats++; // Went out all the same: subscribers hear it and drop the repeat by its id.
            }
        }

        for (var i = 0; i <= repeats; i++)
        {
            Assert.Equal("{}", (await reader.NextAsync()).Text);
        }
    }

    [Fact]
    public async Task After_the_stop_nothing_counts_as_published()
    {
        var platform = await MqttPlatform.StartAsync();
        var transport = platform.Transport;
        await platform.DisposeAsync();
        await Assert.ThrowsAsync<TimeoutException>(() => transport.PublishAsync(Alert(Topic, "{}", null), TestContext.Current.CancellationToken));
    }

    private static Publication Alert(string topic, string text, TimeSpan? expiry, bool retain = false) => new(
        topic, Encoding.UTF8.GetBytes(text), "application/json", retain, expiry, [new("id", "a1"), new("tense", "current"), new("ivorn", "ivo://org.svom/fsc#sb1")]);
}
