using System.Buffers;
using System.Diagnostics;
using System.Net;
using System.Threading.Channels;
using MQTTnet;
using MQTTnet.Protocol;

namespace Svom.Notifications;

/// <summary>An alert as it arrived.</summary>
/// <param name="At">Timestamp.</param>
/// <param name="Envelope">Its bytes.</param>
internal sealed record ArrivedAlert(long At, byte[] Envelope);

/// <summary>A telescope: a client over TCP that takes alerts at QoS 1 and notes when each arrived.</summary>
internal sealed class AlertListener : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly Channel<ArrivedAlert> arrivals = Channel.CreateUnbounded<ArrivedAlert>();
    private readonly IMqttClient client = new MqttClientFactory().CreateMqttClient();

    private AlertListener() => client.ApplicationMessageReceivedAsync += received =>
    {
        arrivals.Writer.TryWrite(new(Stopwatch.GetTimestamp(), received.ApplicationMessage.Payload.ToArray()));
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
    public async Task<ArrivedAlert> NextAsync(CancellationToken cancellationToken) =>
        await arrivals.Reader.ReadAsync(cancellationToken).AsTask().WaitAsync(Patience, TimeProvider.System, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await client.DisconnectAsync(new MqttClientDisconnectOptions(), CancellationToken.None);
        client.Dispose();
    }
}
