using System.Collections.Immutable;

namespace Svom.Bursts;

/// <summary>Reads what happens to bursts, all of them in one order, on from a cursor, and waits for more. Stateless; key 0.</summary>
[Alias("svom.burst-follow")]
public interface IBurstFollowGrain : IGrainWithIntegerKey
{
    /// <summary>
    /// Changes beyond a sequence in the order in which they became durable; when there are none, it waits for the first. Who goes on from the
    /// last one it got misses nothing and gets nothing twice.
    /// </summary>
    /// <param name="after">Sequence of the last one the caller has; 0 begins with the first ever kept.</param>
    /// <param name="most">1 to 1000.</param>
    /// <param name="atMost">Longest wait; more than five seconds is five seconds.</param>
    /// <returns>Empty when nothing came in time: ask again from the same place.</returns>
    [Alias("after")]
    Task<ImmutableArray<BurstChange>> AfterAsync(long after, int most, TimeSpan atMost, CancellationToken cancellationToken);

    /// <summary>Sequence of the newest change; 0 without one.</summary>
    [Alias("head")]
    Task<long> HeadAsync(CancellationToken cancellationToken);
}

/// <summary>One commit of one burst, as a follower gets it.</summary>
/// <param name="Sequence">Place among the changes of all bursts; gaps are normal. A count of its own, not that of the notice archive.</param>
/// <param name="Burst">Id of the burst.</param>
/// <param name="Session">Rehearsal; null is live.</param>
/// <param name="Version">The burst's version after it.</param>
/// <param name="Lines">What happened, in sentences, as the burst's timeline has it.</param>
[GenerateSerializer, Immutable, Alias("svom.burst-change")]
public sealed record BurstChange(
    [property: Id(0)] long Sequence, [property: Id(1)] string Burst, [property: Id(2)] string? Session, [property: Id(3)] long Version,
    [property: Id(4)] ImmutableArray<TimelineEntry> Lines);
