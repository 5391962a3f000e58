namespace Svom.Storage;

/// <summary>Something to write, with a caller who waits. Written in a transaction that it shares with its neighbours.</summary>
internal abstract class QueuedWork
{
    /// <summary>Lower is taken first.</summary>
    public virtual int Lane => 0;

    /// <summary>Its place among all that were ever queued; given by the queue.</summary>
    public long Ticket { get; set; }

    /// <summary>Weight in the bounded queue, in octets.</summary>
    public virtual long Octets => 0;

    /// <summary>Cancelled before it was taken: nothing is written.</summary>
    public virtual CancellationToken CancellationToken => CancellationToken.None;

    /// <summary>Durable: answer the caller. Must not throw.</summary>
    public abstract void Committed();

    /// <summary>Not durable, or nobody knows. Must not throw.</summary>
    public abstract void Failed(Exception failure);

    /// <summary>Cancelled before anything was written. Must not throw.</summary>
    public virtual void Cancelled()
    {
    }
}
