using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;

namespace Svom.Support.Hostile;

/// <summary>A connection to the broker that sends any octets and reads whole packets, over TCP or WebSocket.</summary>
internal sealed class MqttWire : IDisposable
{
    private static readonly byte[] Ping = [0xC0, 0];
    private readonly Socket? socket;
    private readonly ClientWebSocket? web;
    private byte[] read = new byte[16 * 1024];
    private int filled;

    private MqttWire(Socket? socket, ClientWebSocket? web) => (this.socket, this.web) = (socket, web);

    public static async Task<MqttWire> OpenAsync(AttackedPlatform platform, bool overWebSocket, CancellationToken cancellationToken)
    {
        if (overWebSocket)
        {
            var opened = new ClientWebSocket();
            opened.Options.AddSubProtocol("mqtt");
            opened.Options.Proxy = null;
            await opened.ConnectAsync(new Uri($"ws://127.0.0.1:{platform.HttpPort}/mqtt"), cancellationToken);
            return new(null, opened);
        }

        var connected = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, LingerState = new(true, 0) };
        await connected.ConnectAsync(IPAddress.Loopback, platform.MqttPort, cancellationToken);
        return new(connected, null);
    }

    /// <returns>First octet of the answer that was waited for; null when the connection was closed.</returns>
    public async Task<byte?> LoginAsync(byte[] connect, CancellationToken cancellationToken) =>
        await SendAsync(connect, cancellationToken) ? await UntilAsync(0x20, null, cancellationToken) : null;

    /// <summary>Sends a packet and a ping behind it: the answer to that shows that the packet was looked at.</summary>
    /// <param name="seen">Is told the first octet and the first of the body of every packet that comes meanwhile.</param>
    /// <returns>False when the connection was closed over it.</returns>
    public async Task<bool> AskAsync(byte[] packet, Action<byte, ReadOnlyMemory<byte>> seen, CancellationToken cancellationToken) =>
        await SendAsync([.. packet, .. Ping], cancellationToken) && await UntilAsync(0xD0, seen, cancellationToken) is not null;

    /// <summary>Sends the last octets, ends our side and waits for the other.</summary>
    public async Task EndAsync(byte[] octets, Action<byte, ReadOnlyMemory<byte>> seen, CancellationToken cancellationToken)
    {
        if (!await SendAsync(octets, cancellationToken))
        {
            return;
        }

        try
        {
            socket?.Shutdown(SocketShutdown.Send);
            if (web is { State: WebSocketState.Open })
            {
                await web.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, cancellationToken);
            }
        }
        catch (Exception failure) when (failure is SocketException or WebSocketException or IOException)
        {
            return;
        }

        _ = await UntilAsync(null, seen, cancellationToken);
    }

    public void Dispose()
    {
        web?.Abort();
        web?.Dispose();
        socket?.Dispose();
    }

    private async Task<bool> SendAsync(byte[] octets, CancellationToken cancellationToken)
    {
        try
        {
            if (web is not null)
            {
                await web.SendAsync(octets, WebSocketMessageType.Binary, true, cancellationToken);
                return true;
            }

            for (var sent = 0; sent < octets.Length;)
            {
                sent += await socket!.SendAsync(octets.AsMemory(sent), cancellationToken);
            }

            return true;
        }
        catch (Exception failure) when (failure is SocketException or WebSocketException or IOException)
        {
            return false;
        }
    }

    private async Task<byte?> UntilAsync(byte? wanted, Action<byte, ReadOnlyMemory<byte>>? seen, CancellationToken cancellationToken)
    {
        while (true)
        {
            while (Length() is { } length && length <= filled)
            {
                var head = read[0];
                var skip = 1;
                while (read[skip++] >= 0x80)
                {
                }

                seen?.Invoke(head, read.AsMemory(skip, length - skip));
                read.AsSpan(length, filled - length).CopyTo(read);
                filled -= length;
                if (head == wanted)
                {
                    return head;
                }
            }

            if (!await MoreAsync(cancellationToken))
            {
                return null;
            }
        }
    }

    private int? Length()
    {
        var length = 0;
        for (var digits = 0; digits < 4 && 1 + digits < filled; digits++)
        {
            length |= (read[1 + digits] & 0x7F) << (7 * digits);
            if (read[1 + digits] < 0x80)
            {
                return 2 + digits + length;
            }
        }

        return null;
    }

    private async Task<bool> MoreAsync(CancellationToken cancellationToken)
    {
        if (filled == read.Length)
        {
            Array.Resize(ref read, read.Length * 2);
        }

        try
        {
            var came = web is null
                ? await socket!.ReceiveAsync(read.AsMemory(filled), cancellationToken)
                : (await web.ReceiveAsync(read.AsMemory(filled), cancellationToken)) is { MessageType: not WebSocketMessageType.Close } message ? message.Count : 0;
            filled += came;
            return came > 0;
        }
        catch (Exception failure) when (failure is SocketException or WebSocketException or IOException)
        {
            return false;
        }
    }
}
