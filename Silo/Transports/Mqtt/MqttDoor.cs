using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.Extensions.Options;
using MQTTnet.AspNetCore;

namespace Svom.Notifications.Mqtt;

/// <summary>Where connections come in, TCP and WebSocket alike: counted, bounded, and read through the packet guard.</summary>
internal sealed class MqttDoor(IOptions<MqttOptions> options, MqttMetrics metrics, TimeProvider time, ILogger<MqttDoor> logger) : ConnectionHandler
{
    // Longest that a client may take to read what was written to it before its connection ended.
    private static readonly TimeSpan ReadWithin = TimeSpan.FromSeconds(5);

    /// <summary>The library's own end of the connections.</summary>
    public MqttConnectionHandler Library { get; } = new();

    // Where the platform's own connection comes from.
    private volatile IPEndPoint? _own;

    /// <summary>
    /// Keeps room for the platform's own connection, however many strangers sit in the others: without it no alert counts as published. Known
    /// by the port that it comes from, since a stranger need not even say who it is to take a place.
    /// </summary>
    /// <returns>Where the connection must come from.</returns>
    public EndPoint KeepRoom()
    {
        using var free = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        free.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return _own = (IPEndPoint)free.LocalEndPoint!; // Somebody may take it first: then connecting fails, and is tried with another one.
    }

    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        try
        {
            if (metrics.Connected() > options.Value.MaxConnections && !Equals(connection.RemoteEndPoint, _own))
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
            connection.Transport = new DuplexPipe(new PacketGuard(transport.Input, options.Value.MaxPacketBytes), new LastWords(transport.Output));
            await Library.OnConnectedAsync(connection);
            await EndAsync(connection);
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

    /// <summary>One that doesn't read must not keep its place.</summary>
    private async Task EndAsync(ConnectionContext connection)
    {
        if (connection.GetHttpContext() is not null)
        {
            return; // A WebSocket is closed, and its closing bounded, by whoever opened it.
        }

        await connection.Transport.Output.CompleteAsync();
        try
        {
            await Task.Delay(ReadWithin, time, connection.ConnectionClosed);
            connection.Abort();
        }
        catch (OperationCanceledException)
        {
            // It was read, or the client has gone.
        }
    }

    private void Refuse(ConnectionContext connection, string reason)
    {
        metrics.Refused("connect");
        logger.Refused("connection", connection.ConnectionId, user: null, reason);
        connection.Abort();
    }
}
