using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;
using Svom.Notifications;

namespace Svom.Contracts.Notifications;

public sealed class MqttQueueTests
{
    private const string Topic = "svom/v1/alerts/mxt/mxt-initial";

    [Theory]
    [InlineData(MqttProtocolVersion.V500)]
    [InlineData(MqttProtocolVersion.V311)]
    public async Task A_client_that_never_acknowledges_is_cut_off_and_an_alarm_is_raised(MqttProtocolVersion version)
    {
        await using var platform = await MqttPlatform.StartAsync(null, ("Svom:Mqtt:MaxPendingMessages", "50"), ("Svom:Mqtt:MaxInFlightMessages", "10"));
        await using var silent = await platform.ConnectAsync(version: version, more: options => options.WithClientId("silent").WithCleanSession(false).WithSessionExpiryInterval(3600));
        silent.Acknowledge = false;
        await silent.SubscribeAsync("svom/v1/alerts/#");
        await using var fine = await platform.ConnectAsync();
        await fine.SubscribeAsync("svom/v1/alerts/#");
        for (var i = 0; i < 60; i++)
        {
            await platform.Transport.PublishAsync(Alert($"{{\"n\":{i}}}"), TestContext.Current.CancellationToken);
        }

        var reason = await silent.Disconnected.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.True(version == MqttProtocolVersion.V311 || reason == MqttClientDisconnectReason.QuotaExceeded, $"{reason}");
        Assert.Equal("silent", Assert.Single(platform.Overflows).ClientId);
        for (var i = 0; i < 60; i++)
        {
            Assert.Equal($"{{\"n\":{i}}}", (await fine.NextAsync()).Text);
        }

        // The session has a gap: resumed, it would hide it.
        await using var again = await BackAsync(platform, version);
        Assert.False(again.Connected.IsSessionPresent);
    }

    [Fact]
    public async Task A_client_that_stops_reading_is_cut_off_and_does_not_delay_the_others()
    {
        await using var platform = await MqttPlatform.StartAsync(
            null, ("Svom:Mqtt:MaxPendingMessages", "200"), ("Svom:Mqtt:CommunicationTimeout", "00:00:00.5"));
        using var deaf = new TcpClient { ReceiveBufferSize = 4096 };
        await deaf.ConnectAsync("127.0.0.1", platform.Port, TestContext.Current.CancellationToken);
        // CONNECT (3.1.1, clean, identifier "deaf") and SUBSCRIBE to all alerts at most once.
        await deaf.GetStream().WriteAsync(
            new byte[] { 0x10, 16, 0, 4, (byte)'M', (byte)'Q', (byte)'T', (byte)'T', 4, 2, 0, 0, 0, 4, (byte)'d', (byte)'e', (byte)'a', (byte)'f' },
            TestContext.Current.CancellationToken);
        await deaf.GetStream().WriteAsync(
            new byte[] { 0x82, 20, 0, 1, 0, 15 }.Concat(Encoding.ASCII.GetBytes("svom/v1/test/+/")).Append((byte)0).ToArray(), TestContext.Current.CancellationToken);
        await deaf.GetStream().ReadExactlyAsync(new byte[4 + 5], TestContext.Current.CancellationToken);

        var text = "{\"x\":\"" + new string('x', 8_000) + "\"}";
        for (var i = 0; i < 5_000 && platform.Overflows.Count == 0; i++)
        {
            await platform.Transport.PublishAsync(Alert(text) with { Topic = "svom/v1/test/x/" }, TestContext.Current.CancellationToken);
        }

        Assert.Equal("deaf", Assert.Single(platform.Overflows).ClientId);
    }

    [Fact]
    public async Task A_client_is_sent_no_more_at_a_time_than_it_can_take()
    {
        await using var platform = await MqttPlatform.StartAsync();
        await using var small = await platform.ConnectAsync(more: options => options.WithReceiveMaximum(3));
        small.Acknowledge = false;
        await small.SubscribeAsync("svom/v1/alerts/#");
        for (var i = 0; i < 5; i++)
        {
            await platform.Transport.PublishAsync(Alert("{}"), TestContext.Current.CancellationToken);
        }

        for (var i = 0; i < 3; i++)
        {
            await small.NextAsync();
        }

        Assert.Equal(3, platform.Broker.Sessions.Find(small.Client.Options.ClientId)!.InFlight);
        Assert.False(small.TryNext(out _));
    }

