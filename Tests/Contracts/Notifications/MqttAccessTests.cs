using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace Svom.Contracts.Notifications;

public sealed class MqttAccessTests
{
    private const string Own = "svom/v1/telescopes/colibri/";
    private const string Receipt = """{ "envelopeId": "0a4a9fbe-9a52-5bd4-8f26-6b1a3f2c7d10", "receivedAt": "2026-03-01T04:13:43.000Z" }""";
    private const string Intent = """{ "burst": "sb26042105", "intent": "will-observe", "reason": "clear sky", "start": "2026-03-01T04:20:00Z" }""";

    public static TheoryData<string?, string, string, bool, MqttClientPublishReasonCode> Publications => new()
    {
        { MqttPlatform.Telescope, Own + "status", "{\"dome\":\"open\"}", true, MqttClientPublishReasonCode.Success },
        { MqttPlatform.Telescope, Own + "status", "{}", false, MqttClientPublishReasonCode.Success },
        { MqttPlatform.Telescope, Own + "receipt", Receipt, false, MqttClientPublishReasonCode.Success },
        { MqttPlatform.Telescope, Own + "intent", Intent, false, MqttClientPublishReasonCode.Success },
        { MqttPlatform.Telescope, Own + "result", "{}", false, MqttClientPublishReasonCode.Success },
        { MqttPlatform.Telescope, "svom/v1/test/telescopes/colibri/intent", Intent.Replace("sb", "tb", StringComparison.Ordinal), false, MqttClientPublishReasonCode.Success },
        { MqttPlatform.Telescope, Own + "intent", Intent, true, MqttClientPublishReasonCode.NotAuthorized },
        { MqttPlatform.Telescope, Own + "receipt", "{}", false, MqttClientPublishReasonCode.PayloadFormatInvalid },
        { MqttPlatform.Telescope, Own + "receipt", Receipt.Replace("43.000Z", "43", StringComparison.Ordinal), false, MqttClientPublishReasonCode.PayloadFormatInvalid },
        { MqttPlatform.Telescope, Own + "receipt", Receipt.Replace("0a4a9fbe", "xxxx", StringComparison.Ordinal), false, MqttClientPublishReasonCode.PayloadFormatInvalid },
        { MqttPlatform.Telescope, Own + "intent", Intent.Replace("will-observe", "maybe", StringComparison.Ordinal), false, MqttClientPublishReasonCode.PayloadFormatInvalid },
        { MqttPlatform.Telescope, Own + "intent", Intent.Replace("start", "begin", StringComparison.Ordinal), false, MqttClientPublishReasonCode.PayloadFormatInvalid },
        { MqttPlatform.Telescope, Own + "intent", Intent.Replace("sb26042105", "sb1", StringComparison.Ordinal), false, MqttClientPublishReasonCode.PayloadFormatInvalid },
        { MqttPlatform.Telescope, Own + "intent", Intent.Replace("sb", "tb", StringComparison.Ordinal), false, MqttClientPublishReasonCode.PayloadFormatInvalid },
        { MqttPlatform.Telescope, Own + "intent", Intent.Replace("sb26042105", "sb26042199", StringComparison.Ordinal), false, MqttClientPublishReasonCode.ImplementationSpecificError },
        { MqttPlatform.Telescope, Own + "receipt", Receipt.Replace("7d10", "7d99", StringComparison.Ordinal), false, MqttClientPublishReasonCode.ImplementationSpecificError },
        { MqttPlatform.Telescope, Own + "orders", "{}", false, MqttClientPublishReasonCode.NotAuthorized },
        { MqttPlatform.Telescope, Own + "status/more", "{}", false, MqttClientPublishReasonCode.NotAuthorized },
        { MqttPlatform.Telescope, "svom/v1/telescopes/tarot/status", "{}", false, MqttClientPublishReasonCode.NotAuthorized },
        { MqttPlatform.Telescope, "svom/v1/alerts/mxt/mxt-initial", "{}", false, MqttClientPublishReasonCode.NotAuthorized },
        { MqttPlatform.Telescope, "svom/v1/system/status", "{}", true, MqttClientPublishReasonCode.NotAuthorized },
        { MqttPlatform.Telescope, "svom/v2/telescopes/colibri/status", "{}", false, MqttClientPublishReasonCode.NotAuthorized },
        { MqttPlatform.Telescope, "$SYS/broker", "{}", false, MqttClientPublishReasonCode.NotAuthorized },
        { MqttPlatform.Telescope, Own + "receipt", "not json", false, MqttClientPublishReasonCode.PayloadFormatInvalid },
        { MqttPlatform.Telescope, Own + "receipt", "[1]", false, MqttClientPublishReasonCode.PayloadFormatInvalid },
        { MqttPlatform.Telescope, Own + "receipt", "{\"a\":1", false, MqttClientPublishReasonCode.PayloadFormatInvalid },
        { MqttPlatform.Telescope, Own + "receipt", string.Empty, false, MqttClientPublishReasonCode.PayloadFormatInvalid },
        { MqttPlatform.Telescope, Own + "receipt", "{\"a\":\"" + new string('x', 8 * 1024) + "\"}", false, MqttClientPublishReasonCode.PayloadFormatInvalid },
        { MqttPlatform.Telescope, "svom/v1/packets/colibri", "{}", false, MqttClientPublishReasonCode.NotAuthorized },
        { null, "svom/v1/packets/kourou", "{}", false, MqttClientPublishReasonCode.NotAuthorized },
        { MqttPlatform.Station, "svom/v1/telescopes/kourou/status", "{}", false, MqttClientPublishReasonCode.NotAuthorized },
        { null, Own + "status", "{}", false, MqttClientPublishReasonCode.NotAuthorized },
        { null, "svom/v1/alerts/mxt/mxt-initial", "{}", false, MqttClientPublishReasonCode.NotAuthorized },
    };

