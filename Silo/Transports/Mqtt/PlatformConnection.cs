using System.Net;
using Microsoft.Extensions.Options;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace Svom.Notifications.Mqtt;

/// <summary>
/// The platform as a client of its own broker, over TCP like anybody: hears every message (the echo) and leaves a last will, so that
/// subscribers see <c>down</c> when this connection is killed. Connects again for as long as the broker lives.
/// </summary>
internal sealed class PlatformConnection(MqttBroker broker, MqttDoor door, MqttEndpoint endpoint, TimeProvider time, ILogger<PlatformConnection> logger) : IDisposable
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);
    private readonly CancellationTokenSource _stopping = new();
    private volatile TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _running = Task.CompletedTask;

    /// <summary>What waits to come back.</summary>
    public EchoWaiters Echoes { get; } = new();

    /// <summary>Done while the echo is listening.</summary>
    public Task Connected => _connected.Task;

    /// <summary>Begins to connect.</summary>
    public void Start() => _running = RunAsync(_stopping.Token);

    /// <summary>Says goodbye, so that no will is published.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _running;
    }

    public void Dispose() => _stopping.Dispose();

    private async Task RunAsync(CancellationToken stopping)
    {
        var pause = ShortestPause;
        while (!stopping.IsCancellationRequested)
        {
            var lost = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            using var client = new MqttClientFactory().CreateMqttClient();
            client.ApplicationMessageReceivedAsync += received =>
            {
                Echoes.Heard(received.ApplicationMessage.Topic, received.ApplicationMessage.Payload);
                return Task.CompletedTask;
            };
            client.DisconnectedAsync += disconnected =>
            {
                lost.TrySetResult(disconnected.ReasonString ?? disconnected.Reason.ToString());
                return Task.CompletedTask;
            };
            try
            {
                await ConnectAsync(client, stopping);
                pause = ShortestPause;
                _connected.TrySetResult();
                logger.EchoLost(await lost.Task.WaitAsync(stopping));
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                await LeaveAsync(client);
                return;
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                logger.EchoRefused(exception);
            }

            _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
            Echoes.Lost();
            await Task.Delay(pause, time, stopping).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }

    private async Task ConnectAsync(IMqttClient client, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var options = new MqttClientOptionsBuilder()
            .WithProtocolVersion(MqttProtocolVersion.V500)
            .WithEndPoint(new IPEndPoint(IPAddress.Loopback, endpoint.Port))
            .WithClientId(MqttBroker.PlatformName)
            .WithCredentials(MqttBroker.PlatformName, broker.PlatformPassword)
            .WithCleanStart()
            .WithNoKeepAlive() // Both ends live and die together, and the heartbeat passes here each second.
            .WithWillTopic(SystemTopics.Status)
            .WithWillPayload(SystemTopics.StatusOf("down", now))
            .WithWillContentType("application/json")
            .WithWillPayloadFormatIndicator(MqttPayloadFormatIndicator.CharacterData)
            .WithWillQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce)
            .WithWillRetain()
            .Build();
        ((MqttClientTcpOptions)options.ChannelOptions).LocalEndpoint = door.KeepRoom();
        var answer = await client.ConnectAsync(options, cancellationToken);
        if (answer.ResultCode != MqttClientConnectResultCode.Success)
        {
            throw new InvalidOperationException($"The broker answered {answer.ResultCode}."); // After an overflow: until the old session is gone.
        }

        await client.SubscribeAsync(
            new MqttClientSubscribeOptionsBuilder()
                .WithTopicFilter(filter => filter
                    .WithTopic("svom/v1/#").WithAtLeastOnceQoS().WithRetainAsPublished().WithRetainHandling(MqttRetainHandling.DoNotSendOnSubscribe))
                .Build(),
            cancellationToken);
        await client.PublishAsync(SystemMessages.Status("up", now), cancellationToken);
    }

    private async Task LeaveAsync(IMqttClient client)
    {
        try
        {
            await client.DisconnectAsync(new MqttClientDisconnectOptions(), CancellationToken.None);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            logger.EchoRefused(exception); // The broker hung up first.
        }
    }
}
