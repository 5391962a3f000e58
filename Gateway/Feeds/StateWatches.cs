using Grpc.Core;

namespace Svom.Feeds;

/// <summary>Things that have no feed of changes, only a present state.</summary>
/// <param name="Read">All of them.</param>
/// <param name="Id">Which one it is.</param>
/// <param name="Stands">True when a new reader is told of it though nothing happens to it.</param>
/// <param name="Same">True when the second tells nothing that the first, which was told, did not.</param>
internal sealed record StateFeed<T>(Func<CancellationToken, Task<Standing<T>>> Read, Func<T, string> Id, Func<T, bool> Stands, Func<T, T, bool> Same);

/// <summary>
/// Watches of states: all as they stand, then each that changed. Nothing in the platform tells when a station or an alarm changes, so that each second they are read and
/// held against what this reader knows; it cannot miss the last state of anything, and may miss one that lasted less than a second.
/// </summary>
internal sealed class StateWatches(Watches watches, TimeProvider time)
{
    private const int QuietReads = 15;
    private static readonly TimeSpan Each = TimeSpan.FromSeconds(1);

    /// <param name="wanted">What this reader asked for.</param>
    /// <param name="upToDate">Says as of when all was told.</param>
    public Task RunAsync<T, TEvent>(
        ServerCallContext call, IServerStreamWriter<TEvent> stream, StateFeed<T> feed, Func<T, bool> wanted, Func<T, TEvent> tell, Func<DateTimeOffset, TEvent> upToDate) =>
        watches.HoldAsync(call, async end =>
        {
            var known = new Dictionary<string, T>(StringComparer.Ordinal);
            var quiet = QuietReads; // The first read is followed by a word in any case.
            for (var first = true; ; first = false)
            {
                var (asOf, items) = await feed.Read(end);
                quiet++;
                foreach (var item in items.Where(wanted))
                {
                    var id = feed.Id(item);
                    if (known.TryGetValue(id, out var before) ? feed.Same(before, item) : first && !feed.Stands(item))
                    {
                        known.TryAdd(id, item); // The one that was told stays: many small steps add up to a change.
                        continue;
                    }

                    known[id] = item;
                    await stream.WriteAsync(tell(item), end); // A slow reader holds its own watch back, nobody else's.
                    quiet = first ? quiet : 0;
                }

                if (quiet >= QuietReads)
                {
                    quiet = 0;
                    await stream.WriteAsync(upToDate(asOf), end);
                }

                await Task.Delay(Each, time, end);
            }
        });
}
