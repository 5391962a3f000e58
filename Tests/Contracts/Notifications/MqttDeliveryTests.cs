using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Svom.Contracts.Gateway;
using Svom.Outcomes;
using Svom.Packets;

namespace Svom.Contracts.Notifications;

/// <summary>Receptions in over MQTT: nothing is acknowledged before it is durable, nothing that is no reception comes again for ever.</summary>
public sealed class MqttDeliveryTests
{
    private const string Own = "svom/v1/packets/kourou";
    private const string One = """{ "station": "kourou", "receivedAt": "2026-03-01T04:13:43.000Z", "octets": "CAHAAAAA", "signalDbm": -112.5 }""";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static TheoryData<string, string, string?, bool, MqttClientPublishReasonCode, string?> Publications => new()
    {
        { Own, One, "application/json", false, MqttClientPublishReasonCode.Success, null },
        { Own, One, null, false, MqttClientPublishReasonCode.Success, null },
        { Own, One.Replace("}", ", \"session\": \"night-drill\" }", StringComparison.Ordinal), null, false, MqttClientPublishReasonCode.Success, null },
        { "svom/v1/test/packets/kourou", One.Replace("}", ", \"session\": \"night-drill\" }", StringComparison.Ordinal), null, false, MqttClientPublishReasonCode.Success, null },
        { "svom/v1/test/packets/kourou", One, null, false, MqttClientPublishReasonCode.PayloadFormatInvalid, "names its session" },
        { Own, One, null, true, MqttClientPublishReasonCode.ImplementationSpecificError, "not retained" },
        { Own, One, "text/plain", false, MqttClientPublishReasonCode.PayloadFormatInvalid, "application/vnd.svom.receptions" },
        { Own, One, "application/vnd.svom.receptions", false, MqttClientPublishReasonCode.PayloadFormatInvalid, "Element 0" },
        { Own, "[" + One + "]", null, false, MqttClientPublishReasonCode.PayloadFormatInvalid, "no JSON object" },
        { Own, One + One, null, false, MqttClientPublishReasonCode.PayloadFormatInvalid, "no JSON" },
        { Own, "", null, false, MqttClientPublishReasonCode.PayloadFormatInvalid, "empty" },
        { Own, One.Replace("kourou", "reunion", StringComparison.Ordinal), null, false, MqttClientPublishReasonCode.PayloadFormatInvalid, "station kourou" },
        { Own, One.Replace("signalDbm", "signal", StringComparison.Ordinal), null, false, MqttClientPublishReasonCode.PayloadFormatInvalid, "a member other than" },
        { "svom/v1/packets/reunion", One, null, false, MqttClientPublishReasonCode.NotAuthorized, "under its own name" },
        { "svom/v1/packets", One, null, false, MqttClientPublishReasonCode.TopicNameInvalid, "{station}" },
        { "svom/v1/packets/kourou/more", One, null, false, MqttClientPublishReasonCode.TopicNameInvalid, "{station}" },
    };

    [Theory, MemberData(nameof(Publications))]
    public async Task A_station_delivers_for_itself_and_is_told_what_is_wrong(
        string topic, string payload, string? contentType, bool retain, MqttClientPublishReasonCode expected, string? reason)
    {
        await using var platform = await MqttPlatform.StartAsync();
        await using var reader = await platform.ConnectAsync();
        await reader.SubscribeAsync("#");
        await using var station = await StationAsync(platform);
        foreach (var quality in (MqttQualityOfServiceLevel[])[MqttQualityOfServiceLevel.AtLeastOnce, MqttQualityOfServiceLevel.ExactlyOnce])
        {
            var before = platform.Intake.Receptions.Count();
            var answer = await station.Client.PublishAsync(Message(topic, payload, contentType, retain, quality), TestContext.Current.CancellationToken);
            Assert.Equal((expected, true), (answer.ReasonCode, station.Client.IsConnected));
            if (quality == MqttQualityOfServiceLevel.AtLeastOnce) // The test's client does not hand on the sentence of a PUBREC.
            {
                Assert.Contains(reason ?? "", answer.ReasonString ?? "", StringComparison.Ordinal);
            }

            Assert.Equal(before + (reason is null ? 1 : 0), platform.Intake.Receptions.Count());
        }

        await platform.Transport.PublishAsync(new("svom/v1/alerts/grm/grm-trigger", "{}"u8.ToArray(), "application/json", false, null, []), TestContext.Current.CancellationToken);
        while (await reader.NextAsync() is { Topic: not "svom/v1/alerts/grm/grm-trigger" } heard)
        {
            Assert.DoesNotContain("packets", heard.Topic, StringComparison.Ordinal); // Publish-only, also for a wildcard.
        }

        Assert.Null(await platform.Broker.RetainedAsync(topic));
    }

