using Svom.Storage;

namespace Svom.Sqlite;

/// <summary>Something to write into a file. Applied on the writer's thread.</summary>
internal abstract class WriteWork : QueuedWork
{
    /// <summary>
    /// Checks everything, then writes; a refusal is remembered as the answer and writes nothing. May be called again after an
    /// error, when the batch is tried in halves, so it starts from nothing each time.
    /// </summary>
    public abstract void Apply(Connection connection);
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
