using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using MQTTnet;
using MQTTnet.Formatter;
using Svom.Contracts.Notifications;
using Svom.Support;

namespace Svom.EndToEnd.Notifications;

/// <summary>What really goes over MQTT, held against the document that clients are built from.</summary>
[Collection(PlatformCollection.Name)]
public sealed class AsyncApiTests
{
    private const string Burst = "sb26051101";

    [Fact]
    public async Task Everything_that_goes_over_mqtt_is_as_the_document_says_and_telescopes_are_heard()
    {
        await using var platform = await PlayedPlatform.StartAsync();
        var document = await platform.Http.GetFromJsonAsync<JsonElement>("/asyncapi/v1.json", TestContext.Current.CancellationToken);
        Assert.Equal("3.0.0", document.GetProperty("asyncapi").GetString());
        await using var reader = new MqttListener();
        await reader.ConnectAsync(Options(platform).Build());
        await reader.SubscribeAsync("svom/v1/#");
        var scenario = PlayedPlatform.Bundled(Burst);
        await platform.PlayAsync(scenario);
        await platform.PlayAsync(scenario, session: "drill");
        var notices = await platform.Archive.AtRestAsync();
        var sent = notices.Where(static notice => notice.State == "sent").Select(static notice => notice.Id).ToHashSet(StringComparer.Ordinal);
        Assert.Contains(sent, static id => id.StartsWith("tb", StringComparison.Ordinal));

        // Until every sent notice was heard, and the words of a telescope, which come after them.
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var envelopes = new Dictionary<string, string>(StringComparer.Ordinal);
        while (sent.Count > 0)
        {
            var message = await reader.NextAsync();
            seen.Add(Check(document, message));
            if (message.Topic.Contains("/alerts/", StringComparison.Ordinal))
            {
                var envelope = JsonDocument.Parse(message.Payload).RootElement;
                var notice = envelope.GetProperty("ivorn").GetString()!.Split('#')[1];
                sent.Remove(notice);
                envelopes[notice] = envelope.GetProperty("id").GetString()!;
            }
        }

        using var issued = await platform.Http.PostAsJsonAsync("/api/v1/tokens", new { name = "colibri", roles = new[] { "telescope" } }, TestContext.Current.CancellationToken);
        var token = (await issued.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty("token").GetString()!;
        await using var telescope = new MqttListener();
        await telescope.ConnectAsync(Options(platform).WithCredentials("colibri", token).Build());
        var (heard, id) = envelopes.First(static envelope => envelope.Key.StartsWith("sb", StringComparison.Ordinal));
        var burst = heard.Split('_')[0];
        Assert.Equal(MqttClientPublishReasonCode.Success, await telescope.PublishAsync("svom/v1/telescopes/colibri/receipt", $$"""{"envelopeId":"{{id}}","receivedAt":"2026-03-01T04:13:43.000Z"}"""));
        Assert.Equal(MqttClientPublishReasonCode.Success, await telescope.PublishAsync("svom/v1/telescopes/colibri/intent", $$"""{"burst":"{{burst}}","intent":"will-observe"}"""));
        Assert.Equal(MqttClientPublishReasonCode.ImplementationSpecificError, await telescope.PublishAsync("svom/v1/telescopes/colibri/intent", """{"burst":"sb99123199","intent":"done"}"""));
        Assert.Equal(MqttClientPublishReasonCode.Success, await telescope.PublishAsync("svom/v1/telescopes/colibri/status", """{"dome":"open"}""", retain: true));
        while (!seen.Contains("telescopeStatus") || !seen.Contains("heartbeat"))
        {
            seen.Add(Check(document, await reader.NextAsync()));
        }

        Assert.Equal(
            ["alerts", "burstEvents", "burstState", "heartbeat", "status", "telescopeIntent", "telescopeReceipt", "telescopeStatus", "testAlerts", "testBurstEvents", "testBurstState"],
            seen.Order(StringComparer.Ordinal));
        foreach (var (path, kind) in new[] { ($"notices/{heard}/receipts", "receivedAt"), ($"bursts/{burst}/intents", "intent") })
        {
            var said = (await platform.Http.GetFromJsonAsync<JsonElement>($"/api/v1/{path}", TestContext.Current.CancellationToken)).GetProperty("items")[0];
            Assert.Equal("colibri", said.GetProperty("telescope").GetString());
            Assert.True(said.TryGetProperty(kind, out _));
        }
    }

    /// <returns>The message's channel.</returns>
    private static string Check(JsonElement document, HeardMessage message)
    {
        var channel = document.GetProperty("channels").EnumerateObject().Single(channel => Regex.IsMatch(
            message.Topic, "^" + Regex.Replace(channel.Value.GetProperty("address").GetString()!, @"\{\w+\}", "[^/]+", RegexOptions.None, TimeSpan.FromSeconds(1)) + "$", RegexOptions.None, TimeSpan.FromSeconds(1)));
        var name = channel.Value.GetProperty("messages").EnumerateObject().First().Name;
        if (message.Payload.Length > 0)
        {
            var faults = SchemaCheck.Faults(JsonDocument.Parse(message.Payload).RootElement, document.GetProperty("components").GetProperty("schemas").GetProperty(name)).ToList();
            Assert.True(faults.Count == 0, $"{message.Topic}: {string.Join("; ", faults)}\n{message.Text}");
        }

        return channel.Name;
    }

    private static MqttClientOptionsBuilder Options(PlayedPlatform platform) =>
        new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", platform.MqttPort).WithProtocolVersion(MqttProtocolVersion.V500).WithTimeout(TimeSpan.FromSeconds(20));
}
