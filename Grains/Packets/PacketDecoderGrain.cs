using System.Collections.Immutable;
using Orleans.Concurrency;
using Svom.Bursts;

namespace Svom.Packets;

/// <summary>What the decoder made of one packet.</summary>
/// <param name="Evidence">What it says about a burst; null when it says nothing about any.</param>
/// <param name="Undecodable">Why it could not be decoded; null when it could. Such a packet is parked and passed over.</param>
[GenerateSerializer, Immutable, Alias("svom.decoded-reception")]
internal sealed record DecodedReception([property: Id(0)] Evidence? Evidence, [property: Id(1)] string? Undecodable);

/// <summary>Decodes packets. Stateless, so that a feed's batches are decoded on every core. Key 0.</summary>
[Alias("svom.packet-decoder")]
internal interface IPacketDecoderGrain : IGrainWithIntegerKey
{
    /// <summary>One answer a packet, in the same order. Pure: the same octets always give the same.</summary>
    [Alias("decode")]
    Task<ImmutableArray<DecodedReception>> DecodeAsync(ImmutableArray<LoggedReception> packets);
}

[StatelessWorker]
internal sealed class PacketDecoderGrain : Grain, IPacketDecoderGrain
{
    public Task<ImmutableArray<DecodedReception>> DecodeAsync(ImmutableArray<LoggedReception> packets) => Task.FromResult(Decode(packets));

    public static ImmutableArray<DecodedReception> Decode(ImmutableArray<LoggedReception> packets)
    {
        var decoded = ImmutableArray.CreateBuilder<DecodedReception>(packets.Length);
        foreach (var packet in packets)
        {
            decoded.Add(Decode(packet));
        }

        return decoded.MoveToImmutable();
    }

    private static readonly DecodedReception NothingSaid = new(null, null);

    private static DecodedReception Decode(LoggedReception packet)
    {
        try
        {
            return !PacketDefinitions.Current.TryDecode(packet.Octets.Span, out var decoded) ? new(null, "The frame is none of this version's definitions.")
                : PacketEvidence.From(decoded) is { } evidence ? new(packet.Verdict is ReceptionVerdict.Recovered ? evidence with { Recovered = true } : evidence, null)
                : PacketEvidence.TellsOfABurst(decoded.Kind) ? new(null, PacketEvidence.WhyNot(decoded))
                : NothingSaid;
        }
        catch (Exception failure) when (failure is ArithmeticException or ArgumentException or FormatException or InvalidOperationException)
        {
            return new(null, failure.Message); // One packet that cannot be read must not hold up the feed.
        }
    }
}
