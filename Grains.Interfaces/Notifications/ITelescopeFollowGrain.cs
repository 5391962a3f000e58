using System.Collections.Immutable;

namespace Svom.Notifications;

/// <summary>Reads what telescopes say, all of them in one order, on from a cursor, and waits for more. Stateless; key 0.</summary>
[Alias("svom.telescope-follow")]
public interface ITelescopeFollowGrain : IGrainWithIntegerKey
{
    /// <summary>
    /// What was said beyond a sequence, in the order in which it became durable; when there is nothing, it waits for the first. Who goes on from the
    /// last one it got misses nothing and gets nothing twice. What changed nothing (a later receipt, the same intent again) is not told.
    /// </summary>
    /// <param name="after">Sequence of the last one the caller has; 0 begins with the first ever kept.</param>
    /// <param name="most">1 to 1000.</param>
    /// <param name="atMost">Longest wait; more than five seconds is five seconds.</param>
    /// <returns>Empty when nothing came in time: ask again from the same place.</returns>
    [Alias("after")]
    Task<ImmutableArray<TelescopeWord>> AfterAsync(long after, int most, TimeSpan atMost, CancellationToken cancellationToken);

    /// <summary>Sequence of the newest; 0 without one.</summary>
    [Alias("head")]
    Task<long> HeadAsync(CancellationToken cancellationToken);
}

/// <summary>One thing that a telescope said: a receipt or an intent.</summary>
/// <param name="Sequence">Place among all that telescopes said; gaps are normal.</param>
/// <param name="Burst">Id of the burst that it is about.</param>
/// <param name="Notice">Id of the notice that a receipt is about; null for an intent.</param>
/// <param name="Receipt">Null for an intent.</param>
/// <param name="Intent">Null for a receipt.</param>
[GenerateSerializer, Immutable, Alias("svom.telescope-word")]
public sealed record TelescopeWord(
    [property: Id(0)] long Sequence, [property: Id(1)] string Burst, [property: Id(2)] string? Notice, [property: Id(3)] TelescopeReceipt? Receipt, [property: Id(4)] TelescopeIntent? Intent);
