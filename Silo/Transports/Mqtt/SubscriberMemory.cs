using System.Collections.Immutable;

namespace Svom.Notifications.Mqtt;

/// <summary>
/// What outlives the process of the sessions that outlive a connection: who, what it subscribed to, what it acknowledged. The queues themselves are
/// not kept: the archive has every alert, so a session's queue is made again from there.
/// </summary>
internal sealed class SubscriberMemory
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);
    private readonly ISubscriberStore _store;
    private readonly MqttSessions _sessions;
    private readonly ILogger _logger;
    private readonly SubscriberShelf _named;
    private readonly SubscriberShelf _anonymous;
    private long _published;
    private volatile bool _open;

    public SubscriberMemory(ISubscriberStore store, MqttSessions sessions, ILogger logger)
    {
        (_store, _sessions, _logger) = (store, sessions, logger);
        _named = new("named", store, () => Present(anonymous: false), logger);
        _anonymous = new("anonymous", store, () => Present(anonymous: true), logger);
    }

    /// <summary>Archive sequence of the newest alert that is out: what comes later is owed to those who subscribe now.</summary>
    public long Published => Volatile.Read(ref _published);

    /// <summary>An alert went out and came back.</summary>
    public void HasPublished(long sequence)
    {
        for (var known = Published; known < sequence;)
        {
            var seen = Interlocked.CompareExchange(ref _published, sequence, known);
            known = seen == known ? sequence : seen;
        }
    }

    /// <summary>Everybody who was kept, those with a name first.</summary>
    public async Task<IReadOnlyList<Subscriber>> LoadAsync(CancellationToken cancellationToken) =>
        [.. await _store.LoadAsync(_named.Name, cancellationToken), .. await _store.LoadAsync(_anonymous.Name, cancellationToken)];

    /// <summary>All who were kept are here again, with what they are owed. Before that nothing is written: it would forget them.</summary>
    public void Open()
    {
        _open = true;
        _ = Task.WhenAll(_named.KeepAsync(), _anonymous.KeepAsync()); // Those whose time was over are not read again.
    }

    /// <summary>Something of a session changed that may be lost in a crash: then an alert is repeated, no more.</summary>
    public void Changed(MqttPeer owner) => _ = KeepAsync(ShelfOf(owner));

    /// <summary>Something changed that the client may rely on once it is answered.</summary>
    public Task KeptAsync(MqttPeer owner, CancellationToken cancellationToken) => KeptAsync(ShelfOf(owner), cancellationToken);

    /// <summary>At the stop: nothing that was acknowledged is repeated after it.</summary>
    public Task FlushAsync(CancellationToken cancellationToken) => Task.WhenAll(KeptAsync(_named, cancellationToken), KeptAsync(_anonymous, cancellationToken));

    private async Task KeptAsync(SubscriberShelf shelf, CancellationToken cancellationToken)
    {
        try
        {
            await KeepAsync(shelf).WaitAsync(LongestWait, TimeProvider.System, cancellationToken);
        }
        catch (Exception exception) when (exception is not OutOfMemoryException && !cancellationToken.IsCancellationRequested)
        {
            _logger.SubscribersNotKept(shelf.Name, exception); // It hears alerts all the same; the shelf is written as soon as the disk takes it.
        }
    }

    private Task KeepAsync(SubscriberShelf shelf) => _open ? shelf.KeepAsync() : Task.CompletedTask;

    private SubscriberShelf ShelfOf(MqttPeer owner) => owner.Name is null ? _anonymous : _named;

    private ImmutableArray<Subscriber> Present(bool anonymous) =>
        [.. _sessions.All.Where(session => session.Peer.Name is null == anonymous).Select(static session => session.ToSubscriber()).OfType<Subscriber>()];
}
