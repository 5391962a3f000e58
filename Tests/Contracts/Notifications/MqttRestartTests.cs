using Microsoft.Extensions.Time.Testing;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;
using Svom.Notifications;

namespace Svom.Contracts.Notifications;

/// <summary>Sessions over the end of the process. A killed platform is one whose disk another one goes on with.</summary>
public sealed class MqttRestartTests
{
    private static readonly KeyValuePair<string, string>[] PropertiesOfTheSecond = [new("id", "a2"), new("tense", "current"), new("ivorn", "ivo://org.svom/fsc#sb2")];

    [Theory]
    [InlineData(MqttProtocolVersion.V500, true)]
    [InlineData(MqttProtocolVersion.V500, false)]
    [InlineData(MqttProtocolVersion.V311, true)]
    [InlineData(MqttProtocolVersion.V311, false)]
    public async Task A_telescope_that_was_away_hears_what_went_out_before_and_after_the_restart(MqttProtocolVersion version, bool killed)
    {
        var kept = new KeptSubscribers(TimeProvider.System);
        await using var old = await MqttPlatform.StartAsync(kept);
        await using (var first = await old.LastingAsync("dome", version: version))
        {
            await first.SubscribeAsync("svom/v1/alerts/#");
        }

        await kept.PublishAsync(old, 1);
        await kept.PublishAsync(old, 2);
        var disk = await EndAsync(old, kept, killed);
        await using var platform = await MqttPlatform.StartAsync(disk);
        await disk.PublishAsync(platform, 3);

        await using var back = await platform.LastingAsync("dome", version: version);
        Assert.True(back.Connected.IsSessionPresent); // It need not subscribe again.
        var heard = new[] { await back.NextAsync(), await back.NextAsync(), await back.NextAsync() };
        Assert.Equal(["{\"sequence\":1}", "{\"sequence\":2}", "{\"sequence\":3}"], heard.Select(static message => message.Text));
        Assert.All(heard, static message => Assert.Equal(("svom/v1/alerts/mxt/mxt-initial", false), (message.Topic, message.Retain)));
        if (version == MqttProtocolVersion.V500)
        {
            Assert.Equal(("application/json", MqttPayloadFormatIndicator.CharacterData), (heard[1].ContentType, heard[1].Format));
            Assert.Equal(PropertiesOfTheSecond, heard[1].Properties);
            Assert.InRange(heard[1].Expiry, 86_000U, 86_400U);
        }
    }

    [Fact]
    public async Task What_was_acknowledged_is_not_repeated_after_an_orderly_stop()
    {
        var kept = new KeptSubscribers(TimeProvider.System);
        var old = await MqttPlatform.StartAsync(kept);
        await using (var first = await old.LastingAsync("dome"))
        {
            await first.SubscribeAsync("svom/v1/alerts/#");
            await kept.PublishAsync(old, 1);
            await first.NextAsync();
            await AcknowledgedAsync(old, "dome", 1);
        }

        await old.DisposeAsync();
        Assert.Equal(1, Assert.Single(kept.Anonymous).Acknowledged);
        await using var platform = await MqttPlatform.StartAsync(kept);
        await kept.PublishAsync(platform, 2);
        await using var back = await platform.LastingAsync("dome");
        Assert.Equal("{\"sequence\":2}", (await back.NextAsync()).Text);
    }

    [Fact]
    public async Task What_was_sent_and_not_acknowledged_is_repeated()
    {
        var kept = new KeptSubscribers(TimeProvider.System);
        await using var old = await MqttPlatform.StartAsync(kept);
        await using var first = await old.LastingAsync("dome");
        first.Acknowledge = false;
        await first.SubscribeAsync("svom/v1/alerts/#");
        await kept.PublishAsync(old, 1);
        await first.NextAsync();

        await using var platform = await MqttPlatform.StartAsync(kept.Copy());
        await using var back = await platform.LastingAsync("dome");
        Assert.Equal("{\"sequence\":1}", (await back.NextAsync()).Text);
    }

