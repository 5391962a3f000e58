using System.Buffers;
using System.Buffers.Binary;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Svom.V1;

namespace Svom.Simulation;

/// <summary>Receptions as the platform takes them: each a 4-byte big-endian length and a <c>svom.v1.Reception</c>.</summary>
public sealed class ReceptionBatch
{
    /// <summary>Content type of the octets.</summary>
    public const string ContentType = "application/vnd.svom.receptions";

    private const int LengthOctets = 4;
    private readonly ArrayBufferWriter<byte> _octets = new(16 * 1024);

    /// <summary>Receptions within.</summary>
    public int Count { get; private set; }

    /// <summary>The octets so far.</summary>
    public ReadOnlyMemory<byte> Octets => _octets.WrittenMemory;

    /// <summary>Adds one.</summary>
    public void Add(string station, DateTimeOffset receivedAt, ReadOnlySpan<byte> octets, double? signalDbm, string? session)
    {
        var reception = new Reception { Station = station, ReceivedAt = Timestamp.FromDateTimeOffset(receivedAt), Octets = ByteString.CopyFrom(octets) };
        if (signalDbm is { } signal)
        {
            reception.SignalDbm = signal;
        }

        if (session is not null)
        {
            reception.Session = session;
        }

        BinaryPrimitives.WriteInt32BigEndian(_octets.GetSpan(LengthOctets), reception.CalculateSize());
        _octets.Advance(LengthOctets);
        reception.WriteTo(_octets);
        Count++;
    }
}
