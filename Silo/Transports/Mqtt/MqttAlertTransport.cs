using Microsoft.Extensions.Options;
using MQTTnet;
using MQTTnet.Protocol;

namespace Svom.Notifications.Mqtt;

/// <summary>Alerts into the embedded broker. An alert counts as published once it came back over a real connection.</summary>
internal sealed class MqttAlertTransport(MqttBroker broker, PlatformConnection platform, IOptions<MqttOptions> options, TimeProvider time) : IAlertTransport
{
    public string Name => "mqtt";

    public async Task PublishAsync(Publication publication, CancellationToken cancellationToken)
    {
        if (!broker.IsStarted)
        {
            throw new TimeoutException($"The MQTT broker does not run: {publication.Topic} was not published.");
        }

        var echoing = platform.Connected.IsCompletedSuccessfully;
        var waiter = platform.Echoes.Add(publication.Topic, publication.Payload);
        try
        {
            await broker.InjectAsync(ToMessage(publication), cancellationToken);
            if (!echoing)
            {
                // Out at once, confirmed later: subscribers may be there although the echo is not, and they drop the repeat by its id.
                await platform.Connected.WaitAsync(options.Value.EchoTimeout, time, cancellationToken);
                throw new TimeoutException($"{publication.Topic} went out while the echo connection was away; publish it again.");
            }

            await waiter.Task.WaitAsync(options.Value.EchoTimeout, time, cancellationToken);
        }
        finally
        {
            platform.Echoes.Remove(waiter);
        }
    }

    private static MqttApplicationMessage ToMessage(Publication publication) => new()
    {
        Topic = publication.Topic,
        Payload = new(publication.Payload),
        ContentType = publication.ContentType,
        PayloadFormatIndicator = IsText(publication.ContentType) ? MqttPayloadFormatIndicator.CharacterData : MqttPayloadFormatIndicator.Unspecified,
        QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
        Retain = publication.Retain,
        MessageExpiryInterval = publication.Expiry is { } expiry ? (uint)Math.Clamp(expiry.TotalSeconds, 1, uint.MaxValue) : 0,
        UserProperties = [.. publication.Properties.Select(property => MqttGate.Property(property.Key, property.Value))],
    };

    private static bool IsText(string contentType) =>
        contentType.StartsWith("text/", StringComparison.Ordinal)
        || contentType.StartsWith("application/json", StringComparison.Ordinal)
        || contentType.StartsWith("application/xml", StringComparison.Ordinal)
        || contentType.Contains("+json", StringComparison.Ordinal)
        || contentType.Contains("+xml", StringComparison.Ordinal);
}
