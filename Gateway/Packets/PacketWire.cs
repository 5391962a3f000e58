using Google.Protobuf;
using Svom.Outcomes;
using Svom.Requests;

namespace Svom.Packets;

/// <summary>Packets as messages of <c>svom.v1</c>.</summary>
internal static class PacketWire
{
    public static V1.Packet Of(PacketSummary packet)
    {
        var message = new V1.Packet
        {
            Id = packet.Id,
            Sequence = packet.Sequence,
            PacketTime = WireTime.Write(packet.PacketTime),
            Station = packet.Station,
            ReceivedAt = WireTime.Write(packet.ReceivedAt),
            Verdict = Of(packet.Verdict),
            Conflict = packet.Conflict,
        };
        if (packet.Session is { } session)
        {
            message.Session = session;
        }

        if (packet is { Kind: { } kind, Apid: { } apid, SequenceCount: { } count })
        {
            (message.Kind, message.Apid, message.SequenceCount) = (kind, apid, count);
        }

        return message;
    }

    public static V1.PacketDetail Of(PacketDetail packet)
    {
        var message = new V1.PacketDetail { Packet = Of(packet.Summary), Octets = UnsafeByteOperations.UnsafeWrap(packet.Octets) };
        if (packet.DefinitionVersion is { } version)
        {
            message.DefinitionVersion = version;
        }

        message.Fields.AddRange(packet.Fields.OrEmpty().Select(Of));
        message.Receptions.AddRange(packet.Receptions.OrEmpty().Select(Of));
        return message;
    }

    public static V1.StoredBatch Of(IngestAnswer answer)
    {
        var message = new V1.StoredBatch { Accepted = answer.Accepted, Duplicates = answer.Duplicates, Invalid = answer.Invalid };
        if (answer is { FirstSequence: { } first, LastSequence: { } last })
        {
            (message.FirstSequence, message.LastSequence) = (first, last);
        }

        return message;
    }

    private static V1.PacketField Of(PacketField field)
    {
        var message = new V1.PacketField
        {
            Name = field.Name,
            BitOffset = field.BitOffset,
            Bits = field.Bits,
            Raw = field.Raw,
            Value = field.Value,
            InRange = field.InRange,
        };
        if (field.Unit is { } unit)
        {
            message.Unit = unit;
        }

        return message;
    }

    private static V1.PacketCopy Of(PacketCopy copy)
    {
        var message = new V1.PacketCopy { Sequence = copy.Sequence, Station = copy.Station, ReceivedAt = WireTime.Write(copy.ReceivedAt), StoredAt = WireTime.Write(copy.StoredAt) };
        if (copy.SignalDbm is { } signal)
        {
            message.SignalDbm = signal;
        }

        return message;
    }

    // One more than ours: 0 is "unspecified" in every enumeration of the wire.
    private static V1.Verdict Of(ReceptionVerdict verdict) => (V1.Verdict)((int)verdict + 1);
}
