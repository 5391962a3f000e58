using System.Collections.Immutable;
using System.Text.Json;

namespace Svom.Notifications;

/// <summary>
/// Keeps one shelf of subscribers as grain state, not as a stream of events: strangers may come and go as often as they like, and a stream
/// would grow with each of them.
/// </summary>
internal sealed class SubscriberGrain([PersistentState("subscribers")] IPersistentState<SubscriberShelf> shelf) : Grain, ISubscriberGrain
{
    public Task<ImmutableArray<Subscriber>> LoadAsync(CancellationToken cancellationToken) => Task.FromResult(
        shelf.State.Content.Length == 0 ? [] : JsonSerializer.Deserialize(shelf.State.Content, NoticeJson.Default.ImmutableArraySubscriber));

    public Task KeepAsync(ImmutableArray<Subscriber> subscribers, CancellationToken cancellationToken)
    {
        shelf.State.Content = JsonSerializer.Serialize(subscribers, NoticeJson.Default.ImmutableArraySubscriber);
        return shelf.WriteStateAsync(cancellationToken);
    }
}

/// <summary>A shelf as it lies in the store.</summary>
[GenerateSerializer, Alias("svom.subscriber-shelf")]
internal sealed class SubscriberShelf
{
    /// <summary>JSON of our own, so that what is on the disk does not depend on how Orleans writes objects.</summary>
    [Id(0)]
    public string Content { get; set; } = "";
}
