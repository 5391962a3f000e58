using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using MQTTnet.Server;

namespace Svom.Notifications.Mqtt;

/// <summary>What the broker must know of a session beside the library's own queue.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose wait handle is never asked for holds nothing to release.")]
internal sealed class MqttSession(string clientId, MqttPeer peer)
{
    private readonly Lock _gate = new();
    private readonly SubscriberFilters _filters = new();
    private readonly OwedAlerts _owed = new();
    private SemaphoreSlim _window = new(1);
    private int _inFlight;
    private int _doomed;

    /// <summary>The client identifier.</summary>
    public string ClientId => clientId;

    /// <summary>Who connected last. Only its owner resumes a session, yet a token's roles may change between two connections.</summary>
    public MqttPeer Peer { get; set; } = peer;

    /// <summary>The library's view: a live one, so its queue length is always the present one.</summary>
    public MqttSessionStatus? Status { get; set; }

    /// <summary>How long the session is kept after its client went.</summary>
    public TimeSpan Expiry { get; set; }

    /// <summary>When its client went; null while it is connected.</summary>
    public DateTimeOffset? LeftAt { get; private set; }

    /// <summary>Sent and not acknowledged.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Queued, plus sent and not acknowledged.</summary>
    public long Outstanding => (Status?.PendingApplicationMessagesCount ?? 0) + InFlight;

    /// <summary>True once its queue overflowed: the session has a gap and must not be resumed.</summary>
    public bool Doomed => Volatile.Read(ref _doomed) == 1;

    /// <summary>What it subscribed to.</summary>
    public ImmutableArray<SubscriberFilter> Filters
    {
        get
        {
            lock (_gate)
            {
                return _filters.All;
            }
        }
    }

    /// <summary>Archive sequence beyond which alerts may be owed to it.</summary>
    public long OwedAfter
    {
        get
        {
            lock (_gate)
            {
                return Math.Max(_owed.Acknowledged, _filters.All.Min(static filter => (long?)filter.Since) ?? 0);
            }
        }
    }

    /// <summary>True when a crash of the platform must not end it: it outlives connections and subscribed to something.</summary>
    public bool Lasting
    {
        get
        {
            lock (_gate)
            {
                return Expiry > TimeSpan.Zero && !Doomed && !Peer.IsPlatform && _filters.Count > 0;
            }
        }
    }

    /// <summary>The session as it was kept before this process began.</summary>
    public static MqttSession Of(Subscriber kept)
    {
        var session = new MqttSession(kept.ClientId, new(kept.User, [], IsPlatform: false, SpeaksV5: true)) { Expiry = kept.KeptFor, LeftAt = kept.LeftAt };
        session._owed.Reset(kept.Acknowledged);
        foreach (var filter in kept.Filters)
        {
            session._filters.Add(filter, int.MaxValue);
        }

        return session;
    }

    /// <returns>What to keep of it; null when a crash may end it.</returns>
    public Subscriber? ToSubscriber()
    {
        lock (_gate)
        {
            return Lasting ? new(ClientId, Peer.Name, Expiry, LeftAt, _owed.Acknowledged, _filters.All) : null;
        }
    }

    /// <returns>True for the first caller.</returns>
    public bool Doom() => Interlocked.Exchange(ref _doomed, 1) == 0;

    /// <summary>A connection begins: what was in flight on the last one is queued again by the library.</summary>
    public void Begin(MqttPeer owner, int window, TimeSpan expiry, bool fresh)
    {
        lock (_gate)
        {
            (Peer, Expiry, LeftAt) = (owner, expiry, null);
            _window = new SemaphoreSlim(window);
            _inFlight = 0;
            if (fresh)
            {
                _filters.Clear();
                _owed.Reset(0);
            }
        }
    }

    /// <summary>The client is connected.</summary>
    public void Arrive()
    {
        lock (_gate)
        {
            LeftAt = null;
        }
    }

    /// <summary>The connection is over. A session that was restored went earlier.</summary>
    /// <param name="expiry">What the client said at last; zero leaves what it said at first.</param>
    public void Leave(DateTimeOffset at, TimeSpan expiry)
    {
        lock (_gate)
        {
            LeftAt ??= at;
            Expiry = expiry > TimeSpan.Zero ? expiry : Expiry;
        }
    }

    /// <summary>Waits until the client may be sent one more. The library itself has no flow control.</summary>
    public async ValueTask EnterWindowAsync(CancellationToken cancellationToken)
    {
        var window = _window;
        await window.WaitAsync(cancellationToken);
        lock (_gate)
        {
            _inFlight += ReferenceEquals(window, _window) ? 1 : 0;
        }
    }

    /// <summary>One was acknowledged.</summary>
    public void LeaveWindow()
    {
        lock (_gate)
        {
            if (_inFlight > 0)
            {
                _inFlight--;
                _window.Release();
            }
        }
    }

    /// <summary>Takes a filter; a known one keeps the time since when alerts are owed for it.</summary>
    /// <returns>False when the client has too many filters; changed when it was not known like that.</returns>
    public (bool Taken, bool Changed) AddFilter(SubscriberFilter filter, int most)
    {
        lock (_gate)
        {
            return _filters.Add(filter, most);
        }
    }

    public bool HasFilter(string filter)
    {
        lock (_gate)
        {
            return _filters.Has(filter);
        }
    }

    /// <summary>Forgets a filter.</summary>
    public void RemoveFilter(string filter)
    {
        lock (_gate)
        {
            _filters.Remove(filter);
        }
    }

    /// <summary>An alert is about to be queued; one that is delivered at most once is never acknowledged, so it is not owed.</summary>
    public void Owe(string topic, long sequence)
    {
        lock (_gate)
        {
            if (_filters.Owes(topic, long.MaxValue))
            {
                _owed.Owe(sequence);
            }
        }
    }

    /// <returns>True when an alert of before the restart is owed still.</returns>
    public bool IsOwed(string topic, long sequence)
    {
        lock (_gate)
        {
            return sequence > _owed.Acknowledged && _filters.Owes(topic, sequence);
        }
    }

    /// <returns>True when that moved what is acknowledged without a gap.</returns>
    public bool Acknowledge(long sequence)
    {
        lock (_gate)
        {
            return _owed.Acknowledge(sequence);
        }
    }
}

/// <summary>All sessions, by client identifier.</summary>
internal sealed class MqttSessions
{
    private readonly ConcurrentDictionary<string, MqttSession> _sessions = new(StringComparer.Ordinal);

    public IEnumerable<MqttSession> All => _sessions.Values;

    public MqttSession? Find(string clientId) => _sessions.GetValueOrDefault(clientId);

    public MqttSession FindOrAdd(string clientId, MqttPeer peer) => _sessions.GetOrAdd(clientId, static (id, owner) => new MqttSession(id, owner), peer);

    public MqttSession FindOrAdd(MqttSession known) => _sessions.GetOrAdd(known.ClientId, known);

    public void Remove(string clientId) => _sessions.TryRemove(clientId, out _);
}
