using MQTTnet.Server;

namespace Svom.Notifications.Mqtt;

/// <summary>
/// Bounds the sessions that outlive their connections, in memory as on the disk: a user who begins one more loses the one whose client is away
/// the longest. Strangers share one such budget, so they push each other out and nobody with a name.
/// </summary>
internal sealed class MqttRoom(MqttServer server, MqttSessions sessions, MqttOptions settings, ILogger logger)
{
    /// <returns>False when all of them are connected.</returns>
    public async ValueTask<bool> MakeAsync(MqttPeer owner)
    {
        while (true)
        {
            var own = sessions.All.Where(session => session.Expiry > TimeSpan.Zero && session.Peer.Name == owner.Name).ToList();
            if (own.Count < settings.MaxSessionsPerUser)
            {
                return true;
            }

            var connected = (await server.GetClientsAsync()).Select(static client => client.Id).ToHashSet(StringComparer.Ordinal);
            if (own.Where(session => session.LeftAt is not null && !connected.Contains(session.ClientId)).MinBy(static session => session.LeftAt) is not { } longestAway)
            {
                return false;
            }

            await DiscardAsync(longestAway);
        }
    }

    /// <summary>Ends a session, and its connection if there is one.</summary>
    public async Task DiscardAsync(MqttSession session)
    {
        try
        {
            await (await server.GetSessionAsync(session.ClientId)).DeleteAsync();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            logger.Library(exception, "The session was already gone.");
        }

        sessions.Remove(session.ClientId);
    }
}
