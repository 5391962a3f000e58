using Grpc.Core;

namespace Svom.Feeds;

/// <summary>
/// The gRPC streams that are open. A stop tells them first and gives them a few seconds to end by themselves: a server that stops
/// closes its connections as soon as no call is left, and the last words of one that ends before its sender has ended would be lost with them.
/// </summary>
internal sealed class OpenStreams(IHostApplicationLifetime lifetime, TimeProvider time) : IHostedLifecycleService, IDisposable
{
    private static readonly TimeSpan EndWithin = TimeSpan.FromSeconds(5);

    // A connection has a writer of its own: the last frames leave a moment after the answer counts as written, and a stop drops what still waits there.
    private static readonly TimeSpan LastFrames = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource stopping = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping);
    private readonly Lock counting = new();
    private TaskCompletionSource? none;
    private int open;

    /// <summary>Cancelled when the platform stops.</summary>
    public CancellationToken Stopping => stopping.Token;

    /// <summary>Counts a stream until its answer is written to the end.</summary>
    public void Enter(ServerCallContext call)
    {
        lock (counting)
        {
            open++;
        }

        call.GetHttpContext().Response.OnCompleted(() =>
        {
            lock (counting)
            {
                if (--open == 0)
                {
                    none?.TrySetResult();
                }
            }

            return Task.CompletedTask;
        });
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        await stopping.CancelAsync();
        lock (counting)
        {
            if (open == 0)
            {
                return;
            }

            none = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        try
        {
            await none.Task.WaitAsync(EndWithin, time, cancellationToken);
            await Task.Delay(LastFrames, TimeProvider.System, cancellationToken);
        }
        catch (TimeoutException)
        {
            // Who does not read its last words does not get them.
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => stopping.Dispose();
}
