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
    MqttServer server, MqttSessions sessions, string platformPassword, MqttOptions settings, IMqttAuthenticator authenticator, MqttMetrics metrics, ILogger logger)
{
    private readonly byte[] _platformPassword = Encoding.UTF8.GetBytes(platformPassword);

    /// <summary>Hooks into the server.</summary>
    public void Attach()
    {
        server.ValidatingConnectionAsync += OnConnectingAsync;
        server.ClientConnectedAsync += OnConnectedAsync;
    }

    private async Task OnConnectingAsync(ValidatingConnectionEventArgs connecting)
    {
        var (code, reason, peer) = await IdentifyAsync(connecting);
        var clientId = connecting.ClientId;
        if (string.IsNullOrEmpty(clientId) && connecting.ProtocolVersion == MqttProtocolVersion.V500)
        {
            connecting.AssignedClientIdentifier = clientId = NamingAdapter.NewName();
        }

        if (code == MqttConnectReasonCode.Success)
        {
            (code, reason) = Admit(clientId ?? string.Empty, peer!);
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
        session.Expiry = ExpiryOf(connecting);
        session.Begin(peer!, Math.Min(settings.MaxInFlightMessages, connecting.ReceiveMaximum is 0 ? int.MaxValue : connecting.ReceiveMaximum), connecting.CleanSession == true);
    }

    private async Task OnConnectedAsync(ClientConnectedEventArgs connected)
    {
        if (connected.SessionItems[typeof(MqttSession)] is MqttSession known)
        {
            // The end of this client's last connection may have taken the entry away between login and now.
            sessions.FindOrAdd(known).Status = await server.GetSessionAsync(connected.ClientId);
        }
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
                : (MqttConnectReasonCode.Success, string.Empty, new MqttPeer(holder.Name, holder.Roles, IsPlatform: false, speaksV5));
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            logger.LoginUnchecked(exception); // Whatever keeps the tokens is away: the client may try again, it is not refused for good.
            return (MqttConnectReasonCode.ServerUnavailable, "Tokens can't be checked at the moment.", null);
        }
    }

    /// <summary>A session belongs to who began it; a name may take an anonymous client's identifier, nobody takes a name's.</summary>
    private (MqttConnectReasonCode Code, string Reason) Admit(string clientId, MqttPeer peer)
    {
        if (peer.IsPlatform != (clientId == MqttBroker.PlatformName))
        {
            return (MqttConnectReasonCode.ClientIdentifierNotValid, "This client identifier is the platform's own.");
        }

        return sessions.Find(clientId) switch
        {
            { Doomed: true } => (MqttConnectReasonCode.ServerBusy, "The old session is being discarded; come again in a moment."),
            { Peer.Name: { } owner } when owner != peer.Name => (MqttConnectReasonCode.ClientIdentifierNotValid, "Another user has this client identifier."),
            _ => (MqttConnectReasonCode.Success, string.Empty),
        };
    }

    private TimeSpan ExpiryOf(ValidatingConnectionEventArgs connecting)
    {
        var asked = connecting.ProtocolVersion == MqttProtocolVersion.V500
            ? TimeSpan.FromSeconds(connecting.SessionExpiryInterval)
            : connecting.CleanSession == false ? settings.SessionExpiry : TimeSpan.Zero;
        return asked < settings.SessionExpiry ? asked : settings.SessionExpiry;
    }
}
