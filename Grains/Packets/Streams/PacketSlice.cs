using System.Collections.Immutable;
using Orleans.Providers.Streams.Common;
using Orleans.Streams;

namespace Svom.Packets.Streams;

/// <summary>
/// A piece of a feed as its subscribers get it: every packet (first valid copy) with a position in (<see cref="After"/>, <see cref="UpTo"/>].
/// A subscriber at a position below <see cref="After"/> has missed something and reads the log itself.
/// </summary>
[GenerateSerializer, Immutable, Alias("svom.packet-slice")]
internal sealed record PacketSlice(
    [property: Id(0)] FeedId Feed, [property: Id(1)] long After, [property: Id(2)] long UpTo, [property: Id(3)] ImmutableArray<LoggedReception> Packets);

/// <summary>
/// One slice on its way through the stream provider. Its token counts the slices of the queue: the queue's cache holds the slices of
/// many feeds in one order, in which positions of different feeds mean nothing.
/// </summary>
[GenerateSerializer, Immutable, Alias("svom.packet-slice-container")]
internal sealed class PacketSliceContainer(PacketSlice slice, long number) : IBatchContainer
{
    [Id(0)]
    public PacketSlice Slice { get; } = slice;

    [Id(1)]
    public long Number { get; } = number;

    public StreamId StreamId => PacketStream.Of(Slice.Feed);

    public StreamSequenceToken SequenceToken => new EventSequenceTokenV2(Number);

    public IEnumerable<Tuple<T, StreamSequenceToken>> GetEvents<T>() => Slice is T slice ? [Tuple.Create(slice, SequenceToken)] : [];

    public bool ImportRequestContext() => false;
}

/// <summary>Names of the packet stream. They are part of stored addresses: never change them.</summary>
internal static class PacketStream
{
    public const string Provider = "packets";
    public const string Namespace = "packets";
    public const string Reader = "stream";

    public static StreamId Of(FeedId feed) => StreamId.Create(Namespace, feed.ToString());
}
