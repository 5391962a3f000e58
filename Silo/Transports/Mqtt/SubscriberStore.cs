using System.Collections.Immutable;

namespace Svom.Notifications.Mqtt;

/// <summary>Where the broker keeps its subscribers, and where it reads what they missed.</summary>
internal interface ISubscriberStore
{
    Task<ImmutableArray<Subscriber>> LoadAsync(string shelf, CancellationToken cancellationToken);

    /// <summary>Replaces a shelf; durable when it returns.</summary>
    Task KeepAsync(string shelf, ImmutableArray<Subscriber> subscribers, CancellationToken cancellationToken);

    /// <inheritdoc cref="INoticeArchiveGrain.PublishedAsync"/>
    Task<ImmutableArray<PublishedAlert>> PublishedAsync(long after, int most, CancellationToken cancellationToken);

    /// <inheritdoc cref="INoticeArchiveGrain.PublishedHeadAsync"/>
    Task<long> PublishedHeadAsync(CancellationToken cancellationToken);
}

/// <summary>The platform's own.</summary>
internal sealed class GrainSubscriberStore(IGrainFactory grains) : ISubscriberStore
{
    public Task<ImmutableArray<Subscriber>> LoadAsync(string shelf, CancellationToken cancellationToken) =>
        grains.GetGrain<ISubscriberGrain>(shelf).LoadAsync(cancellationToken);

    public Task KeepAsync(string shelf, ImmutableArray<Subscriber> subscribers, CancellationToken cancellationToken) =>
        grains.GetGrain<ISubscriberGrain>(shelf).KeepAsync(subscribers, cancellationToken);

    public Task<ImmutableArray<PublishedAlert>> PublishedAsync(long after, int most, CancellationToken cancellationToken) =>
        grains.GetGrain<INoticeArchiveGrain>(0).PublishedAsync(after, most, cancellationToken);

    public Task<long> PublishedHeadAsync(CancellationToken cancellationToken) => grains.GetGrain<INoticeArchiveGrain>(0).PublishedHeadAsync(cancellationToken);
}
