namespace Svom.EventStore;

/// <summary>
/// Where the store tells what landed. It depends on nothing, so the store may own it; who delivers takes it up from here. What
/// landed before that stands in the store and is found by the first scan.
/// </summary>
internal sealed class LandedAppends : IAppendObserver
{
    private Action<LandedAppend>? taker;

    public void Landed(LandedAppend landed)
    {
        if (landed.Append.Owed.Count > 0 || landed.Append.Due.Count > 0)
        {
            Volatile.Read(ref taker)?.Invoke(landed);
        }
    }

    /// <summary>Sets who takes up what lands; one only. It is called on the writer's thread and must be cheap.</summary>
    public void TakenBy(Action<LandedAppend> take) => Volatile.Write(ref taker, take);
}
