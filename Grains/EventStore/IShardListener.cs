namespace Svom.EventStore;

/// <summary>Hears of changes in what this silo has to look after. Called one at a time; must be quick.</summary>
internal interface IShardListener
{
    /// <summary>Shards are held from now on: what others left there is to be found.</summary>
    void Taken(IReadOnlyList<int> shards);

    /// <summary>Silos have died. Their shards are taken when their leases end, which is told by <see cref="Taken"/>.</summary>
    void Died(IReadOnlyList<string> silos);
}

/// <summary>Takes up work that silos left behind when they died. Called at the start, for newly held shards, and when a silo has died.</summary>
internal interface IShardRecovery
{
    /// <summary>
    /// Looks through streams of the held shards for work of silos that are not alive. One call at a time; what comes up meanwhile is one more
    /// call. Bears being called for nothing. When it throws or takes longer than a minute, it is called again.
    /// </summary>
    /// <param name="held">Shards of this silo, as ranges [from, to).</param>
    /// <param name="liveSilos">Incarnations that live (<see cref="ISiloRoll.Self"/> of each): whoever is not among them is dead.</param>
    /// <param name="cancellationToken">Ends it with the silo, and after a minute.</param>
    Task RecoverAsync(IReadOnlyList<(int From, int To)> held, IReadOnlySet<string> liveSilos, CancellationToken cancellationToken);
}
