using System.Buffers;
using System.IO.Pipelines;
using MQTTnet.Exceptions;

namespace Svom.Notifications.Mqtt;

/// <summary>
/// Looks at each packet's fixed header before the library waits for its body: a client that announces 256 MiB would otherwise have them
/// buffered, and one that leaves within a packet would be waited for in a loop. The library consumes whole packets, so a read always begins at a packet. Source: MQTT 5.0, 2.1.
/// </summary>
internal sealed class PacketGuard(PipeReader inner, int maxPacketBytes) : PipeReader
{
    private const byte Connect = 0x10;
    private const int MostLengthBytes = 4;
    private bool _begun;

    public override async ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
    {
        var result = await inner.ReadAsync(cancellationToken);
        Check(result);
        return result;
    }

    public override bool TryRead(out ReadResult result)
    {
        var any = inner.TryRead(out result);
        if (any)
        {
            Check(result);
        }

        return any;
    }

    public override void AdvanceTo(SequencePosition consumed) => inner.AdvanceTo(consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => inner.AdvanceTo(consumed, examined);

    public override void CancelPendingRead() => inner.CancelPendingRead();

    public override void Complete(Exception? exception = null) => inner.Complete(exception);

    private void Check(in ReadResult result)
    {
        var reader = new SequenceReader<byte>(result.Buffer);
        if (!reader.TryRead(out var kind))
        {
            return;
        }

        if (!_begun && kind != Connect)
        {
            throw new MqttProtocolViolationException("The first packet is no CONNECT.");
        }

        _begun = true;
        if (ReadLength(ref reader) is not { } length || length > reader.Remaining)
        {
            RefuseEnd(result);
        }
    }

    /// <returns>Length of the body; null while its digits are incomplete.</returns>
    private long? ReadLength(ref SequenceReader<byte> reader)
    {
        long length = 0;
        for (var i = 0; i < MostLengthBytes && reader.TryRead(out var octet); i++)
        {
            length |= (long)(octet & 0x7F) << (7 * i);
            if (length > maxPacketBytes)
            {
                throw new MqttProtocolViolationException($"A packet of {length} bytes or more is larger than {maxPacketBytes}.");
            }

            if (octet < 0x80)
            {
                return length;
            }
        }

        return null;
    }

    /// <summary>The library would ask again and again for the rest of a packet whose sender is gone, and burn a processor with it.</summary>
    private static void RefuseEnd(in ReadResult result)
    {
        if (result.IsCompleted)
        {
            throw new MqttCommunicationException("The connection ended within a packet.");
        }
    }
}
