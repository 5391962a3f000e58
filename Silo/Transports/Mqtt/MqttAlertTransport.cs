using Microsoft.Extensions.Options;
using MQTTnet;
using MQTTnet.Protocol;

namespace Svom.Notifications.Mqtt;

/// <summary>Alerts into the embedded broker. An alert counts as published once it came back over a real connection.</summary>
internal sealed class MqttAlertTransport(MqttBroker broker, PlatformConnection platform, IOptions<MqttOptions> options, TimeProvider time) : IAlertTransport
{
    // On their way at once: far below what a client's queue holds.
    private const int Window = 128;

    public string Name => "mqtt";

    public Task PublishAsync(Publication publication, CancellationToken cancellationToken) => PublishAllAsync([publication], cancellationToken);

    public async Task PublishAllAsync(IReadOnlyList<Publication> publications, CancellationToken cancellationToken)
    {
        foreach (var window in publications.Chunk(Window))
        {
            await PublishWindowAsync(window, cancellationToken);
            broker.Memory.HasPublished(window.Max(static publication => publication.Sequence) ?? 0);
        }
    }

    private async Task PublishWindowAsync(Publication[] publications, CancellationToken cancellationToken)
    {
        if (!broker.IsStarted)
        {
            throw new TimeoutException($"The MQTT broker does not run: {publications[0].Topic} was not published.");
        }

        var echoing = platform.Connected.IsCompletedSuccessfully;
        var waiters = Array.ConvertAll(publications, publication => platform.Echoes.Add(publication.Topic, publication.Payload));
        try
        {
            foreach (var publication in publications)
            {
                await broker.InjectAsync(ToMessage(publication, time.GetUtcNow()), cancellationToken);
            }

            if (!echoing)
            {
                // Out at once, confirmed later: subscribers may be there although the echo is not, and they drop the repeat by its id.
                await platform.Connected.WaitAsync(options.Value.EchoTimeout, time, cancellationToken);
                throw new TimeoutException($"{publications[0].Topic} went out while the echo connection was away; publish it again.");
            }

            await Task.WhenAll(waiters.Select(static waiter => waiter.Task)).WaitAsync(options.Value.EchoTimeout, time, cancellationToken);
        }
        finally
        {
            Array.ForEach(waiters, platform.Echoes.Remove);
        }
    }

    /// <param name="arrived">When it went out first: from then on its expiry counts.</param>
    public static MqttApplicationMessage ToMessage(Publication publication, DateTimeOffset arrived) => new()
    {
        Topic = publication.Topic,
        Payload = new(publication.Payload),
        ContentType = publication.ContentType,
        PayloadFormatIndicator = IsText(publication.ContentType) ? MqttPayloadFormatIndicator.CharacterData : MqttPayloadFormatIndicator.Unspecified,
        QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce,
        Retain = publication.Retain,
        MessageExpiryInterval = publication.Expiry is { } expiry ? (uint)Math.Clamp(expiry.TotalSeconds, 1, uint.MaxValue) : 0,
        UserProperties = [.. publication.Properties.Select(property => MqttGate.Property(property.Key, property.Value)), MqttStamp.Of(arrived, publication.Sequence)],
    };

    private static bool IsText(string contentType) =>
        contentType.StartsWith("text/", StringComparison.Ordinal)
        || contentType.StartsWith("application/json", StringComparison.Ordinal)
        || contentType.StartsWith("application/xml", StringComparison.Ordinal)
        || contentType.Contains("+json", StringComparison.Ordinal)
        || contentType.Contains("+xml", StringComparison.Ordinal);
}
