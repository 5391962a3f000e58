using MQTTnet;
using MQTTnet.Formatter;

namespace Svom.Contracts.Notifications;

public sealed class MqttLoginTests
{
    [Theory]
    [InlineData(null, null, true)]
    [InlineData(MqttPlatform.Telescope, MqttPlatform.TelescopeToken, true)]
    [InlineData(MqttPlatform.Station, MqttPlatform.StationToken, true)]
    [InlineData(MqttPlatform.Telescope, MqttPlatform.StationToken, false)]
    [InlineData(MqttPlatform.Telescope, "", false)]
    [InlineData(MqttPlatform.Telescope, null, false)]
    [InlineData("nobody", "token", false)]
    [InlineData("svom-platform", "token", false)]
    public async Task A_name_comes_in_with_its_own_token_only(string? user, string? password, bool admitted)
    {
        await using var platform = await MqttPlatform.StartAsync();
        foreach (var version in new[] { MqttProtocolVersion.V311, MqttProtocolVersion.V500 })
        {
            await using var listener = new MqttListener();
            await listener.ConnectAsync(platform.As(user, password, version).Build());
            Assert.Equal(admitted ? MqttClientConnectResultCode.Success : MqttClientConnectResultCode.BadUserNameOrPassword, listener.Connected.ResultCode);
        }
    }

    [Fact]
    public async Task A_client_without_a_name_is_told_the_one_it_got()
    {
        await using var platform = await MqttPlatform.StartAsync();
        await using var listener = await platform.ConnectAsync(more: options => options.WithClientId(string.Empty));
        Assert.StartsWith("auto-", listener.Connected.AssignedClientIdentifier, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_old_client_without_a_name_comes_in_when_it_leaves_no_session()
    {
        await using var platform = await MqttPlatform.StartAsync();
        await using var first = await platform.ConnectAsync(version: MqttProtocolVersion.V311, more: options => options.WithClientId(string.Empty).WithCleanSession());
        await using var second = await platform.ConnectAsync(version: MqttProtocolVersion.V311, more: options => options.WithClientId(string.Empty).WithCleanSession());
        Assert.True(first.Client.IsConnected && second.Client.IsConnected);
    }

    [Fact]
    public async Task Nobody_takes_over_the_session_of_a_telescope_or_of_the_platform()
    {
        await using var platform = await MqttPlatform.StartAsync();
        await using var telescope = await platform.ConnectAsync(MqttPlatform.Telescope, MqttPlatform.TelescopeToken, more: options => options.WithClientId("dome"));
        foreach (var name in new[] { "dome", "svom-platform" })
        {
            await using var stranger = await platform.ConnectAsync(more: options => options.WithClientId(name));
            Assert.Equal(MqttClientConnectResultCode.ClientIdentifierNotValid, stranger.Connected.ResultCode);
        }

        Assert.True(telescope.Client.IsConnected);
    }

    [Fact]
    public async Task A_session_is_promised_for_seven_days_at_most()
    {
        await using var platform = await MqttPlatform.StartAsync();
        await using var listener = await platform.ConnectAsync(more: options => options.WithSessionExpiryInterval(uint.MaxValue));
        Assert.Equal(7U * 24 * 3600, listener.Connected.SessionExpiryInterval);
    }

    [Fact]
    public async Task A_busy_port_stops_the_start_with_the_name_of_its_setting()
    {
        await using var first = await MqttPlatform.StartAsync();
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => MqttPlatform.StartAsync(null, ("Svom:Ports:Mqtt", $"{first.Port}")));
        Assert.Contains("Svom:Ports:Mqtt", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Svom:Ports:Mqtt", "70000")]
    [InlineData("Svom:Ports:Mqtt", "many")]
    [InlineData("Svom:Mqtt:MaxPendingMessages", "1")]
    [InlineData("Svom:Mqtt:MaxPendingMesages", "1000")]
    [InlineData("Svom:Mqtt:SessionExpiry", "8.00:00:00")]
    public async Task A_wrong_setting_stops_the_start_with_its_name(string setting, string value)
    {
        var refused = await Assert.ThrowsAnyAsync<Exception>(() => MqttPlatform.StartAsync(null, (setting, value)));
        Assert.Contains(setting.Split(':')[^1], refused.ToString(), StringComparison.Ordinal);
    }
}