    [Theory, MemberData(nameof(Publications))]
    public async Task A_telescope_speaks_for_itself_and_nobody_else_speaks(string? user, string topic, string payload, bool retain, MqttClientPublishReasonCode expected)
    {
        await using var platform = await MqttPlatform.StartAsync();
        await using var reader = await platform.ConnectAsync();
        await reader.SubscribeAsync("svom/v1/#");
        await using var writer = await platform.ConnectAsync(user, user switch { null => null, MqttPlatform.Station => MqttPlatform.StationToken, _ => MqttPlatform.TelescopeToken });
        var answer = await writer.PublishAsync(topic, payload, retain);
        Assert.Equal(expected, answer);
        Assert.True(writer.Client.IsConnected);
        if (expected == MqttClientPublishReasonCode.Success)
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
    public async Task What_a_telescope_says_is_acknowledged_once_it_is_taken_down_and_said_again_when_it_could_not_be()
    {
        await using var platform = await MqttPlatform.StartAsync();
        var durable = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        platform.Desk.Before = () => durable.Task;
        await using var telescope = await platform.TelescopeAsync();
        var saying = telescope.PublishAsync(Own + "receipt", Receipt);
        await platform.Desk.Asked.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.False(saying.IsCompleted);
        durable.SetResult();
        Assert.Equal(MqttClientPublishReasonCode.Success, await saying);
        Assert.Equal("colibri", Assert.Single(platform.Desk.Receipts).Telescope);

        platform.Desk.Before = static () => throw new IOException("The disk is gone.");
        await Assert.ThrowsAnyAsync<Exception>(() => telescope.PublishAsync(Own + "intent", Intent));
        await telescope.Disconnected.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task An_old_telescope_is_rid_of_what_is_malformed()
    {
        await using var platform = await MqttPlatform.StartAsync();
        await using var telescope = await platform.TelescopeAsync(MqttProtocolVersion.V311);
        Assert.Equal(MqttClientPublishReasonCode.Success, await telescope.PublishAsync(Own + "intent", "{}"));
        Assert.Equal(MqttClientPublishReasonCode.Success, await telescope.PublishAsync(Own + "intent", Intent));
        Assert.Single(platform.Desk.Intents);
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
