using System.Collections.Immutable;

namespace Svom.Notifications;

/// <summary>
/// Subscribers that must not be forgotten when the process dies. Key: a shelf, <c>named</c> or <c>anonymous</c>, so that strangers cost
/// those with a name nothing. The broker alone writes, and always the whole shelf.
/// </summary>
[Alias("svom.subscribers")]
public interface ISubscriberGrain : IGrainWithStringKey
{
    /// <summary>What was kept last; empty at first.</summary>
    [Alias("load")]
    Task<ImmutableArray<Subscriber>> LoadAsync(CancellationToken cancellationToken);

    /// <summary>Replaces the shelf. Durable when it returns; a repeat changes nothing.</summary>
    [Alias("keep")]
    Task KeepAsync(ImmutableArray<Subscriber> subscribers, CancellationToken cancellationToken);
}

/// <summary>One session that outlives its connection.</summary>
/// <param name="ClientId">Client identifier, as the client gave it.</param>
/// <param name="User">Whose session it is; null when anonymous.</param>
/// <param name="KeptFor">How long it is kept after its client went.</param>
/// <param name="LeftAt">When its client went; null while it is connected.</param>
/// <param name="Acknowledged">Every alert up to this archive sequence that was owed to it is acknowledged.</param>
/// <param name="Filters">What it subscribed to.</param>
[GenerateSerializer, Immutable, Alias("svom.subscriber")]
public sealed record Subscriber(
    [property: Id(0)] string ClientId, [property: Id(1)] string? User, [property: Id(2)] TimeSpan KeptFor, [property: Id(3)] DateTimeOffset? LeftAt,
    [property: Id(4)] long Acknowledged, [property: Id(5)] ImmutableArray<SubscriberFilter> Filters);

/// <summary>One topic filter with its options. Source: MQTT 5.0, 3.8.3.1.</summary>
/// <param name="Filter">The filter.</param>
/// <param name="Quality">Largest quality of service, 0 to 2.</param>
/// <param name="RetainHandling">0 to 2.</param>
/// <param name="Identifier">Subscription identifier; 0 without one.</param>
/// <param name="Since">Archive sequence that was out when it was subscribed: only later alerts are owed for it.</param>
[GenerateSerializer, Immutable, Alias("svom.subscriber-filter")]
public sealed record SubscriberFilter(
    [property: Id(0)] string Filter, [property: Id(1)] int Quality, [property: Id(2)] bool NoLocal, [property: Id(3)] bool RetainAsPublished,
    [property: Id(4)] int RetainHandling, [property: Id(5)] uint Identifier, [property: Id(6)] long Since);
