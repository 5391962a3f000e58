namespace Svom.EventStore;

/// <summary>Appends, and finds out what became of it when the store cannot say.</summary>
internal static class StreamAppends
{
    private static readonly TimeSpan Overload = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Completes when the append is known to be durable or refused; while the store is away or full that lasts. Its own append is
    /// found by its id, so that an append that landed unheard is never made twice.
    /// </summary>
    /// <param name="sent">The first try, where the caller has made it already: he can then wait for the store itself, with nothing in between.</param>
    /// <returns>Never <see cref="AppendOutcome.Overloaded"/>. An append that was found has no archive sequences.</returns>
    public static async Task<AppendResult> AppendAsync(IEventStore store, Append append, TimeProvider time, CancellationToken cancellationToken, Task<AppendResult>? sent = null)
    {
        for (var answer = sent; ; answer = null)
        {
            try
            {
                var result = await (answer ?? store.AppendAsync(append, cancellationToken));
                if (result.Outcome != AppendOutcome.Overloaded)
                {
                    return result;
                }

                await Task.Delay(Overload, time, cancellationToken);
            }
            catch (AppendUncertainException)
            {
                if (await FindAsync(store, append, time, cancellationToken) is { } found)
                {
                    return found;
                }
            }
        }
    }

    /// <returns>What stands where the append belongs: itself, or another's; null: nothing, so that it can be sent again.</returns>
    private static async Task<AppendResult?> FindAsync(IEventStore store, Append append, TimeProvider time, CancellationToken cancellationToken)
    {
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                var rows = await store.ReadAsync(append.Stream, append.ExpectedVersion, 1, cancellationToken);
                return rows.Count == 0 ? null
                    : rows[0].AppendId == append.Id ? new(AppendOutcome.Landed, rows[0].Version, [])
                    : new(AppendOutcome.StaleHead, 0, []);
            }
            catch (Exception away) when (away is not OperationCanceledException and not ObjectDisposedException)
            {
                await Task.Delay(pause, time, cancellationToken);
            }
        }
    }
}
