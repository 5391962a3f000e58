using MQTTnet;
using MQTTnet.Formatter;

namespace Svom.Contracts.Notifications;

/// <summary>Sessions that are kept on the disk, in the hands of strangers.</summary>
public sealed class MqttRoomTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Strangers_push_each_other_out_and_nobody_with_a_name()
    {
        var kept = new KeptSubscribers(TimeProvider.System);
        await using var platform = await MqttPlatform.StartAsync(kept, null, ("Svom:Mqtt:MaxSessionsPerUser", "5"));
        await using var dome = await platform.LastingAsync("dome", MqttPlatform.Telescope, MqttPlatform.TelescopeToken);
        await dome.SubscribeAsync("svom/v1/alerts/#");
        await using var present = await platform.LastingAsync("present");
        await present.SubscribeAsync("svom/v1/alerts/#");
        for (var i = 0; i < 60; i++)
        {
            await using var stranger = await platform.LastingAsync($"stranger-{i}");
            await stranger.SubscribeAsync("svom/v1/alerts/#");
            await stranger.Client.DisconnectAsync(new MqttClientDisconnectOptions(), TestContext.Current.CancellationToken);
        }

        await platform.Broker.Memory.FlushAsync(TestContext.Current.CancellationToken);
        output.WriteLine($"{kept.Writes} writes for 62 sessions");
        Assert.InRange(kept.Anonymous.Length, 1, 5);
        Assert.Contains(kept.Anonymous, static subscriber => subscriber.ClientId == "present"); // Connected: not pushed out.
        Assert.Contains(kept.Anonymous, static subscriber => subscriber.ClientId == "stranger-59");
        Assert.Equal("dome", Assert.Single(kept.Named).ClientId);
        Assert.InRange(platform.Broker.Sessions.All.Count(static session => session.Expiry > TimeSpan.Zero), 2, 6);
    }

    [Theory]
    [InlineData(MqttProtocolVersion.V500, MqttClientConnectResultCode.QuotaExceeded)]
    [InlineData(MqttProtocolVersion.V311, MqttClientConnectResultCode.ServerUnavailable)]
    public async Task When_all_are_connected_one_more_is_refused_and_a_passing_client_is_not(MqttProtocolVersion version, MqttClientConnectResultCode refusal)
    {
        await using var platform = await MqttPlatform.StartAsync(null, ("Svom:Mqtt:MaxSessionsPerUser", "1"));
        await using var one = await platform.LastingAsync("one");
        await using var two = await platform.LastingAsync("two", version: version);
        Assert.Equal(refusal, two.Connected.ResultCode);
        await using var again = await platform.LastingAsync("one", version: version);
        Assert.Equal(MqttClientConnectResultCode.Success, again.Connected.ResultCode);
        await using var passing = await platform.ConnectAsync(version: version);
        Assert.Equal(MqttClientConnectResultCode.Success, passing.Connected.ResultCode);
    }

    [Theory]
    [InlineData("dome \"1\"/../#+$\\")]
    [InlineData("望遠鏡 🔭 ‮'; DROP TABLE stream; --")]
    [InlineData("anonymous")]
    public async Task A_client_identifier_of_odd_characters_is_kept_as_it_is(string clientId)
    {
        var kept = new KeptSubscribers(TimeProvider.System);
        await using var old = await MqttPlatform.StartAsync(kept);
        await using (var first = await old.LastingAsync(clientId))
        {
            await first.SubscribeAsync("svom/v1/alerts/#");
        }

        await kept.PublishAsync(old, 1);
        await using var platform = await MqttPlatform.StartAsync(kept.Copy());
        await using var back = await platform.LastingAsync(clientId);
        Assert.Equal((true, "{\"sequence\":1}"), (back.Connected.IsSessionPresent, (await back.NextAsync()).Text));
    }

    [Fact]
    public async Task What_is_kept_of_one_client_is_bounded()
    {
        var kept = new KeptSubscribers(TimeProvider.System);
        await using var platform = await MqttPlatform.StartAsync(kept);
        await using var longName = await platform.LastingAsync(new string('x', 257));
        Assert.Equal(MqttClientConnectResultCode.ClientIdentifierNotValid, longName.Connected.ResultCode);
        await using var greedy = await platform.LastingAsync(new string('x', 256));
        Assert.Equal(MqttClientSubscribeResultCode.GrantedQoS1, await greedy.SubscribeAsync("svom/v1/alerts/" + new string('a', 8_000)));
        Assert.Equal(MqttClientSubscribeResultCode.QuotaExceeded, await greedy.SubscribeAsync("svom/v1/alerts/" + new string('b', 8_000)));
        Assert.Single(Assert.Single(kept.Anonymous).Filters);
    }

    [Fact]
    public async Task After_a_restart_a_session_is_its_owners_still()
    {
        var kept = new KeptSubscribers(TimeProvider.System);
        await using var old = await MqttPlatform.StartAsync(kept);
        await using (var first = await old.LastingAsync("dome", MqttPlatform.Telescope, MqttPlatform.TelescopeToken))
        {
            await first.SubscribeAsync("svom/v1/alerts/#");
        }

        await kept.PublishAsync(old, 1);
        var disk = kept.Copy();
        await using var platform = await MqttPlatform.StartAsync(disk);
        foreach (var (user, token) in new[] { (null, null), (MqttPlatform.Station, MqttPlatform.StationToken) })
        {
            await using var thief = await platform.LastingAsync("dome", user, token);
            Assert.Equal(MqttClientConnectResultCode.ClientIdentifierNotValid, thief.Connected.ResultCode);
        }

        Assert.Equal(0, Assert.Single(disk.Named).Acknowledged);
        await using var back = await platform.LastingAsync("dome", MqttPlatform.Telescope, MqttPlatform.TelescopeToken);
        Assert.Equal("{\"sequence\":1}", (await back.NextAsync()).Text);
    }

    [Fact]
    public async Task A_name_that_takes_a_strangers_identifier_begins_a_session_of_its_own()
    {
        var kept = new KeptSubscribers(TimeProvider.System);
        await using var platform = await MqttPlatform.StartAsync(kept);
        await using (var stranger = await platform.LastingAsync("dome"))
        {
            await stranger.SubscribeAsync("svom/v1/alerts/#");
        }

        await kept.PublishAsync(platform, 1);
        await using var owner = await platform.LastingAsync("dome", MqttPlatform.Telescope, MqttPlatform.TelescopeToken);
        Assert.False(owner.Connected.IsSessionPresent);
        Assert.Empty(kept.Anonymous);
        await owner.SubscribeAsync("svom/v1/alerts/#");
        await kept.PublishAsync(platform, 2);
        Assert.Equal("{\"sequence\":2}", (await owner.NextAsync()).Text);
        Assert.Equal(1, Assert.Single(Assert.Single(kept.Named).Filters).Since);
    }

    [Fact]
    public async Task A_forged_stamp_of_a_telescope_is_nobodys_business()
    {
        await using var platform = await MqttPlatform.StartAsync();
        await using var reader = await platform.LastingAsync("reader");
        await reader.SubscribeAsync("svom/v1/telescopes/#");
        await using var dome = await platform.TelescopeAsync();
        await dome.Client.PublishAsync(
            new MqttApplicationMessageBuilder().WithTopic("svom/v1/telescopes/colibri/status").WithPayload("{}").WithRetainFlag()
                .WithUserProperty("svom-stamp", "no/number"u8.ToArray()).Build(),
            TestContext.Current.CancellationToken);
        Assert.Empty((await reader.NextAsync()).Properties);
    }
}
