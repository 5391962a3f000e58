namespace Svom.EventStore;

/// <summary>The shards that this silo holds, each until its lease ends. Written by <see cref="ShardLeasing"/>, read by whoever acts for a shard.</summary>
internal sealed class ShardsHeld(TimeProvider time)
{
    private readonly TaskCompletionSource asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Dictionary<int, ShardLease> leases = [];

    /// <summary>Completes when leases were asked for once, whether or not any were free.</summary>
    public Task Asked => asked.Task;

    /// <summary>Held now.</summary>
    public int Count => Valid().Count();

    public bool Holds(int shard) => Volatile.Read(ref leases).TryGetValue(shard, out var lease) && lease.Until > time.GetUtcNow();

    /// <summary>What is held now as ranges [from, to), so that a scan asks as seldom as it can.</summary>
    public IReadOnlyList<(int From, int To)> Ranges()
    {
        var ranges = new List<(int From, int To)>();
        foreach (var shard in Valid().Order())
        {
            if (ranges.Count > 0 && ranges[^1].To == shard)
            {
                ranges[^1] = (ranges[^1].From, shard + 1);
            }
            else
            {
                ranges.Add((shard, shard + 1));
            }
        }

        return ranges;
    }

    /// <summary>Sets what the store says.</summary>
    /// <returns>Shards that were not held before, or were lost and won again meanwhile.</returns>
    public IReadOnlyList<int> Set(IReadOnlyList<ShardLease> held)
    {
        var before = leases;
        Volatile.Write(ref leases, held.ToDictionary(static lease => lease.Shard));
        asked.TrySetResult();
        return [.. held.Where(lease => !before.TryGetValue(lease.Shard, out var known) || known.Epoch != lease.Epoch).Select(static lease => lease.Shard)];
    }

    private IEnumerable<int> Valid()
    {
        var now = time.GetUtcNow();
        return Volatile.Read(ref leases).Values.Where(lease => lease.Until > now).Select(static lease => lease.Shard);
    }
}
