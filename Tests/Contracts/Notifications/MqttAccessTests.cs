using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace Svom.Contracts.Notifications;

public sealed class MqttAccessTests
{
    private const string Own = "svom/v1/telescopes/colibri/";

    public static TheoryData<string?, string, string, bool, bool> Publications => new()
    {
        { MqttPlatform.Telescope, Own + "status", "{\"dome\":\"open\"}", true, true },
        { MqttPlatform.Telescope, Own + "status", "{}", false, true },
        { MqttPlatform.Telescope, Own + "receipt", "{}", false, true },
        { MqttPlatform.Telescope, Own + "intent", "{}", false, true },
        { MqttPlatform.Telescope, Own + "result", "{}", false, true },
        { MqttPlatform.Telescope, "svom/v1/test/telescopes/colibri/intent", "{}", false, true },
        { MqttPlatform.Telescope, Own + "intent", "{}", true, false },
        { MqttPlatform.Telescope, Own + "orders", "{}", false, false },
        { MqttPlatform.Telescope, Own + "status/more", "{}", false, false },
        { MqttPlatform.Telescope, "svom/v1/telescopes/tarot/status", "{}", false, false },
        { MqttPlatform.Telescope, "svom/v1/alerts/mxt/mxt-initial", "{}", false, false },
        { MqttPlatform.Telescope, "svom/v1/system/status", "{}", true, false },
        { MqttPlatform.Telescope, "svom/v2/telescopes/colibri/status", "{}", false, false },
        { MqttPlatform.Telescope, "$SYS/broker", "{}", false, false },
        { MqttPlatform.Telescope, Own + "receipt", "not json", false, false },
        { MqttPlatform.Telescope, Own + "receipt", "[1]", false, false },
        { MqttPlatform.Telescope, Own + "receipt", "{\"a\":1", false, false },
        { MqttPlatform.Telescope, Own + "receipt", string.Empty, false, false },
        { MqttPlatform.Telescope, Own + "receipt", "{\"a\":\"" + new string('x', 8 * 1024) + "\"}", false, false },
        { MqttPlatform.Telescope, "svom/v1/packets/colibri", "{}", false, false },
        { null, "svom/v1/packets/kourou", "{}", false, false },
        { MqttPlatform.Station, "svom/v1/telescopes/kourou/status", "{}", false, false },
        { null, Own + "status", "{}", false, false },
        { null, "svom/v1/alerts/mxt/mxt-initial", "{}", false, false },
    };

    [Theory, MemberData(nameof(Publications))]
    public async Task A_telescope_speaks_for_itself_and_nobody_else_speaks(string? user, string topic, string payload, bool retain, bool allowed)
    {
        await using var platform = await MqttPlatform.StartAsync();
        await using var reader = await platform.ConnectAsync();
        await reader.SubscribeAsync("svom/v1/#");
        await using var writer = await platform.ConnectAsync(user, user switch { null => null, MqttPlatform.Station => MqttPlatform.StationToken, _ => MqttPlatform.TelescopeToken });
        var answer = await writer.PublishAsync(topic, payload, retain);
        Assert.Equal(allowed ? MqttClientPublishReasonCode.Success : MqttClientPublishReasonCode.NotAuthorized, answer);
        Assert.True(writer.Client.IsConnected);
        if (allowed)
        {
            Assert.Equal(payload, (await reader.NextAsync(topic)).Text);
        }
        else
        {
            Assert.NotEqual(payload, (await platform.Broker.RetainedAsync(topic))?.ConvertPayloadToString());
        }
    }

    [Fact]
    public async Task An_old_client_that_may_not_publish_is_cut_off()
    {
        await using var platform = await MqttPlatform.StartAsync();
        await using var writer = await platform.ConnectAsync(version: MqttProtocolVersion.V311);
        await Assert.ThrowsAnyAsync<Exception>(() => writer.PublishAsync("svom/v1/alerts/mxt/mxt-initial", "{}"));
        await writer.Disconnected.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_telescope_takes_its_status_away_with_an_empty_one()
    {
        await using var platform = await MqttPlatform.StartAsync();
        await using var telescope = await platform.TelescopeAsync();
        await telescope.PublishAsync(Own + "status", "{}", retain: true);
        Assert.NotNull(await platform.Broker.RetainedAsync(Own + "status"));
        await telescope.PublishAsync(Own + "status", string.Empty, retain: true);
        Assert.Null(await platform.Broker.RetainedAsync(Own + "status"));
    }

    [Theory]
    [InlineData("svom/v1/packets/#", MqttClientSubscribeResultCode.NotAuthorized)]
    [InlineData("svom/v1/packets/kourou", MqttClientSubscribeResultCode.NotAuthorized)]
    [InlineData("svom/v1/packets", MqttClientSubscribeResultCode.NotAuthorized)]
    [InlineData("svom/v1/test/packets/+", MqttClientSubscribeResultCode.NotAuthorized)]
    [InlineData("svom/v1/telescopes/#", MqttClientSubscribeResultCode.GrantedQoS1)]
    [InlineData("svom/v1/alerts/+/mxt-initial", MqttClientSubscribeResultCode.GrantedQoS1)]
    [InlineData("#", MqttClientSubscribeResultCode.GrantedQoS1)]
    [InlineData("$share/group/svom/v1/alerts/#", MqttClientSubscribeResultCode.SharedSubscriptionsNotSupported)]
    public async Task Everything_may_be_read_but_receptions(string filter, MqttClientSubscribeResultCode expected)
    {
        await using var platform = await MqttPlatform.StartAsync();
        await using var reader = await platform.ConnectAsync();
        Assert.Equal(expected, await reader.SubscribeAsync(filter));
    }

    [Fact]
    public async Task The_last_filter_too_many_is_refused()
    {
        await using var platform = await MqttPlatform.StartAsync(null, ("Svom:Mqtt:MaxSubscriptions", "2"));
        await using var reader = await platform.ConnectAsync();
        Assert.Equal(MqttClientSubscribeResultCode.GrantedQoS1, await reader.SubscribeAsync("a"));
        Assert.Equal(MqttClientSubscribeResultCode.GrantedQoS1, await reader.SubscribeAsync("b"));
        Assert.Equal(MqttClientSubscribeResultCode.GrantedQoS1, await reader.SubscribeAsync("a"));
        Assert.Equal(MqttClientSubscribeResultCode.QuotaExceeded, await reader.SubscribeAsync("c"));
        await reader.Client.UnsubscribeAsync("a", TestContext.Current.CancellationToken);
        Assert.Equal(MqttClientSubscribeResultCode.GrantedQoS1, await reader.SubscribeAsync("c"));
    }

    [Fact]
    public async Task A_telescope_that_vanishes_leaves_its_will_and_nobody_elses()
    {
        await using var platform = await MqttPlatform.StartAsync();
        await using var reader = await platform.ConnectAsync();
        await reader.SubscribeAsync("svom/v1/telescopes/#");
        foreach (var topic in new[] { "svom/v1/telescopes/tarot/status", Own + "status" })
        {
            var telescope = await platform.ConnectAsync(MqttPlatform.Telescope, MqttPlatform.TelescopeToken, more: options => options
                .WithWillTopic(topic).WithWillPayload("{\"state\":\"gone\"}").WithWillRetain().WithWillQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce));
            await telescope.DisposeAsync(); // Without DISCONNECT, as a broken line.
        }

        Assert.Equal((Own + "status", "{\"state\":\"gone\"}"), await reader.NextAsync() is var will ? (will.Topic, will.Text) : default);
        Assert.Null(await platform.Broker.RetainedAsync("svom/v1/telescopes/tarot/status"));
    }
}
