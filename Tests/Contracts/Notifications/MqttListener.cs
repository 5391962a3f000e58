using System.Buffers;
using System.Text;
using System.Threading.Channels;
using MQTTnet;
using MQTTnet.Protocol;

namespace Svom.Contracts.Notifications;

/// <summary>One message as a subscriber saw it.</summary>
internal sealed record HeardMessage(string Topic, byte[] Payload, bool Retain, string ContentType, uint Expiry, MqttPayloadFormatIndicator Format, IReadOnlyList<KeyValuePair<string, string>> Properties)
{
    public string Text => Encoding.UTF8.GetString(Payload);
}

/// <summary>A real client over TCP that keeps what it hears in order.</summary>
internal sealed class MqttListener : IAsyncDisposable
{
    private readonly Channel<HeardMessage> _heard = Channel.CreateUnbounded<HeardMessage>();

    public MqttListener()
    {
        Client = new MqttClientFactory().CreateMqttClient();
        Client.ApplicationMessageReceivedAsync += received =>
        {
            var message = received.ApplicationMessage;
            _heard.Writer.TryWrite(new(
                message.Topic, message.Payload.ToArray(), message.Retain, message.ContentType, message.MessageExpiryInterval, message.PayloadFormatIndicator,
                [.. (message.UserProperties ?? []).Select(property => KeyValuePair.Create(property.Name, Encoding.UTF8.GetString(property.ValueBuffer.Span)))]));
            received.AutoAcknowledge = Acknowledge;
            return Task.CompletedTask;
        };
        Client.DisconnectedAsync += disconnected =>
        {
            Disconnected.TrySetResult(disconnected.Reason);
            return Task.CompletedTask;
        };
    }

    public IMqttClient Client { get; }

    public bool Acknowledge { get; set; } = true;

    public MqttClientConnectResult Connected { get; private set; } = null!;

    public TaskCompletionSource<MqttClientDisconnectReason> Disconnected { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async Task ConnectAsync(MqttClientOptions options) => Connected = await Client.ConnectAsync(options);

    public async Task<MqttClientSubscribeResultCode> SubscribeAsync(string filter, MqttQualityOfServiceLevel quality = MqttQualityOfServiceLevel.AtLeastOnce) =>
        (await Client.SubscribeAsync(new MqttClientSubscribeOptionsBuilder().WithTopicFilter(filter, quality).Build())).Items.Single().ResultCode;

    public async Task<MqttClientPublishReasonCode> PublishAsync(string topic, string payload, bool retain = false, MqttQualityOfServiceLevel quality = MqttQualityOfServiceLevel.AtLeastOnce) =>
        (await Client.PublishAsync(new MqttApplicationMessageBuilder().WithTopic(topic).WithPayload(payload).WithRetainFlag(retain).WithQualityOfServiceLevel(quality).Build())).ReasonCode;

    public async Task<HeardMessage> NextAsync() => await _heard.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20));

    public bool TryNext(out HeardMessage? message) => _heard.Reader.TryRead(out message);

    public async Task<HeardMessage> NextAsync(string topic)
    {
        while (true)
        {
            if (await NextAsync() is var message && message.Topic == topic)
            {
                return message;
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        Client.Dispose();
        return ValueTask.CompletedTask;
    }
}