    [Fact]
    public async Task The_operator_delivers_for_any_station_and_a_batch_counts_as_its_receptions()
    {
        await using var platform = await MqttPlatform.StartAsync();
        await using var sender = await platform.ConnectAsync(Svom.Access.Roles.Operator, MqttPlatform.OperatorToken);
        var receptions = Enumerable.Range(0, 5).Select(n => new Reception("kourou", Platform.Time.AddSeconds(n), new byte[] { 8, 1, (byte)n }, null, "drill")).ToArray();
        foreach (var type in new[] { "application/vnd.svom.receptions", null })
        {
            var message = Message(Own, "", type, false, MqttQualityOfServiceLevel.AtLeastOnce);
            message.Payload = new(ReceptionBodies.Binary(receptions));
            Assert.Equal(MqttClientPublishReasonCode.Success, (await sender.Client.PublishAsync(message, TestContext.Current.CancellationToken)).ReasonCode);
            Assert.Equal(5, platform.Intake.Batches[^1].Receptions.Length);
            Assert.All(platform.Intake.Batches[^1].Receptions, static reception => Assert.Equal(("kourou", "drill"), (reception.Station, reception.Session)));
        }
    }

    [Fact]
    public async Task Nothing_is_acknowledged_before_it_is_durable_and_what_waits_together_is_stored_together()
    {
        await using var platform = await MqttPlatform.StartAsync();
        var durable = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var calls = 0;
        platform.Intake.Answer = async batch =>
        {
            Interlocked.Increment(ref calls);
            asked.TrySetResult();
            await durable.Task;
            return FakeIntake.Stored(batch);
        };
        await using var station = await StationAsync(platform);
        Assert.Equal(256, (int)station.Connected.ReceiveMaximum!);
        var first = Publish(0);
        await asked.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Task<MqttClientPublishReasonCode>[] publishing = [first, .. Enumerable.Range(1, 99).Select(Publish)];
        await station.Client.PingAsync(TestContext.Current.CancellationToken); // Everything sent before it has been read.
        Assert.DoesNotContain(publishing, static one => one.IsCompleted);
        Assert.Equal(1, calls);

        durable.SetResult();
        Assert.All(await Task.WhenAll(publishing).WaitAsync(Patience, TestContext.Current.CancellationToken), static code => Assert.Equal(MqttClientPublishReasonCode.Success, code));
        Assert.Equal(100, platform.Intake.Receptions.Distinct().Count());
        Assert.InRange(calls, 2, 3); // The first, and the others that waited for it.

        Task<MqttClientPublishReasonCode> Publish(int n) => station.PublishAsync(Own, One.Replace("43.000", $"43.{n:000}", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_overloaded_log_keeps_the_sender_waiting_and_a_failing_one_ends_the_connection()
    {
        await using var platform = await MqttPlatform.StartAsync();
        await using var station = await StationAsync(platform);
        var refusals = 2;
        platform.Intake.Answer = batch => Task.FromResult(refusals-- > 0 ? new Refusal(RefusalCode.Overloaded, "Later.") : FakeIntake.Stored(batch));
        Assert.Equal(MqttClientPublishReasonCode.Success, await station.PublishAsync(Own, One));

        platform.Intake.Answer = static _ => throw new IOException("The disk is gone.");
        await Assert.ThrowsAnyAsync<Exception>(() => station.PublishAsync(Own, One));
        Assert.Equal(MqttClientDisconnectReason.ServerBusy, await station.Disconnected.Task.WaitAsync(Patience, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task One_that_the_log_takes_offence_at_does_not_take_its_neighbours_with_it()
    {
        await using var platform = await MqttPlatform.StartAsync();
        var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        platform.Intake.Answer = async batch =>
        {
            await first.Task;
            return batch.Receptions.Any(static reception => reception.SignalDbm == -1) ? new Refusal(RefusalCode.Invalid, "Element 0: no.") : FakeIntake.Stored(batch);
        };
        await using var station = await StationAsync(platform);
        var publishing = Enumerable.Range(0, 4).Select(n => station.PublishAsync(Own, One.Replace("-112.5", n == 2 ? "-1" : $"-10{n}", StringComparison.Ordinal))).ToArray();
        await station.Client.PingAsync(TestContext.Current.CancellationToken);
        first.SetResult();
        var codes = await Task.WhenAll(publishing).WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal(
            [MqttClientPublishReasonCode.Success, MqttClientPublishReasonCode.Success, MqttClientPublishReasonCode.PayloadFormatInvalid, MqttClientPublishReasonCode.Success], codes);
        Assert.Equal(3, platform.Intake.Receptions.Count());
    }

    [Fact]
    public async Task An_old_station_is_rid_of_what_is_no_reception_and_is_cut_off_where_it_may_not_deliver()
    {
        await using var platform = await MqttPlatform.StartAsync();
        await using var station = await StationAsync(platform, MqttProtocolVersion.V311);
        Assert.Equal(MqttClientPublishReasonCode.Success, await station.PublishAsync(Own, "no reception")); // Or it would come again for ever.
        Assert.Equal(MqttClientPublishReasonCode.Success, await station.PublishAsync(Own, One, quality: MqttQualityOfServiceLevel.ExactlyOnce));
        Assert.Single(platform.Intake.Receptions);

        await Assert.ThrowsAnyAsync<Exception>(() => station.PublishAsync("svom/v1/packets/reunion", One));
        await station.Disconnected.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Single(platform.Intake.Receptions);
    }

    [Fact]
    public async Task A_number_may_stand_for_the_topic_and_quality_0_is_stored_too()
    {
        await using var platform = await MqttPlatform.StartAsync();
        await using var station = await StationAsync(platform);
        foreach (var topic in new[] { Own, "" })
        {
            var message = Message(topic, One, null, false, MqttQualityOfServiceLevel.AtLeastOnce);
            message.TopicAlias = 3;
            Assert.Equal(MqttClientPublishReasonCode.Success, (await station.Client.PublishAsync(message, TestContext.Current.CancellationToken)).ReasonCode);
        }

        await station.PublishAsync(Own, One, quality: MqttQualityOfServiceLevel.AtMostOnce);
        await station.PublishAsync(Own, One); // In order: when this one is answered, the one before is stored.
        Assert.Equal(4, platform.Intake.Receptions.Count());
    }

    [Fact]
    public async Task A_last_will_brings_no_receptions()
    {
        await using var platform = await MqttPlatform.StartAsync();
        var station = await platform.ConnectAsync(MqttPlatform.Station, MqttPlatform.StationToken, more: static options => options.WithWillTopic(Own).WithWillPayload(One));
        await station.DisposeAsync();
        await using var other = await StationAsync(platform);
        await other.PublishAsync(Own, One.Replace("CAHAAAAA", "CAHAAAAB", StringComparison.Ordinal));
        Assert.Single(platform.Intake.Receptions);
    }

    private static Task<MqttListener> StationAsync(MqttPlatform platform, MqttProtocolVersion version = MqttProtocolVersion.V500) =>
        platform.ConnectAsync(MqttPlatform.Station, MqttPlatform.StationToken, version);

    private static MqttApplicationMessage Message(string topic, string payload, string? contentType, bool retain, MqttQualityOfServiceLevel quality) =>
        new MqttApplicationMessageBuilder().WithTopic(topic).WithPayload(payload).WithContentType(contentType).WithRetainFlag(retain).WithQualityOfServiceLevel(quality).WithTopicAlias(topic.Length == 0 ? (ushort)3 : (ushort)0).Build();
}
