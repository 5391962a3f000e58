using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using MQTTnet.Server;

namespace Svom.Notifications.Mqtt;

/// <summary>What the broker must know of a session beside the library's own queue.</summary>
[SuppressMessage("Design", "CA1001", Justification = "A semaphore whose wait handle is never asked for holds nothing to release.")]
internal sealed class MqttSession(string clientId, MqttPeer peer)
{
    private readonly Lock _gate = new();
    private readonly HashSet<string> _filters = new(StringComparer.Ordinal);
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

    /// <summary>Sent and not acknowledged.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Queued, plus sent and not acknowledged.</summary>
    public long Outstanding => (Status?.PendingApplicationMessagesCount ?? 0) + InFlight;

    /// <summary>True once its queue overflowed: the session has a gap and must not be resumed.</summary>
    public bool Doomed => Volatile.Read(ref _doomed) == 1;

    /// <returns>True for the first caller.</returns>
    public bool Doom() => Interlocked.Exchange(ref _doomed, 1) == 0;

    /// <summary>A connection begins: what was in flight on the last one is queued again by the library.</summary>
    public void Begin(MqttPeer owner, int window, bool fresh)
    {
        lock (_gate)
        {
            Peer = owner;
            _window = new SemaphoreSlim(window);
            _inFlight = 0;
            if (fresh)
            {
                _filters.Clear();
            }
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

    /// <returns>False when the client has too many filters.</returns>
    public bool AddFilter(string filter, int most)
    {
        lock (_gate)
        {
            return _filters.Contains(filter) || (_filters.Count < most && _filters.Add(filter));
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
