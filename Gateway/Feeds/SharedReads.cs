using System.Collections.Immutable;

namespace Svom.Feeds;

/// <summary>All things of a kind as they stood.</summary>
/// <param name="AsOf">Before the read began: what could be read then is in it.</param>
internal sealed record Standing<T>(DateTimeOffset AsOf, ImmutableArray<T> Items);

/// <summary>
/// Lets all watches of one thing share one read a second: a thousand of them cost the platform what one does. Keeps no more than was asked for within that second.
/// </summary>
internal sealed class SharedReads<T>(TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1);

    private readonly Lock reading = new();
    private readonly Dictionary<string, (DateTimeOffset Begun, Task<Standing<T>> Read)> reads = new(StringComparer.Ordinal);

    /// <param name="read">Is not cancelled with one of its readers, because others may wait for it, too.</param>
    public Task<Standing<T>> ReadAsync(string key, Func<Task<ImmutableArray<T>>> read, CancellationToken cancellationToken)
    {
        lock (reading)
        {
            var now = time.GetUtcNow();
            if (!reads.TryGetValue(key, out var last) || Old(now, last))
            {
                foreach (var (old, _) in reads.Where(one => Old(now, one.Value)).ToArray())
                {
                    reads.Remove(old);
                }

                reads[key] = last = (now, Task.Run(async () => new Standing<T>(now, await read()), CancellationToken.None));
            }

            return last.Read.WaitAsync(cancellationToken);
        }
    }

    // One that is under way is waited for, however long it takes: a slow store is not asked twice.
    private static bool Old(DateTimeOffset now, (DateTimeOffset Begun, Task<Standing<T>> Read) one) =>
        one.Read.IsCompleted && (!one.Read.IsCompletedSuccessfully || now - one.Begun >= Fresh || now < one.Begun);
}
