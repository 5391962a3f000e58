using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using MQTTnet;
using MQTTnet.Server;

namespace Svom.Contracts.Notifications;

public sealed class MqttSystemTests
{
    private const string Status = "svom/v1/system/status";

    [Fact]
    public async Task The_status_is_up_then_down_when_the_platform_is_cut_off_then_up_again()
    {
        await using var platform = await MqttPlatform.StartAsync();
        await using var reader = await platform.ConnectAsync();
        await reader.SubscribeAsync(Status);
        Assert.Equal("up", State(await reader.NextAsync()));

        await platform.Broker.CutAsync("svom-platform");
        Assert.Equal("down", State(await reader.NextAsync()));
        Assert.Equal("up", State(await reader.NextAsync()));
    }

    [Fact]
    public async Task A_planned_stop_is_announced_and_subscribers_are_told_goodbye()
    {
        var platform = await MqttPlatform.StartAsync();
        await using var reader = await platform.ConnectAsync();
        await reader.SubscribeAsync(Status);
        Assert.Equal("up", State(await reader.NextAsync()));
        await platform.DisposeAsync();
        Assert.Equal("stopping", State(await reader.NextAsync()));
        Assert.Equal(MqttClientDisconnectReason.ServerShuttingDown, await reader.Disconnected.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_heart_beats_each_second()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var platform = await MqttPlatform.StartAsync(time);
        await using var reader = await platform.ConnectAsync();
        await reader.SubscribeAsync("svom/v1/system/heartbeat");
        for (var sequence = 1; sequence <= 3; sequence++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            using var beat = JsonDocument.Parse((await reader.NextAsync()).Payload);
            Assert.Equal(sequence, beat.RootElement.GetProperty("sequence").GetInt32());
            Assert.Equal(time.GetUtcNow(), beat.RootElement.GetProperty("at").GetDateTimeOffset(), TimeSpan.FromMilliseconds(1));
        }
    }

    [Fact]
    public async Task A_page_of_another_site_does_not_listen_and_our_own_console_does()
    {
        await using var platform = await MqttPlatform.StartAsync();
        async Task<bool> ComesInAsync(string? origin)
        {
            using var client = new MqttClientFactory().CreateMqttClient();
            try
            {
                var answer = await client.ConnectAsync(new MqttClientOptionsBuilder()
                    .WithWebSocketServer(socket => socket.WithUri($"ws://{platform.Web.Authority}/mqtt")
                        .WithRequestHeaders(origin is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["Origin"] = origin }))
                    .WithProtocolVersion(MQTTnet.Formatter.MqttProtocolVersion.V500).Build());
                return answer.ResultCode == MqttClientConnectResultCode.Success;
            }
            catch (MQTTnet.Exceptions.MqttCommunicationException)
            {
                return false;
            }
        }

        Assert.True(await ComesInAsync(null));
        Assert.True(await ComesInAsync($"http://{platform.Web.Authority}"));
        Assert.False(await ComesInAsync("https://elsewhere.example"));
    }

    private static string State(HeardMessage message)
    {
        using var status = JsonDocument.Parse(message.Payload);
        Assert.True(status.RootElement.GetProperty("since").GetString()!.EndsWith('Z'));
        Assert.NotEmpty(status.RootElement.GetProperty("version").GetString()!);
        return status.RootElement.GetProperty("state").GetString()!;
    }
}
