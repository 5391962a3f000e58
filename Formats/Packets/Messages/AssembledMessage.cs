using System.Collections.Immutable;
using Svom.Sky;

namespace Svom.Packets.Messages;

/// <summary>What the parts of a message say together, as far as they are here: null stands for what is missing.</summary>
public abstract record AssembledMessage
{
    /// <summary>Puts the parts of one message together, in any order. Of two parts with one number the first counts.</summary>
    /// <param name="kind">Of the message.</param>
    /// <param name="payloads">As <see cref="MessagePayload"/> has them, all alike in what they have in common; at least one.</param>
    public static AssembledMessage Of(PacketKind kind, IEnumerable<byte[]> payloads)
    {
        var packets = payloads.Select(payload => MessagePayload.Decode(kind, payload)).ToArray();
        return kind switch
        {
            PacketKind.EclairsLightCurveHigh or PacketKind.EclairsLightCurveLow or PacketKind.GrmLightCurve => AssembledLightCurve.Of([.. packets.Select(LightCurvePacket.From)]),
            PacketKind.EclairsSubImage => AssembledSubImage.Of([.. packets.Select(SubImagePacket.From)]),
            PacketKind.EclairsDescriptor => new AssembledDescriptor(EclairsDescriptorPacket.From(packets[0])),
            PacketKind.VtSourceList => AssembledSourceList.Of([.. packets.Select(VtSourceListPacket.From)]),
            PacketKind.VtImage => AssembledBitImage.Of([.. packets.Select(VtImagePacket.From)]),
            _ => throw new ArgumentException($"A {kind} packet is no part of a message.", nameof(kind)),
        };
    }

    /// <summary>Spreads what the parts hold over the whole; elements that no part holds stay null.</summary>
    private protected static T?[] Spread<TPacket, T>(IEnumerable<TPacket> packets, int length, Func<TPacket, int> part, Func<TPacket, IReadOnlyList<T>> held)
        where T : struct
    {
        var whole = new T?[length];
        foreach (var packet in packets.Reverse())
        {
            var elements = held(packet);
            for (var (n, at) = (0, (part(packet) - 1) * elements.Count); n < elements.Count && at < length; n++, at++)
            {
                whole[at] = elements[n];
            }
        }

        return whole;
    }

    private protected static ImmutableArray<ImmutableArray<T?>> Rows<T>(T?[] pixels, int columns)
        where T : struct => [.. pixels.Chunk(columns).Select(static row => row.ToImmutableArray())];
}

/// <param name="Packet">What all parts say alike.</param>
/// <param name="Bands">Energy bands.</param>
/// <param name="Counts">By band, then bin.</param>
public sealed record AssembledLightCurve(LightCurvePacket Packet, IReadOnlyList<EnergyBand> Bands, ImmutableArray<ImmutableArray<int?>> Counts) : AssembledMessage
{
    internal static AssembledLightCurve Of(LightCurvePacket[] parts)
    {
        var bands = LightCurvePacket.BandsOf(parts[0].Header.Kind);
        return new(parts[0], bands, [.. Enumerable.Range(0, bands.Count).Select(band =>
            Spread(parts, parts[0].Bins, static part => part.Header.Part, part => part.Counts[band]).ToImmutableArray())]);
    }
}

/// <param name="Packet">What all parts say alike.</param>
/// <param name="Rows">SNR by row, then column.</param>
public sealed record AssembledSubImage(SubImagePacket Packet, ImmutableArray<ImmutableArray<double?>> Rows) : AssembledMessage
{
    internal static AssembledSubImage Of(SubImagePacket[] parts) =>
        new(parts[0], Rows(Spread(parts, parts[0].Columns * parts[0].Rows, static part => part.Header.Part, static part => part.Snr), parts[0].Columns));
}

/// <param name="Packet">The one packet.</param>
public sealed record AssembledDescriptor(EclairsDescriptorPacket Packet) : AssembledMessage;

/// <param name="Number">Place in the list, from 1.</param>
/// <param name="Source">As on the detector.</param>
/// <param name="Place">On the sky.</param>
public sealed record PlacedSource(int Number, VtSource Source, SkyPosition Place);

/// <param name="Packet">What all parts say alike.</param>
/// <param name="Sources">Those that are here.</param>
public sealed record AssembledSourceList(VtSourceListPacket Packet, ImmutableArray<PlacedSource> Sources) : AssembledMessage
{
    internal static AssembledSourceList Of(VtSourceListPacket[] parts) => new(
        parts[0],
        [.. parts.DistinctBy(static part => part.Header.Part).OrderBy(static part => part.Header.Part)
            .SelectMany(static part => part.Found.Select((source, n) => (Number: ((part.Header.Part - 1) * VtSourceListPacket.SourcesPerPart) + n + 1, source)))
            .Where(found => found.Number <= parts[0].Sources)
            .Select(found => new PlacedSource(found.Number, found.source, found.source.Place(parts[0].Pointing)))]);
}

/// <param name="Packet">What all parts say alike.</param>
/// <param name="Rows">Lit or not, by row, then column.</param>
public sealed record AssembledBitImage(VtImagePacket Packet, ImmutableArray<ImmutableArray<bool?>> Rows) : AssembledMessage
{
    internal static AssembledBitImage Of(VtImagePacket[] parts) =>
        new(parts[0], Rows(Spread(parts, parts[0].Columns * parts[0].Rows, static part => part.Header.Part, static part => part.Lit), parts[0].Columns));
}
