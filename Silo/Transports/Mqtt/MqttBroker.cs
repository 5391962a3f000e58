using System.Collections;
using System.Net;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using MQTTnet;
using MQTTnet.Adapter;
using MQTTnet.Protocol;
using MQTTnet.Server;

namespace Svom.Notifications.Mqtt;

/// <summary>The embedded broker: the library's server with this platform's rules on its hooks.</summary>
internal sealed class MqttBroker : IAsyncDisposable
{
    /// <summary>Client identifier and user name of the platform's own connection.</summary>
    public const string PlatformName = "svom-platform";

    private readonly MqttDoor _door;
    private readonly MqttServer _server;
    private readonly Hashtable _ownItems = [];
    private readonly MqttMetrics _metrics;
    private readonly Func<IMqttChannelAdapter, DeliveryAdapter> _deliver;
    private Func<IMqttChannelAdapter, Task> _serve = static _ => Task.CompletedTask;

    public MqttBroker(
        MqttDoor door, IOptions<MqttOptions> options, IMqttAuthenticator authenticator, ISubscriberStore store, IReceptionIntake intake, ITelescopeDesk desk, MqttMetrics metrics, TimeProvider time,
        IEnumerable<MqttOverflowAlarm> alarms, ILogger<MqttBroker> logger)
    {
        (_door, _metrics, _deliver) = (door, metrics, adapter => new DeliveryAdapter(adapter, intake, options.Value, metrics, time, logger));
        var settings = options.Value;
        _server = new MqttServer(ServerOptions(settings), [door.Library], new MqttLibraryLog(logger));
        Sessions = new MqttSessions();
        Memory = new SubscriberMemory(store, Sessions, logger);
        var queues = new MqttQueues(_server, Sessions, Memory, settings, metrics, time, alarms, logger);
        queues.Attach();
        Room = new MqttRoom(_server, Sessions, settings, logger);
        new MqttLogin(_server, Sessions, Memory, Room, PlatformPassword, settings, authenticator, metrics, time, logger).Attach();
        new MqttGate(_server, Sessions, Memory, desk, _ownItems, settings, metrics, time, logger).Attach();
        Queues = queues;
        Withdrawals = new MqttWithdrawals(_server, Sessions, authenticator, metrics, logger);
    }

    /// <summary>Password of the platform's own connection: fresh at each start and known to this process only.</summary>
    public string PlatformPassword { get; } = RandomNumberGenerator.GetHexString(64);

    /// <summary>All sessions.</summary>
    public MqttSessions Sessions { get; }

    /// <summary>What of the sessions outlives the process.</summary>
    public SubscriberMemory Memory { get; }

    /// <summary>How many there may be.</summary>
    public MqttRoom Room { get; }

    /// <summary>Queues and expiry.</summary>
    public MqttQueues Queues { get; }

    /// <summary>Ends connections whose token is no more.</summary>
    public MqttWithdrawals Withdrawals { get; }

    /// <summary>True between start and stop.</summary>
    public bool IsStarted => _server.IsStarted;

    public async Task StartAsync()
    {
        await _server.StartAsync();
        _serve = _door.Library.ClientHandler;
        _door.Library.ClientHandler = adapter => _serve(_deliver(new NamingAdapter(adapter)));
    }

    /// <summary>Says goodbye to every client (0x8B in MQTT 5) and closes.</summary>
    public async Task StopAsync()
    {
        if (_server.IsStarted)
        {
            await _server.StopAsync(new MqttServerStopOptions
            {
                DefaultClientDisconnectOptions = new MqttServerClientDisconnectOptions { ReasonCode = MqttDisconnectReasonCode.ServerShuttingDown },
            });
        }
    }

    /// <summary>Publishes without a connection.</summary>
    public Task InjectAsync(MqttApplicationMessage message, CancellationToken cancellationToken) =>
        _server.InjectApplicationMessage(
            new InjectedMqttApplicationMessage(message) { SenderClientId = PlatformName, CustomSessionItems = _ownItems }, cancellationToken);

    /// <summary>Queues an alert of before the restart for the sessions that are owed it still, and for nobody else.</summary>
    public Task RepeatAsync(MqttApplicationMessage message, CancellationToken cancellationToken) =>
        _server.InjectApplicationMessage(
            new InjectedMqttApplicationMessage(message) { SenderClientId = MqttQueues.Archive, CustomSessionItems = _ownItems }, cancellationToken);

    /// <summary>Makes the session of an absent client again. To be called before clients are let in.</summary>
    public Task RestoreAsync(MqttSession session) => _serve(new RestoredAdapter(session));

    /// <summary>Present retained message of a topic; null when none.</summary>
    public Task<MqttApplicationMessage?> RetainedAsync(string topic) => _server.GetRetainedMessageAsync(topic)!;

    /// <summary>Cuts a client off without goodbye, as a broken line would: its will is published.</summary>
    public Task CutAsync(string clientId) => _server.DisconnectClientAsync(clientId, new MqttServerClientDisconnectOptions());

    public ValueTask DisposeAsync()
    {
        _server.Dispose();
        return ValueTask.CompletedTask;
    }

    private static MqttServerOptions ServerOptions(MqttOptions settings) => new()
    {
        EnablePersistentSessions = true,
        DefaultCommunicationTimeout = settings.CommunicationTimeout,

        // The bound that counts is our own, on queued and unacknowledged together. The library's lies above it, leaves room for the
        // retained messages a subscription brings, and drops the new message, which we are told of: dropping the oldest tells less.
        MaxPendingMessagesPerClient = (settings.MaxPendingMessages * 2) + 10_000,
        PendingMessagesOverflowStrategy = MqttPendingMessagesOverflowStrategy.DropNewMessage,
    };
}
