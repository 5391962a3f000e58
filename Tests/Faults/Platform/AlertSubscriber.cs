using System.Buffers;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace Svom.Faults;

/// <summary>An alert as it was heard.</summary>
/// <param name="Data">The GCN object as it stood in the envelope.</param>
internal sealed record HeardEnvelope(string Id, string Topic, string Notice, string PayloadSha256, string Data);

/// <summary>A telescope that connects again whenever its platform is back, with a session that outlives the connection.</summary>
internal sealed class AlertSubscriber : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private readonly ConcurrentQueue<HeardEnvelope> heard = new();
    private readonly CancellationTokenSource stopping = new();
    private readonly Task running;
    private volatile TaskCompletionSource next = New();

    public AlertSubscriber(int port) => running = RunAsync(port);

    public IReadOnlyCollection<HeardEnvelope> Heard => heard;

    /// <summary>Done with the next alert.</summary>
    public Task NextAlert => next.Task;

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        await running;
        stopping.Dispose();
    }

    private async Task RunAsync(int port)
    {
        while (!stopping.IsCancellationRequested)
        {
            var lost = New();
            using var client = new MqttClientFactory().CreateMqttClient();
            client.DisconnectedAsync += _ =>
            {
                lost.TrySetResult();
                return Task.CompletedTask;
            };
            client.ApplicationMessageReceivedAsync += received =>
            {
                Keep(received.ApplicationMessage);
                return Task.CompletedTask;
            };
            try
            {
                await ConnectAsync(client, port);
                await lost.Task.WaitAsync(stopping.Token);
            }
            catch (Exception) when (!stopping.IsCancellationRequested)
            {
                await Task.Delay(Pause, TimeProvider.System); // Not there yet, or gone again.
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task ConnectAsync(IMqttClient client, int port)
    {
        await client.ConnectAsync(
            new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port).WithProtocolVersion(MqttProtocolVersion.V500).WithClientId("night-telescope")
                .WithCleanStart(false).WithSessionExpiryInterval(3_600).Build(),
            stopping.Token);
        await client.SubscribeAsync(
            new MqttClientSubscribeOptionsBuilder().WithTopicFilter("svom/v1/alerts/#", MqttQualityOfServiceLevel.AtLeastOnce).Build(), stopping.Token);
    }

    private void Keep(MqttApplicationMessage message)
    {
        var payload = message.Payload.ToArray();
        using var envelope = JsonDocument.Parse(payload);
        var root = envelope.RootElement;
        heard.Enqueue(new(
            root.GetProperty("id").GetString()!, message.Topic, root.GetProperty("ivorn").GetString()!.Split('#')[1],
            Convert.ToHexStringLower(SHA256.HashData(payload)), root.GetProperty("data").GetRawText()));
        Interlocked.Exchange(ref next, New()).TrySetResult();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
