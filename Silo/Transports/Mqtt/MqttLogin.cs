using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using MQTTnet.Formatter;
using MQTTnet.Protocol;
using MQTTnet.Server;

namespace Svom.Notifications.Mqtt;

/// <summary>Lets clients in: names, tokens, ownership of sessions.</summary>
internal sealed class MqttLogin(
    MqttServer server, MqttSessions sessions, SubscriberMemory memory, MqttRoom room, string platformPassword, MqttOptions settings,
    IMqttAuthenticator authenticator, MqttMetrics metrics, TimeProvider time, ILogger logger)
{
    // Longer ones are kept on the disk for nobody's use. Source: MQTT 5.0, 3.1.3.1, asks for 23 at least.
    private const int MostClientIdChars = 256;

    private readonly byte[] _platformPassword = Encoding.UTF8.GetBytes(platformPassword);

    /// <summary>Hooks into the server.</summary>
    public void Attach()
    {
        server.ValidatingConnectionAsync += OnConnectingAsync;
        server.ClientConnectedAsync += OnConnectedAsync;
        server.ClientDisconnectedAsync += OnDisconnectedAsync;
    }

    private async Task OnConnectingAsync(ValidatingConnectionEventArgs connecting)
    {
        if (connecting.ChannelAdapter is RestoredAdapter restored)
        {
            connecting.SessionItems[typeof(MqttSession)] = restored.Session;
            return;
        }

        var (code, reason, peer) = await IdentifyAsync(connecting);
        var clientId = connecting.ClientId;
        if (string.IsNullOrEmpty(clientId) && connecting.ProtocolVersion == MqttProtocolVersion.V500)
        {
            connecting.AssignedClientIdentifier = clientId = NamingAdapter.NewName();
        }

        if (code == MqttConnectReasonCode.Success)
        {
            (code, reason) = await AdmitAsync(clientId ?? string.Empty, peer!, ExpiryOf(connecting));
        }

        connecting.ReasonCode = code;
        if (code != MqttConnectReasonCode.Success)
        {
            connecting.ReasonString = reason;
            metrics.Refused("connect");
            logger.Refused("connection", clientId ?? string.Empty, connecting.UserName, reason);
            return;
        }

        if (string.IsNullOrEmpty(clientId))
        {
            return; // An old client that wants a session without a name: the library refuses it after us.
        }

        var session = sessions.FindOrAdd(clientId, peer!);
        connecting.SessionItems[typeof(MqttSession)] = session;
        await BeginAsync(session, peer!, connecting);
        (connecting.ChannelAdapter as DeliveryAdapter)?.Admit(peer!);
    }

    private async Task BeginAsync(MqttSession session, MqttPeer peer, ValidatingConnectionEventArgs connecting)
    {
        var kept = session.Lasting;
        session.Begin(
            peer, Math.Min(settings.MaxInFlightMessages, connecting.ReceiveMaximum is 0 ? int.MaxValue : connecting.ReceiveMaximum), ExpiryOf(connecting),
            connecting.CleanSession == true);
        if (kept && !session.Lasting)
        {
            await memory.KeptAsync(peer, connecting.CancellationToken); // What a client discards must not come back with the next process.
        }
        else if (kept)
        {
            memory.Changed(peer);
        }
    }

    private async Task OnConnectedAsync(ClientConnectedEventArgs connected)
    {
        if (connected.SessionItems[typeof(MqttSession)] is MqttSession known)
        {
            // The end of this client's last connection may have taken the entry away between login and now.
            var session = sessions.FindOrAdd(known);
            session.Status = await server.GetSessionAsync(connected.ClientId);
            if (!ReferenceEquals(connected.RemoteEndPoint, RestoredAdapter.Nowhere))
            {
                session.Arrive(); // Once more: the end of the last connection may have been told after the beginning of this one.
            }
        }
    }

    private Task OnDisconnectedAsync(ClientDisconnectedEventArgs disconnected)
    {
        if (disconnected.DisconnectType != MqttClientDisconnectType.Takeover
            && sessions.Find(disconnected.ClientId) is { } session && ReferenceEquals(session, disconnected.SessionItems[typeof(MqttSession)]))
        {
            var asked = TimeSpan.FromSeconds(disconnected.SessionExpiryInterval);
            session.Leave(time.GetUtcNow(), asked < settings.SessionExpiry ? asked : settings.SessionExpiry);
            if (session.Lasting)
            {
                memory.Changed(session.Peer);
            }
        }

        return Task.CompletedTask;
    }

    private async Task<(MqttConnectReasonCode Code, string Reason, MqttPeer? Peer)> IdentifyAsync(ValidatingConnectionEventArgs connecting)
    {
        var speaksV5 = connecting.ProtocolVersion == MqttProtocolVersion.V500;
        if (!string.IsNullOrEmpty(connecting.AuthenticationMethod))
        {
            return (MqttConnectReasonCode.BadAuthenticationMethod, "Only user name and password are known.", null);
        }

        if (string.IsNullOrEmpty(connecting.UserName))
        {
            return connecting.RawPassword is { Length: > 0 } || connecting.RemoteEndPoint is not IPEndPoint { Address: var address } || !IPAddress.IsLoopback(address)
                ? (MqttConnectReasonCode.NotAuthorized, "Without a user name only loopback clients without a password come in.", null)
                : (MqttConnectReasonCode.Success, string.Empty, new MqttPeer(null, [], IsPlatform: false, speaksV5));
        }

        if (connecting.UserName == MqttBroker.PlatformName)
        {
            return CryptographicOperations.FixedTimeEquals(connecting.RawPassword ?? [], _platformPassword)
                ? (MqttConnectReasonCode.Success, string.Empty, new MqttPeer(MqttBroker.PlatformName, [], IsPlatform: true, speaksV5))
                : (MqttConnectReasonCode.BadUserNameOrPassword, "This name is the platform's own.", null);
        }

        return await VerifyAsync(connecting, speaksV5);
    }

    private async Task<(MqttConnectReasonCode Code, string Reason, MqttPeer? Peer)> VerifyAsync(ValidatingConnectionEventArgs connecting, bool speaksV5)
    {
        try
        {
            var holder = string.IsNullOrEmpty(connecting.Password)
                ? null
                : await authenticator.AuthenticateAsync(connecting.UserName, connecting.Password, connecting.CancellationToken);
            return holder is null
                ? (MqttConnectReasonCode.BadUserNameOrPassword, "User name and token do not belong together.", null)
                : (MqttConnectReasonCode.Success, string.Empty, new MqttPeer(holder.Holder.Name, holder.Holder.Roles, IsPlatform: false, speaksV5, holder.Token));
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            logger.LoginUnchecked(exception); // Whatever keeps the tokens is away: the client may try again, it is not refused for good.
            return (MqttConnectReasonCode.ServerUnavailable, "Tokens can't be checked at the moment.", null);
        }
    }

    /// <summary>
    /// A session belongs to who began it. A name may take an anonymous client's identifier, with a session of its own; nobody takes a name's.
    /// </summary>
    private async ValueTask<(MqttConnectReasonCode Code, string Reason)> AdmitAsync(string clientId, MqttPeer peer, TimeSpan expiry)
    {
        if (peer.IsPlatform != (clientId == MqttBroker.PlatformName))
        {
            return (MqttConnectReasonCode.ClientIdentifierNotValid, "This client identifier is the platform's own.");
        }

        if (clientId.Length > MostClientIdChars)
        {
            return (MqttConnectReasonCode.ClientIdentifierNotValid, $"A client identifier has at most {MostClientIdChars} characters.");
        }

        var known = sessions.Find(clientId);
        if (known is { Doomed: true })
        {
            return (MqttConnectReasonCode.ServerBusy, "The old session is being discarded; come again in a moment.");
        }

        if (known is not null && known.Peer.Name != peer.Name)
        {
            if (known.Peer.Name is not null)
            {
                return (MqttConnectReasonCode.ClientIdentifierNotValid, "Another user has this client identifier.");
            }

            var kept = known.Lasting;
            await room.DiscardAsync(known);
            await (kept ? memory.KeptAsync(known.Peer, CancellationToken.None) : Task.CompletedTask);
            known = null;
        }

        return expiry == TimeSpan.Zero || known is { Expiry.Ticks: > 0 } || await room.MakeAsync(peer)
            ? (MqttConnectReasonCode.Success, string.Empty)
            : (peer.SpeaksV5 ? MqttConnectReasonCode.QuotaExceeded : MqttConnectReasonCode.ServerUnavailable, $"At most {settings.MaxSessionsPerUser} sessions that outlive their connection for each user.");
    }

    private TimeSpan ExpiryOf(ValidatingConnectionEventArgs connecting)
    {
        var asked = connecting.ProtocolVersion == MqttProtocolVersion.V500
            ? TimeSpan.FromSeconds(connecting.SessionExpiryInterval)
            : connecting.CleanSession == false ? settings.SessionExpiry : TimeSpan.Zero;
        return asked < settings.SessionExpiry ? asked : settings.SessionExpiry;
    }
}
