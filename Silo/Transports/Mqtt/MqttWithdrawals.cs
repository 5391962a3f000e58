using MQTTnet.Protocol;
using MQTTnet.Server;

namespace Svom.Notifications.Mqtt;

/// <summary>
/// A client shows its token once and may stay for months: when the token is withdrawn, the connection ends too. The session of its name
/// stays, for the name may get another token.
/// </summary>
internal sealed class MqttWithdrawals(MqttServer server, MqttSessions sessions, IMqttAuthenticator authenticator, MqttMetrics metrics, ILogger logger)
{
    /// <summary>Disconnects everybody whose token was withdrawn.</summary>
    public async Task LookAsync(CancellationToken cancellationToken)
    {
        var held = sessions.All.Where(static session => session is { LeftAt: null, Peer.Token: not null }).Select(static session => (Session: session, Token: session.Peer.Token!)).ToArray();
        if (held.Length == 0)
        {
            return;
        }

        var withdrawn = await authenticator.WithdrawnAsync([.. held.Select(static one => one.Token).Distinct(StringComparer.Ordinal)], cancellationToken);
        foreach (var (session, token) in held.Where(one => withdrawn.Contains(one.Token)))
        {
            // Unless it came again meanwhile, with another token.
            if (session.Peer.Token == token)
            {
                await EndAsync(session);
            }
        }
    }

    private async Task EndAsync(MqttSession session)
    {
        metrics.Refused("token");
        logger.Withdrawn(session.ClientId, session.Peer.Name);
        try
        {
            await server.DisconnectClientAsync(
                session.ClientId,
                new MqttServerClientDisconnectOptions { ReasonCode = MqttDisconnectReasonCode.NotAuthorized, ReasonString = "The token was withdrawn." });
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            logger.Library(exception, "The client had gone already.");
        }
    }
}
