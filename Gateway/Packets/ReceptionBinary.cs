using System.Buffers.Binary;
using System.Collections.Immutable;

namespace Svom.Packets;

/// <summary>
/// Reads <c>application/vnd.svom.receptions</c>: for each reception a 4-byte big-endian length and a protobuf
/// <c>svom.v1.Reception</c>. Read by hand, straight into receptions: the generated reader makes every octet twice.
/// A field that the message does not have is refused, as an unknown JSON member is.
/// </summary>
internal static class ReceptionBinary
{
    /// <summary>Longest message: the frame, both names, and room for tags, time and signal.</summary>
    private const int LongestMessage = Reception.MaxOctets + 512;

    public static ReceptionsRead Read(ReadOnlySpan<byte> body, int most)
    {
        var receptions = ImmutableArray.CreateBuilder<Reception>(Math.Min(most, (body.Length / 64) + 1));
        var names = new NameCache();
        while (!body.IsEmpty)
        {
            if (receptions.Count == most)
            {
                return ReceptionsRead.TooMany(most);
            }

            if (body.Length < 4)
            {
                return ReceptionsRead.Refused(receptions.Count, "the body ends within its length");
            }

            var length = BinaryPrimitives.ReadUInt32BigEndian(body);
            if (length > LongestMessage || length > body.Length - 4)
            {
                return ReceptionsRead.Refused(receptions.Count, length > LongestMessage
                    ? $"its length says {length} octets, more than a reception can have" : "the body ends within it");
            }

            var fault = ReadMessage(body.Slice(4, (int)length), names, out var reception);
            if (fault is not null)
            {
                return ReceptionsRead.Refused(receptions.Count, fault);
            }

            receptions.Add(reception!);
            body = body[(4 + (int)length)..];
        }

        return new(receptions.DrainToImmutable(), null);
    }

    // As protobuf has it, the last of a repeated field counts; parts of a repeated time are merged.
    private static string? ReadMessage(ReadOnlySpan<byte> message, NameCache names, out Reception? reception)
    {
        reception = null;
        string? station = null, session = null;
        double? signal = null;
        ReadOnlySpan<byte> octets = default;
        var time = default(ProtoTime);
        var reader = new ProtoReader(message);
        while (!reader.AtEnd)
        {
            if (!reader.TryVarint(out var tag))
            {
                return ProtoFault;
            }

            ReadOnlySpan<byte> value;
            switch (tag)
            {
                case StationTag:
                    if (!reader.TryOctets(out value) || !names.TryRead(value, out station))
                    {
                        return ReceptionForm.StationFault;
                    }

                    break;
                case TimeTag:
                    if (!reader.TryOctets(out value) || !time.TryMerge(value))
                    {
                        return "its received_at is no timestamp";
                    }

                    break;
                case OctetsTag:
                    if (!reader.TryOctets(out octets))
                    {
                        return ProtoFault;
                    }

                    break;
                case SignalTag:
                    if (!reader.TryDouble(out var dbm) || !double.IsFinite(dbm))
                    {
                        return ReceptionForm.SignalFault;
                    }

                    signal = dbm;
                    break;
                case SessionTag:
                    if (!reader.TryOctets(out value) || !names.TryRead(value, out session))
                    {
                        return ReceptionForm.SessionFault;
                    }

                    break;
                default:
                    return $"its field with tag {tag} is none of svom.v1.Reception";
            }
        }

        if (station is null || !time.TryTake(out var at) || octets.Length is 0 or > Reception.MaxOctets)
        {
            return station is null ? ReceptionForm.StationFault
                : octets.Length is 0 or > Reception.MaxOctets ? ReceptionForm.OctetsFault(octets.Length)
                : ReceptionForm.TimeFault;
        }

        // A copy for each frame: a slice of the body would keep all of it alive as long as one frame is remembered.
        reception = new(station, at, octets.ToArray(), signal, session);
        return null;
    }

    private const ulong StationTag = (1 << 3) | ProtoReader.LengthDelimited;
    private const ulong TimeTag = (2 << 3) | ProtoReader.LengthDelimited;
    private const ulong OctetsTag = (3 << 3) | ProtoReader.LengthDelimited;
    private const ulong SignalTag = (4 << 3) | ProtoReader.Fixed64;
    private const ulong SessionTag = (5 << 3) | ProtoReader.LengthDelimited;
    private const string ProtoFault = "it is no protobuf message svom.v1.Reception";
}
