using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Svom.Packets;

/// <summary>
/// Sees to it that a feed's sequencer comes up with its log without waiting for the feed's next packet, which may be long in coming. Each
/// feed goes its own way, piece by piece: one that is far behind or cannot be taken up holds no other.
/// </summary>
internal sealed partial class FeedCatchUp(IGrainFactory grains, TimeProvider time, IHostApplicationLifetime lifetime, ILogger<FeedCatchUp> logger) : IDisposable
{
    private const int PiecesAtOnce = 8;
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    // How often each feed was asked for since its run began.
    private readonly ConcurrentDictionary<FeedId, int> wanted = [];
    private readonly SemaphoreSlim places = new(PiecesAtOnce);

    /// <summary>Takes a feed up, in the background. Asked again meanwhile, it looks again at the end.</summary>
    public void Want(FeedId feed)
    {
        if (wanted.AddOrUpdate(feed, 1, static (_, times) => times + 1) == 1)
        {
            _ = Task.Run(() => RunAsync(feed, lifetime.ApplicationStopping), CancellationToken.None);
        }
    }

    public void Dispose() => places.Dispose();

    private async Task RunAsync(FeedId feed, CancellationToken stopping)
    {
        var pause = FirstPause;
        while (!stopping.IsCancellationRequested && wanted.TryGetValue(feed, out var times))
        {
            try
            {
                if (!await TakePieceAsync(feed, stopping) && wanted.TryRemove(KeyValuePair.Create(feed, times)))
                {
                    return;
                }

                pause = FirstPause;
            }
            catch (Exception failure) when (!stopping.IsCancellationRequested)
            {
                LogNotTakenUp(feed, pause.TotalSeconds, failure);
                await PauseAsync(pause, stopping);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
            catch (Exception)
            {
                return; // Stopping, however it shows: the next start looks at every feed.
            }
        }
    }

    /// <returns>True when there is more.</returns>
    private async Task<bool> TakePieceAsync(FeedId feed, CancellationToken stopping)
    {
        await places.WaitAsync(stopping);
        try
        {
            return await grains.GetGrain<ISequencerGrain>(feed.ToString()).CatchUpAsync(stopping);
        }
        finally
        {
            places.Release();
        }
    }

    private async Task PauseAsync(TimeSpan pause, CancellationToken stopping)
    {
        try
        {
            await Task.Delay(pause, time, stopping);
        }
        catch (OperationCanceledException)
        {
            // The loop sees it.
        }
    }

    [LoggerMessage(2112, LogLevel.Warning, "{Feed} could not be taken up from its log; again in {PauseS} s")]
    private partial void LogNotTakenUp(FeedId feed, double pauseS, Exception failure);
}