    [Fact]
    public async Task An_alert_on_two_topics_is_taken_when_both_messages_are()
    {
        var kept = new KeptSubscribers(TimeProvider.System);
        await using var old = await MqttPlatform.StartAsync(kept);
        await using var first = await old.LastingAsync("dome");
        await first.SubscribeAsync("svom/v1/alerts/#");
        await kept.PublishAsync(old, 1);
        await first.NextAsync();
        await AcknowledgedAsync(old, "dome", 1);
        first.Acknowledge = false;
        await kept.PublishAsync(old, 2, "svom/v1/alerts/grm/grm-initial", "svom/v1/alerts/mxt/mxt-initial");
        await first.NextAsync();
        await first.NextAsync();
        Assert.Equal(1, old.Broker.Sessions.Find("dome")!.OwedAfter);
        await using var platform = await MqttPlatform.StartAsync(kept.Copy());
        await using var back = await platform.LastingAsync("dome");
        string[] topics = [(await back.NextAsync("svom/v1/alerts/grm/grm-initial")).Topic, (await back.NextAsync("svom/v1/alerts/mxt/mxt-initial")).Topic];
        Assert.Equal(2, topics.Length);
    }

    [Fact]
    public async Task A_clean_start_hears_nothing_of_before_and_the_old_session_never_comes_back()
    {
        var kept = new KeptSubscribers(TimeProvider.System);
        await using var old = await MqttPlatform.StartAsync(kept);
        await using (var first = await old.LastingAsync("dome"))
        {
            await first.SubscribeAsync("svom/v1/alerts/#");
        }

        await kept.PublishAsync(old, 1);
        var disk = kept.Copy();
        await using var second = await MqttPlatform.StartAsync(disk);
        await using var clean = await second.ConnectAsync(more: static options => options.WithClientId("dome").WithCleanStart().WithSessionExpiryInterval(3_600));
        Assert.False(clean.Connected.IsSessionPresent);
        Assert.Empty(disk.Anonymous); // Before its CONNACK.
        await clean.SubscribeAsync("svom/v1/alerts/#");
        await disk.PublishAsync(second, 2);
        Assert.Equal("{\"sequence\":2}", (await clean.NextAsync()).Text);
    }

    [Fact]
    public async Task A_session_that_ends_with_its_connection_is_forgotten()
    {
        var kept = new KeptSubscribers(TimeProvider.System);
        await using var old = await MqttPlatform.StartAsync(kept);
        await using (var first = await old.LastingAsync("dome"))
        {
            await first.SubscribeAsync("svom/v1/alerts/#");
        }

        await using var last = await old.ConnectAsync(more: static options => options.WithClientId("dome").WithCleanStart(false).WithSessionExpiryInterval(0));
        Assert.True(last.Connected.IsSessionPresent);
        Assert.Empty(kept.Anonymous);
        await using var passing = await old.ConnectAsync();
        await passing.SubscribeAsync("svom/v1/alerts/#");
        Assert.Empty(kept.Anonymous);
    }

    [Fact]
    public async Task A_session_whose_time_is_over_is_forgotten_and_a_worthless_alert_is_not_repeated()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        var kept = new KeptSubscribers(time);
        var old = await MqttPlatform.StartAsync(kept, time);
        await LeaveBehindAsync(old, "night", seconds: 86_400 * 3);
        await LeaveBehindAsync(old, "hour", seconds: 3_600);
        await kept.PublishAsync(old, 1);
        time.AdjustTime(time.GetUtcNow().AddHours(20));
        await kept.PublishAsync(old, 2);
        await old.DisposeAsync();
        Assert.Equal(2, kept.Anonymous.Length);

