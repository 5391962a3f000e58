using System.IO.Pipelines;

namespace Svom.Notifications.Mqtt;

/// <summary>
/// The output of a connection: what was written goes out before it ends. The library ends an output with the failure that ended its reading, and
/// a pipe that ends so drops what waits in it, above all the packet that tells the client why; and it may end one twice.
/// </summary>
internal sealed class LastWords(PipeWriter inner) : PipeWriter
{
    private int _ended;

    public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

    public override long UnflushedBytes => inner.UnflushedBytes;

    public override void Advance(int bytes) => inner.Advance(bytes);

    public override Memory<byte> GetMemory(int sizeHint = 0) => inner.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => inner.GetSpan(sizeHint);

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => inner.FlushAsync(cancellationToken);

    public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default) => inner.WriteAsync(source, cancellationToken);

    public override void CancelPendingFlush() => inner.CancelPendingFlush();

    /// <param name="exception">Is the reading's, and was logged there.</param>
    public override void Complete(Exception? exception = null)
    {
        if (Interlocked.Exchange(ref _ended, 1) == 0)
        {
            inner.Complete();
        }
    }
}
