using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.Extensions.Options;
using MQTTnet.AspNetCore;

namespace Svom.Notifications.Mqtt;

/// <summary>Where connections come in, TCP and WebSocket alike: counted, bounded, and read through the packet guard.</summary>
internal sealed class MqttDoor(IOptions<MqttOptions> options, MqttMetrics metrics, ILogger<MqttDoor> logger) : ConnectionHandler
{
    /// <summary>The library's own end of the connections.</summary>
    public MqttConnectionHandler Library { get; } = new();

    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        try
        {
            if (metrics.Connected() > options.Value.MaxConnections)
            {
                Refuse(connection, "too many connections");
                return;
            }

            if (connection.GetHttpContext() is { } http && IsForeignPage(http.Request))
            {
                Refuse(connection, "the page of another site");
                return;
            }

            var transport = connection.Transport;
            connection.Transport = new DuplexPipe(new PacketGuard(transport.Input, options.Value.MaxPacketBytes), transport.Output);
            await Library.OnConnectedAsync(connection);
        }
        finally
        {
            metrics.Disconnected();
        }
    }

    /// <summary>
    /// Browsers open WebSockets towards any host and send cookies of nobody's choice: without this, a page somebody happens to read
    /// could listen on the loopback broker.
    /// </summary>
    private static bool IsForeignPage(HttpRequest request) =>
        request.Headers.Origin.ToString() is { Length: > 0 } origin
        && !(Uri.TryCreate(origin, UriKind.Absolute, out var page) && string.Equals(page.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase));

    private void Refuse(ConnectionContext connection, string reason)
    {
        metrics.Refused("connect");
        logger.Refused("connection", connection.ConnectionId, user: null, reason);
        connection.Abort();
    }
}
