using System.Text.Json;

namespace Svom.EndToEnd.Notifications;

/// <summary>The usual client of telescopes hears what the archive says was sent.</summary>
[Collection(PlatformCollection.Name)]
public sealed class PlayedBurstHeardTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Clients_of_both_protocol_versions_hear_each_alert_once_and_the_state_for_ever()
    {
        Tool.Require("mosquitto_sub", "mosquitto-clients");
        await using var platform = await PlayedPlatform.StartAsync();
        await using var old = new MosquittoSub(platform.MqttPort, "mqttv311");
        await using var present = new MosquittoSub(platform.MqttPort, "mqttv5");
        await Task.WhenAll(SubscribedAsync(old), SubscribedAsync(present));

        await platform.PlayAsync(PlayedPlatform.Bundled("sb26051101"));
        var notices = await platform.Archive.AtRestAsync(static notices => notices.Any(static notice => notice.Kind.StartsWith("mxt", StringComparison.Ordinal)));
        var sent = notices.Where(static notice => notice.State == "sent").ToList();
        Assert.Contains(sent, static notice => notice.Kind == "eclairs-wakeup");

        foreach (var client in new[] { old, present })
        {
            foreach (var notice in sent)
            {
                var envelope = await platform.Archive.BytesAsync(notice.Id, ".envelope.json");
                var alert = await client.UntilAsync(message => IsAlert(message) && message.Text.Contains(notice.Id + '"', StringComparison.Ordinal));
                Assert.Equal(envelope, alert.Payload);
                Assert.False(alert.Retained);
            }

            Assert.Equal(sent.Count, client.Heard.Count(IsAlert));
        }

        output.WriteLine($"{sent.Count} alerts heard by both: {string.Join(' ', sent.Select(static notice => notice.Kind))}");
        await StateIsKeptAsync(platform, notices[0].Burst, [.. notices.Select(static notice => notice.Id)]);
    }

    // Whoever comes late hears the state of the burst, of a retained message, and no alert.
    private static async Task StateIsKeptAsync(PlayedPlatform platform, string burst, string[] notices)
    {
        foreach (var version in new[] { "mqttv311", "mqttv5" })
        {
            await using var late = new MosquittoSub(platform.MqttPort, version);
            var state = await late.UntilAsync(message => message.Topic == $"svom/v1/bursts/{burst}/state");
            Assert.True(state.Retained);
            using var json = JsonDocument.Parse(state.Payload);
            Assert.Equal(notices, json.RootElement.GetProperty("notices").EnumerateArray().Select(static id => id.GetString()));
            Assert.Equal("MXT", json.RootElement.GetProperty("best").GetProperty("instrument").GetString());
            await late.UntilAsync(static message => message.Topic == "svom/v1/system/heartbeat");
            Assert.DoesNotContain(late.Heard, IsAlert);
        }
    }

    // A heartbeat comes only over a subscription that holds.
    private static Task SubscribedAsync(MosquittoSub client) => client.UntilAsync(static message => message.Topic == "svom/v1/system/heartbeat");

    private static bool IsAlert(PrintedMessage message) => message.Topic.StartsWith("svom/v1/alerts/", StringComparison.Ordinal);
}
