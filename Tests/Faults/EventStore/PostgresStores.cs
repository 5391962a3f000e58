using Microsoft.Extensions.Logging.Abstractions;
using Svom.Storage;
using Svom.Support;

namespace Svom.EventStore;

/// <summary>Stores on test databases, and callers that never give up.</summary>
internal static class PostgresStores
{
    private static readonly CancellationToken None = CancellationToken.None;

    public static PostgresEventStore Open(TestDatabase database, IStorageFaults? faults = null) => Open(database.Options(), faults);

    public static PostgresEventStore Open(StorageOptions options, IStorageFaults? faults = null) =>
        new(options, TimeProvider.System, [], NullLogger<PostgresEventStore>.Instance, faults, callersTime: false);

    /// <summary>An append that shows what became of it: one message owed, one entry of one archive.</summary>
    public static Append Append(string stream, long version) => new(Guid.NewGuid(), new(stream), version - 1, new byte[50])
    {
        Owed = [new("burst", $"{stream}.{version}", new byte[1])],
        Archive = [new("faults", $"{stream}.{version}", "o", "k", DateTimeOffset.UnixEpoch, new byte[1])],
    };

    /// <summary>Fills streams, each caller in turn sending an append until it is told that it landed.</summary>
    /// <returns>The appends, and how many answers were uncertain.</returns>
    public static async Task<(Append[] Sent, int Uncertain)> FillAsync(IEventStore store, int streams, int versions, Action<int> landed)
    {
        var (uncertain, done) = (0, 0);
        var sent = await Task.WhenAll(Enumerable.Range(0, streams).Select(stream => Task.Run(async () =>
        {
            var appends = new List<Append>();
            for (var version = 1; version <= versions; version++)
            {
                var append = Append($"s{stream}", version);
                appends.Add(append);
                while (true)
                {
                    try
                    {
                        var result = await store.AppendAsync(append, None);
                        Assert.Equal((AppendOutcome.Landed, (long)version), (result.Outcome, result.Head));
                        break;
                    }
                    catch (AppendUncertainException)
                    {
                        Interlocked.Increment(ref uncertain);
                    }
                }

                landed(Interlocked.Increment(ref done));
            }

            return appends;
        })));
        return ([.. sent.SelectMany(static one => one)], uncertain);
    }

    /// <summary>Each append is there once, with all it owes, and nothing else.</summary>
    public static async Task CheckAsync(IEventStore store, Append[] sent)
    {
        foreach (var stream in sent.GroupBy(static append => append.Stream))
        {
            Assert.Equal(stream.Select(static append => append.Id), (await store.ReadAsync(stream.Key, 0, int.MaxValue, None)).Select(static row => row.AppendId));
        }

        var names = sent.Select(static append => append.Owed[0].Target).Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(names, (await store.OwedAsync(0, StreamId.ShardCount, int.MaxValue, None)).Select(static row => row.Message.Target).Order(StringComparer.Ordinal));
        var archive = await store.ArchiveAsync("faults", 0, int.MaxValue, None);
        Assert.Equal(Enumerable.Range(1, sent.Length).Select(static n => (long)n), archive.Select(static entry => entry.Sequence));
        Assert.Equal(names, archive.Select(static entry => entry.Entry.Id).Order(StringComparer.Ordinal));
    }
}
