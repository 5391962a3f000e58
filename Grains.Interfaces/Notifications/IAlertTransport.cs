namespace Svom.Notifications;

/// <summary>A way out: the embedded MQTT broker, later others. Each outlet keeps its own cursor over the notice archive.</summary>
public interface IAlertTransport
{
    /// <summary>Name of the outlet, for example <c>mqtt</c>.</summary>
    string Name { get; }

    /// <summary>
    /// Publishes and waits until the message came back over a real client connection with the same bytes.
    /// </summary>
    /// <exception cref="TimeoutException">No echo in time: publish again, subscribers drop the repeat by its id.</exception>
    Task PublishAsync(Publication publication, CancellationToken cancellationToken);

    /// <summary>The same for several, in their order; they need not wait for each other's echo.</summary>
    /// <exception cref="TimeoutException">One did not come back in time: publish all of them again.</exception>
    async Task PublishAllAsync(IReadOnlyList<Publication> publications, CancellationToken cancellationToken)
    {
        foreach (var publication in publications)
        {
            await PublishAsync(publication, cancellationToken);
        }
    }
}

/// <param name="Topic">Full topic.</param>
/// <param name="Payload">Exact bytes; empty with <paramref name="Retain"/> removes the retained message.</param>
/// <param name="ContentType">Media type.</param>
/// <param name="Retain">Kept by the broker as the topic's present state.</param>
/// <param name="Expiry">After which an undelivered message is worthless; null never.</param>
/// <param name="Properties">MQTT 5 user properties, in order.</param>
public sealed record Publication(
    string Topic, ReadOnlyMemory<byte> Payload, string ContentType, bool Retain, TimeSpan? Expiry, IReadOnlyList<KeyValuePair<string, string>> Properties)
{
    /// <summary>Place of an alert in the notice archive, by which a transport knows what a subscriber is owed; null for what is no alert.</summary>
    public long? Sequence { get; init; }
}