    [Theory]
    [InlineData(MqttProtocolVersion.V500)]
    [InlineData(MqttProtocolVersion.V311)]
    public async Task A_session_waits_for_its_client_and_worthless_messages_do_not(MqttProtocolVersion version)
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var platform = await MqttPlatform.StartAsync(time);
        var first = await platform.ConnectAsync(version: version, more: options => options.WithClientId("lab").WithCleanSession(false).WithSessionExpiryInterval(uint.MaxValue));
        await first.SubscribeAsync("svom/v1/alerts/#");
        await first.DisposeAsync();
        await platform.Transport.PublishAsync(Alert("{\"worth\":\"an hour\"}", TimeSpan.FromHours(1)), TestContext.Current.CancellationToken);
        await platform.Transport.PublishAsync(Alert("{\"worth\":\"a day\"}", TimeSpan.FromHours(24)), TestContext.Current.CancellationToken);
        time.Advance(TimeSpan.FromHours(2));

        await using var second = await platform.ConnectAsync(version: version, more: options => options.WithClientId("lab").WithCleanSession(false).WithSessionExpiryInterval(uint.MaxValue));
        Assert.True(second.Connected.IsSessionPresent);
        var heard = await second.NextAsync();
        Assert.Equal("{\"worth\":\"a day\"}", heard.Text);
        if (version == MqttProtocolVersion.V500)
        {
            Assert.InRange(heard.Expiry, 22U * 3600 - 60, 22U * 3600);
            Assert.Empty(heard.Properties);
        }
    }

    [Fact]
    public async Task After_seven_days_a_session_is_gone()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var platform = await MqttPlatform.StartAsync(time);
        await using var reader = await platform.ConnectAsync();
        await reader.SubscribeAsync("svom/v1/telescopes/#");
        var dome = await platform.ConnectAsync(MqttPlatform.Telescope, MqttPlatform.TelescopeToken, more: options => options
            .WithClientId("dome").WithCleanStart(false).WithSessionExpiryInterval(uint.MaxValue).WithWillTopic("svom/v1/telescopes/colibri/status").WithWillPayload("{}"));
        await dome.DisposeAsync();
        await reader.NextAsync(); // Its will: the broker has noticed.
        time.AdjustTime(time.GetUtcNow().AddDays(6.9)); // Without the half million heartbeats between.
        await platform.Broker.Queues.SweepAsync();
        Assert.NotNull(platform.Broker.Sessions.Find("dome"));
        time.AdjustTime(time.GetUtcNow().AddDays(0.2));
        await platform.Broker.Queues.SweepAsync();
        Assert.Null(platform.Broker.Sessions.Find("dome"));
        await using var back = await platform.ConnectAsync(MqttPlatform.Telescope, MqttPlatform.TelescopeToken, more: options => options
            .WithClientId("dome").WithCleanStart(false).WithSessionExpiryInterval(60));
        Assert.False(back.Connected.IsSessionPresent);
    }

    private static async Task<MqttListener> BackAsync(MqttPlatform platform, MqttProtocolVersion version)
    {
        while (true)
        {
            var listener = await platform.ConnectAsync(version: version, more: options => options.WithClientId("silent").WithCleanSession(false).WithSessionExpiryInterval(3600));
            if (listener.Connected.ResultCode == MqttClientConnectResultCode.Success)
            {
                return listener;
            }

            // Its old session is being discarded: nothing else may keep it out.
            Assert.Contains(listener.Connected.ResultCode, new[] { MqttClientConnectResultCode.ServerBusy, MqttClientConnectResultCode.ServerUnavailable });
            await listener.DisposeAsync();
        }
    }

    private static Publication Alert(string text, TimeSpan? expiry = null) => new(Topic, Encoding.UTF8.GetBytes(text), "application/json", Retain: false, expiry, []);
}
