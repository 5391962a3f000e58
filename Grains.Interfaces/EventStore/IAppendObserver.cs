namespace Svom.EventStore;

/// <summary>An append that landed and left something to do: owed messages, wake-ups or archive entries.</summary>
/// <param name="Append">The append.</param>
/// <param name="Version">Version it got.</param>
/// <param name="Archived">Sequences of its archive entries, in their order.</param>
public sealed record LandedAppend(Append Append, long Version, IReadOnlyList<long> Archived);

/// <summary>
/// Hears of appends of this process as they land, so that what they owe is delivered at once and not by the next scan.
/// Only a fast path: after a crash nothing is told again, and the scan of shards finds what is left.
/// An implementation takes note and returns (it fills a queue that somebody else empties); it must not depend on the store.
/// </summary>
public interface IAppendObserver
{
    /// <summary>
    /// Called after the commit and before the caller is answered, on the writer's thread, in commit order. Must be cheap and
    /// must not throw; what it throws is logged and dropped.
    /// </summary>
    void Landed(LandedAppend landed);
}
