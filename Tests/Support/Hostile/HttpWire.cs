using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Svom.Support.Hostile;

/// <summary>An answer as it came.</summary>
/// <param name="Status">0: the connection was closed without one.</param>
internal sealed record HttpWireAnswer(int Status, string? Type, byte[] Body);

/// <summary>A connection that sends any octets and reads an HTTP answer: a client library would refuse to send most of them.</summary>
internal sealed class HttpWire(int port, TimeSpan patience) : IDisposable
{
    private byte[] read = new byte[64 * 1024];
    private int filled;
    private Socket? socket;

    /// <summary>Sends a request and reads its answer. A connection that the other side closed meanwhile is opened anew.</summary>
    /// <param name="ends">Nothing follows: our side is closed after it, so that what is not whole is seen to end.</param>
    public async Task<HttpWireAnswer> AskAsync(ReadOnlyMemory<byte> request, bool ends, CancellationToken cancellationToken)
    {
        using var patient = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patient.CancelAfter(patience);
        var used = socket is not null;
        var answer = await OnceAsync(request, ends, patient.Token);
        if (answer.Status == 0 && used)
        {
            answer = await OnceAsync(request, ends, patient.Token);
        }

        if (ends)
        {
            Close();
        }

        return answer;
    }

    public void Dispose() => Close();

    private async Task<HttpWireAnswer> OnceAsync(ReadOnlyMemory<byte> request, bool ends, CancellationToken cancellationToken)
    {
        try
        {
            if (socket is null)
            {
                socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
                filled = 0;
            }

            for (var sent = 0; sent < request.Length;)
            {
                sent += await socket.SendAsync(request[sent..], cancellationToken);
            }

            if (ends)
            {
                socket.Shutdown(SocketShutdown.Send);
            }
        }
        catch (SocketException)
        {
            // The answer may be there already: a server need not read what it refuses.
        }

        try
        {
            return await ReadAsync(cancellationToken) ?? Gone();
        }
        catch (SocketException)
        {
            return Gone();
        }
    }

    private HttpWireAnswer Gone()
    {
        Close();
        return new(0, null, []);
    }

    private async Task<HttpWireAnswer?> ReadAsync(CancellationToken cancellationToken)
    {
        int end;
        while ((end = read.AsSpan(0, filled).IndexOf("\r\n\r\n"u8)) < 0)
        {
            if (!await MoreAsync(cancellationToken))
            {
                return null;
            }
        }

        var head = Encoding.Latin1.GetString(read, 0, end).Split("\r\n");
        var status = int.Parse(head[0].AsSpan(9, 3), CultureInfo.InvariantCulture);
        Drop(end + 4);
        var body = Header(head, "Content-Length") is { } length ? await TakeAsync(int.Parse(length, CultureInfo.InvariantCulture), cancellationToken)
            : Header(head, "Transfer-Encoding") is "chunked" ? await ChunksAsync(cancellationToken)
            : [];
        if (body is null)
        {
            return null;
        }

        if (Header(head, "Connection") is "close")
        {
            Close();
        }

        return new(status, Header(head, "Content-Type"), body);
    }

    private static string? Header(string[] head, string name) =>
        Array.Find(head, line => line.Length > name.Length && line[name.Length] == ':' && line.StartsWith(name, StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..].Trim();

    private async Task<byte[]?> ChunksAsync(CancellationToken cancellationToken)
    {
        var body = new List<byte>();
        while (true)
        {
            int line;
            while ((line = read.AsSpan(0, filled).IndexOf("\r\n"u8)) < 0)
            {
                if (!await MoreAsync(cancellationToken))
                {
                    return null;
                }
            }

            var count = int.Parse(Encoding.ASCII.GetString(read, 0, line), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            Drop(line + 2);
            if (await TakeAsync(count + 2, cancellationToken) is not { } chunk)
            {
                return null;
            }

            body.AddRange(chunk.AsSpan(0, count));
            if (count == 0)
            {
                return [.. body];
            }
        }
    }

    private async Task<byte[]?> TakeAsync(int count, CancellationToken cancellationToken)
    {
        while (filled < count)
        {
            if (!await MoreAsync(cancellationToken))
            {
                return null;
            }
        }

        var taken = read[..count];
        Drop(count);
        return taken;
    }

    private async Task<bool> MoreAsync(CancellationToken cancellationToken)
    {
        if (filled == read.Length)
        {
            Array.Resize(ref read, read.Length * 2);
        }

        var came = socket is null ? 0 : await socket.ReceiveAsync(read.AsMemory(filled), cancellationToken);
        filled += came;
        return came > 0;
    }

    private void Drop(int count)
    {
        read.AsSpan(count, filled - count).CopyTo(read);
        filled -= count;
    }

    private void Close()
    {
        socket?.Close(0); // Reset: tens of thousands of closed connections would use up the ports.
        socket = null;
        filled = 0;
    }
}
