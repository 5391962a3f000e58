using System.Collections.Immutable;

namespace Svom.Packets;

/// <summary>Reads a feed's packets on from a cursor and waits for more. Stateless; key 0.</summary>
[Alias("svom.packet-follow")]
public interface IPacketFollowGrain : IGrainWithIntegerKey
{
    /// <summary>Packets (first copies) beyond a position, by position; when there are none, it waits for the first.</summary>
    /// <param name="session">A rehearsal's feed; null is the live one.</param>
    /// <param name="after">Where the last answer ended; 0 begins with the first ever.</param>
    /// <param name="most">1 to 1000.</param>
    /// <param name="atMost">Longest wait; more than five seconds is five seconds.</param>
    /// <returns>Without items when none came in time; it may have moved on nevertheless.</returns>
    [Alias("after")]
    Task<PacketsFollowed> AfterAsync(string? session, long after, int most, TimeSpan atMost, CancellationToken cancellationToken);

    /// <summary>Last position of the feed; 0 when empty.</summary>
    [Alias("head")]
    Task<long> HeadAsync(string? session, CancellationToken cancellationToken);
}

/// <param name="Items">By position.</param>
/// <param name="UpTo">Every position up to this one was looked at: where to go on.</param>
[GenerateSerializer, Immutable, Alias("svom.packets-followed")]
public sealed record PacketsFollowed([property: Id(0)] ImmutableArray<PacketSummary> Items, [property: Id(1)] long UpTo);
