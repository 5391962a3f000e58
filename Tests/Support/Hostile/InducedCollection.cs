using System.Buffers.Binary;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Svom.Support.Hostile;

/// <summary>
/// Makes another process collect its garbage, by the runtime's diagnostic socket: only what lives after that is memory that was kept. Source: the runtime's "Diagnostic
/// IPC Protocol", commands CollectTracing and StopTracing; the keyword GCHeapCollect.
/// </summary>
internal static class InducedCollection
{
    private const byte EventPipe = 2;
    private const byte StopTracing = 1;
    private const byte CollectTracing = 2;
    private const ulong CollectKeyword = 0x80_0000;
    private const int HeaderOctets = 20;
    private static readonly byte[] Magic = [.. "DOTNET_IPC_V1"u8, 0];

    public static async Task RunAsync(int processId, CancellationToken cancellationToken)
    {
        var path = Directory.GetFiles(Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"dotnet-diagnostic-{processId}-*-socket")).Single();
        using var tracing = await AskAsync(path, CollectTracing, Provider(), cancellationToken);
        var session = new byte[HeaderOctets + 8];
        await ReadAsync(tracing, session, cancellationToken);
        var drained = DrainAsync(tracing, cancellationToken);
        using var stopping = await AskAsync(path, StopTracing, session[HeaderOctets..], cancellationToken);
        await drained;
    }

    private static byte[] Provider()
    {
        using var payload = new MemoryStream();
        using var writer = new BinaryWriter(payload, Encoding.Unicode);
        writer.Write(1); // Buffer in MB.
        writer.Write(1); // Format: NetTrace.
        writer.Write(1); // Providers.
        writer.Write(CollectKeyword);
        writer.Write(4); // Informational.
        const string Runtime = "Microsoft-Windows-DotNETRuntime\0";
        writer.Write(Runtime.Length);
        writer.Write(Runtime.ToCharArray());
        writer.Write(0);
        writer.Flush();
        return payload.ToArray();
    }

    private static async Task<Socket> AskAsync(string path, byte command, byte[] payload, CancellationToken cancellationToken)
    {
        var message = new byte[HeaderOctets + payload.Length];
        Magic.CopyTo(message, 0);
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(14), (ushort)message.Length);
        (message[16], message[17]) = (EventPipe, command);
        payload.CopyTo(message, HeaderOctets);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
        await socket.SendAsync(message, cancellationToken);
        return socket;
    }

    private static async Task ReadAsync(Socket socket, byte[] into, CancellationToken cancellationToken)
    {
        for (var read = 0; read < into.Length;)
        {
            var came = await socket.ReceiveAsync(into.AsMemory(read), cancellationToken);
            read += came > 0 ? came : throw new IOException("The runtime does not answer.");
        }
    }

    // The trace itself is of no interest; the runtime ends it when it was told to stop.
    private static async Task DrainAsync(Socket socket, CancellationToken cancellationToken)
    {
        var nothing = new byte[64 * 1024];
        while (await socket.ReceiveAsync(nothing, cancellationToken) > 0)
        {
        }
    }
}
