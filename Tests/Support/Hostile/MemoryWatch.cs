using System.Collections.Concurrent;

namespace Svom.Support.Hostile;

/// <summary>Resident memory of the platform, looked at each second.</summary>
internal sealed class MemoryWatch : IAsyncDisposable
{
    private static readonly TimeSpan Each = TimeSpan.FromSeconds(1);
    private readonly ConcurrentQueue<long> samples = new();
    private readonly CancellationTokenSource end = new();
    private readonly Task looking;

    public MemoryWatch(AttackedPlatform platform) => looking = LookAsync(platform);

    /// <summary>Most since the last time that it was asked, octets.</summary>
    public long Peak()
    {
        var most = 0L;
        while (samples.TryDequeue(out var sample))
        {
            most = Math.Max(most, sample);
        }

        return most;
    }

    /// <summary>What the platform keeps alive: its managed memory right after a full collection, octets.</summary>
    public static async Task<long> LiveAsync(AttackedPlatform platform, CancellationToken cancellationToken)
    {
        await InducedCollection.RunAsync(platform.ProcessId, cancellationToken);
        return (long)await platform.FigureAsync("dotnet_gc_last_collection_heap_size_bytes", cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        await looking;
        end.Dispose();
    }

    private async Task LookAsync(AttackedPlatform platform)
    {
        using var timer = new PeriodicTimer(Each);
        try
        {
            do
            {
                samples.Enqueue(platform.Resident);
            }
            while (await timer.WaitForNextTickAsync(end.Token));
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException or InvalidOperationException)
        {
            // The end, or the platform's: what asks whether it lives says so.
        }
    }
}
