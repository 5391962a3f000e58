namespace Svom.Sqlite;

/// <summary>Something to write. Applied on the writer's thread inside a transaction that it shares with its neighbours.</summary>
internal abstract class WriteWork
{
    /// <summary>Lower is taken first.</summary>
    public virtual int Lane => 0;

    /// <summary>Its place among all that were ever queued; given by the queue.</summary>
    public long Ticket { get; set; }

    /// <summary>Weight in the bounded queue, in octets.</summary>
    public virtual long Octets => 0;

    /// <summary>Cancelled before it was taken: nothing is written.</summary>
    public virtual CancellationToken CancellationToken => CancellationToken.None;

    /// <summary>
    /// Checks everything, then writes; a refusal is remembered as the answer and writes nothing. May be called again after an
    /// error, when the batch is tried in halves, so it starts from nothing each time.
    /// </summary>
    public abstract void Apply(Connection connection);

    /// <summary>Durable: answer the caller. Must not throw.</summary>
    public abstract void Committed();

    /// <summary>Not durable, or nobody knows. Must not throw.</summary>
    public abstract void Failed(Exception failure);

    /// <summary>Cancelled before anything was written. Must not throw.</summary>
    public virtual void Cancelled()
    {
    }
}

/// <summary>A function as work, for everything that is not on the hot path.</summary>
internal sealed class WriteCall<T>(int lane, Func<Connection, T> apply, CancellationToken cancellationToken) : WriteWork
{
    private readonly TaskCompletionSource<T> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;

    public override int Lane => lane;

    public override CancellationToken CancellationToken => cancellationToken;

    public Task<T> Answer => _answer.Task;

    public override void Apply(Connection connection) => _result = apply(connection);

    public override void Committed() => _answer.TrySetResult(_result!);

    public override void Failed(Exception failure) => _answer.TrySetException(failure);

    public override void Cancelled() => _answer.TrySetCanceled(cancellationToken);
}
