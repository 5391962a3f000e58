using System.Collections.Immutable;

namespace Svom.Notifications;

/// <summary>Reads the notice archive on from a cursor and waits for more: the feed behind every door that tells notices live. Stateless; key 0.</summary>
[Alias("svom.notice-follow")]
public interface INoticeFollowGrain : IGrainWithIntegerKey
{
    /// <summary>
    /// Notices beyond a sequence in the archive's order, held ones too; when there are none, it waits for the first. Sequences grow by commit
    /// order: who goes on from the last one it got misses nothing and gets nothing twice.
    /// </summary>
    /// <param name="after">Sequence of the last one the caller has; 0 begins with the first ever.</param>
    /// <param name="most">1 to 1000.</param>
    /// <param name="atMost">Longest wait; more than five seconds is five seconds.</param>
    /// <returns>Empty when nothing came in time: ask again from the same place.</returns>
    [Alias("after")]
    Task<ImmutableArray<FollowedNotice>> AfterAsync(long after, int most, TimeSpan atMost, CancellationToken cancellationToken);

    /// <summary>Sequence of the newest notice; 0 without one.</summary>
    [Alias("head")]
    Task<long> HeadAsync(CancellationToken cancellationToken);
}

/// <summary>A notice as a follower gets it: what the archive knows, and its exact bytes.</summary>
/// <param name="Notice">As the archive knows it now.</param>
/// <param name="VoEvent">VOEvent 2.0, exact bytes.</param>
/// <param name="Gcn">GCN JSON, exact bytes.</param>
/// <param name="Envelope">
/// As published on MQTT, exact bytes; null for a held notice, and for one that no outlet took up within some seconds of its decision: an alert
/// does not wait for an outlet that stands still.
/// </param>
/// <param name="Session">Rehearsal; null is live.</param>
[GenerateSerializer, Immutable, Alias("svom.followed-notice")]
public sealed record FollowedNotice(
    [property: Id(0)] NoticeView Notice, [property: Id(1)] ReadOnlyMemory<byte> VoEvent, [property: Id(2)] ReadOnlyMemory<byte> Gcn,
    [property: Id(3)] ReadOnlyMemory<byte>? Envelope, [property: Id(4)] string? Session);
