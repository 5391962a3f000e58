namespace Svom.EventStore;

/// <summary>Which shards belong to whom: the silos in one order, each a run of the shards, as even as they divide.</summary>
internal static class FairShare
{
    /// <returns>Shards [from, to) of a silo. One that is not on the roll yet counts itself.</returns>
    public static (int From, int To) Of(string self, IReadOnlyList<string> active)
    {
        var silos = active.Append(self).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        var place = Array.IndexOf(silos, self);
        return (place * StreamId.ShardCount / silos.Length, (place + 1) * StreamId.ShardCount / silos.Length);
    }
}
