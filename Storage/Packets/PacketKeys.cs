namespace Svom.Packets;

/// <summary>What a reception is: heard again, it is the same.</summary>
internal readonly record struct SeenKey(int Feed, long ReceivedMs, int Station, Guid Digest);

/// <summary>Header of a packet in a feed.</summary>
internal readonly record struct HeaderKey(int Feed, short Apid, long TimeTicks, int Count);

/// <summary>A content: octets under a header.</summary>
internal readonly record struct ContentKey(HeaderKey Header, Guid Digest);

/// <summary>A reception with the ids that rows have.</summary>
internal readonly record struct KeyedReception(CheckedReception Checked, SeenKey Seen, ContentKey Content)
{
    /// <summary>Stands for the APID of what is no valid packet.</summary>
    public const short NoApid = 4095;

    public static KeyedReception Of(CheckedReception reception, int feed, int station)
    {
        var digest = Digest(reception.Id);
        var header = reception.Header is { } known
            ? new HeaderKey(feed, AppCode.Of(reception.Verdict, reception.Header), known.PacketTime.UtcTicks, known.SequenceCount)
            : new HeaderKey(feed, NoApid, 0, 0);
        return new(reception, new(feed, reception.Reception.ReceivedAt.ToUnixTimeMilliseconds(), station, digest), new(header, digest));
    }

    /// <summary>The identity of a content as a uuid: the same 32 hex digits.</summary>
    public static Guid Digest(PacketId id)
    {
        Span<byte> octets = stackalloc byte[16];
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(octets, id.High);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(octets[8..], id.Low);
        return new(octets, bigEndian: true);
    }

    public static PacketId Id(Guid digest)
    {
        Span<byte> octets = stackalloc byte[16];
        digest.TryWriteBytes(octets, bigEndian: true, out _);
        return PacketId.FromSha256(octets);
    }
}