        time.AdjustTime(time.GetUtcNow().AddHours(10));
        await using var platform = await MqttPlatform.StartAsync(kept, time);
        Assert.Null(platform.Broker.Sessions.Find("hour"));
        await using var back = await platform.LastingAsync("night");
        var heard = await back.NextAsync();
        Assert.Equal("{\"sequence\":2}", heard.Text);
        Assert.InRange(heard.Expiry, (14U * 3_600) - 60, 14U * 3_600);
    }

    [Fact]
    public async Task Only_what_came_after_a_subscription_and_matches_it_is_owed()
    {
        var kept = new KeptSubscribers(TimeProvider.System);
        await using var old = await MqttPlatform.StartAsync(kept);
        await kept.PublishAsync(old, 1);
        await using (var first = await old.LastingAsync("dome"))
        {
            await first.SubscribeAsync("svom/v1/alerts/grm/#");
            await first.Client.SubscribeAsync(new MqttClientSubscribeOptionsBuilder().WithSubscriptionIdentifier(7).WithTopicFilter("svom/v1/alerts/mxt/#", MqttQualityOfServiceLevel.AtLeastOnce).Build());
            await first.SubscribeAsync("svom/v1/alerts/vt/#");
            await first.Client.UnsubscribeAsync("svom/v1/alerts/vt/#");
        }

        await kept.PublishAsync(old, 2);
        await kept.PublishAsync(old, 3, "svom/v1/alerts/eclairs/eclairs-wakeup");
        await kept.PublishAsync(old, 4, "svom/v1/alerts/vt/vt-initial");
        await kept.PublishAsync(old, 5, "svom/v1/alerts/grm/grm-initial");
        await old.DisposeAsync();
        await using var platform = await MqttPlatform.StartAsync(kept);
        await using var back = await platform.LastingAsync("dome");
        Assert.Equal("{\"sequence\":2}", (await back.NextAsync()).Text);
        Assert.Equal("{\"sequence\":5}", (await back.NextAsync()).Text);
        Assert.Equal(7U, platform.Broker.Sessions.Find("dome")!.Filters.Single(static filter => filter.Filter == "svom/v1/alerts/mxt/#").Identifier);
        Assert.Equal(2, platform.Broker.Sessions.Find("dome")!.Filters.Length);
    }

    [Fact]
    public async Task A_session_that_is_owed_more_than_a_queue_holds_ends_as_without_a_restart()
    {
        var kept = new KeptSubscribers(TimeProvider.System);
        await using var old = await MqttPlatform.StartAsync(kept);
        await LeaveBehindAsync(old, "dome", 3_600);
        for (var number = 1; number <= 40; number++)
        {
            await kept.PublishAsync(old, number);
        }

        await using var platform = await MqttPlatform.StartAsync(kept.Copy(), null, ("Svom:Mqtt:MaxPendingMessages", "20"));
        Assert.Equal("dome", Assert.Single(platform.Overflows).ClientId);
        Assert.Null(platform.Broker.Sessions.Find("dome"));
    }

    [Fact]
    public async Task A_platform_that_cannot_read_its_sessions_serves_without_them_and_forgets_nothing()
    {
        var kept = new KeptSubscribers(TimeProvider.System);
        await using var old = await MqttPlatform.StartAsync(kept);
        await LeaveBehindAsync(old, "dome", 3_600);
        await kept.PublishAsync(old, 1);
        var disk = kept.Copy();
        disk.Unreadable = true;
        await using (var poor = await MqttPlatform.StartAsync(disk))
        {
            await using var present = await poor.LastingAsync("dome");
            Assert.False(present.Connected.IsSessionPresent);
            await present.SubscribeAsync("svom/v1/alerts/#");
            await disk.PublishAsync(poor, 2);
            Assert.Equal("{\"sequence\":2}", (await present.NextAsync()).Text);
        }

        disk.Unreadable = false;
        await using var platform = await MqttPlatform.StartAsync(disk);
        await using var back = await platform.LastingAsync("dome");
        Assert.Equal(["{\"sequence\":1}", "{\"sequence\":2}"], new[] { (await back.NextAsync()).Text, (await back.NextAsync()).Text });
    }

    [Fact]
    public async Task A_full_disk_keeps_nobody_from_hearing_alerts_and_is_made_up_for()
    {
        var kept = new KeptSubscribers(TimeProvider.System);
        await using var platform = await MqttPlatform.StartAsync(kept);
        kept.Full = true;
        await using var dome = await platform.LastingAsync("dome");
        Assert.Equal(MqttClientSubscribeResultCode.GrantedQoS1, await dome.SubscribeAsync("svom/v1/alerts/#"));
        await kept.PublishAsync(platform, 1);
        Assert.Equal("{\"sequence\":1}", (await dome.NextAsync()).Text);
        kept.Full = false;
        await platform.Broker.Memory.FlushAsync(TestContext.Current.CancellationToken);
        Assert.Equal("dome", Assert.Single(kept.Anonymous).ClientId);
    }

    private static async Task<KeptSubscribers> EndAsync(MqttPlatform platform, KeptSubscribers kept, bool killed)
    {
        if (killed)
        {
            return kept.Copy();
        }

        await platform.DisposeAsync();
        return kept;
    }

    private static async Task LeaveBehindAsync(MqttPlatform platform, string clientId, uint seconds)
    {
        await using var client = await platform.ConnectAsync(more: options => options.WithClientId(clientId).WithCleanStart(false).WithSessionExpiryInterval(seconds));
        await client.SubscribeAsync("svom/v1/alerts/#");
        await client.Client.DisconnectAsync(new MqttClientDisconnectOptions(), TestContext.Current.CancellationToken);
    }

    // The acknowledgement is on its way when the listener has the message.
    private static async Task AcknowledgedAsync(MqttPlatform platform, string clientId, long sequence)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (platform.Broker.Sessions.Find(clientId)!.OwedAfter < sequence)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), patience.Token);
        }
    }
}
