using System.Diagnostics;
using System.Net;
using System.Threading.Channels;
using MQTTnet;
using MQTTnet.Protocol;

namespace Svom.Notifications;

/// <summary>A telescope: a client over TCP that takes alerts at QoS 1 and notes when each arrived.</summary>
internal sealed class AlertListener : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly Channel<long> arrivals = Channel.CreateUnbounded<long>();
    private readonly IMqttClient client = new MqttClientFactory().CreateMqttClient();

    private AlertListener() => client.ApplicationMessageReceivedAsync += received =>
    {
        arrivals.Writer.TryWrite(Stopwatch.GetTimestamp());
        return Task.CompletedTask;
    };

    public static async Task<AlertListener> ConnectAsync(int port, string topic, CancellationToken cancellationToken)
    {
        var listener = new AlertListener();
        await listener.client.ConnectAsync(
            new MqttClientOptionsBuilder().WithEndPoint(new IPEndPoint(IPAddress.Loopback, port)).WithClientId("benchmark-telescope").WithCleanStart().Build(), cancellationToken);
        await listener.client.SubscribeAsync(
            new MqttClientSubscribeOptionsBuilder().WithTopicFilter(topic, MqttQualityOfServiceLevel.AtLeastOnce).Build(), cancellationToken);
        return listener;
    }

    /// <summary>Waits for the next alert.</summary>
    /// <returns>Timestamp of its arrival.</returns>
    public async Task<long> NextAsync(CancellationToken cancellationToken) =>
        await arrivals.Reader.ReadAsync(cancellationToken).AsTask().WaitAsync(Patience, TimeProvider.System, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await client.DisconnectAsync(new MqttClientDisconnectOptions(), CancellationToken.None);
        client.Dispose();
    }
}
