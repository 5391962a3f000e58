using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Svom.Sqlite;
using Svom.Storage;

namespace Svom.EventStore;

/// <summary>
/// Appends a second and their latency, with head, event, one owed and one due row each, from callers that each wait for their
/// answer; what is owed is settled as a dispatcher would.
/// </summary>
internal static class EventStoreAppends
{
    private const string OnFiles = "SQLite WAL, synchronous=FULL: answered after fsync";
    private const string OnServer = "PostgreSQL, synchronous_commit and fsync as the server has them";
    private static readonly TimeSpan Warm = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Measured = TimeSpan.FromSeconds(3);
    private static readonly byte[] Payload = new byte[200];
    private static readonly byte[] Told = new byte[100];

    /// <summary>Names the database of the comparison; each run leaves its streams there.</summary>
    private const string ServerVariable = "SVOM_POSTGRES";

    public static async Task<IEnumerable<BenchmarkFigure>> RunAsync(CancellationToken cancellationToken)
    {
        var figures = new List<BenchmarkFigure>();
        foreach (var (callers, duties) in Shapes())
        {
            var path = Directory.CreateTempSubdirectory("svom-bench-");
            using var folder = DataFolder.Open(path.FullName);
            await using var store = new SqliteEventStore(folder, Options.Create(new StorageOptions()), TimeProvider.System, [], NullLogger<SqliteEventStore>.Instance);
            figures.AddRange(await MeasureAsync(store, "event-store", OnFiles, callers, duties, cancellationToken));
        }

        return figures;
    }

    /// <summary>The same on the database that the environment names.</summary>
    public static async Task<IEnumerable<BenchmarkFigure>> RunOnPostgresAsync(CancellationToken cancellationToken)
    {
        if (Environment.GetEnvironmentVariable(ServerVariable) is not { Length: > 0 } server)
        {
            await Console.Error.WriteLineAsync($"event-store-postgres is left out: {ServerVariable} names no database, as in Host=...;Database=...;Username=...");
            return [];
        }

        var options = Options.Create(new StorageOptions { Provider = StorageProvider.Postgres, ConnectionString = server });
        var figures = new List<BenchmarkFigure>();
        foreach (var (callers, duties) in Shapes())
        {
            await using var store = new PostgresEventStore(options, TimeProvider.System, [], NullLogger<PostgresEventStore>.Instance);
            figures.AddRange(await MeasureAsync(store, "event-store-postgres", OnServer, callers, duties, cancellationToken));
        }

        return figures;
    }

    private static IEnumerable<(int Callers, bool Duties)> Shapes() =>
        from callers in (int[])[1, 64, 1_024] from duties in (bool[])[false, true] select (callers, duties);

    private static async Task<BenchmarkFigure[]> MeasureAsync(
        IEventStore store, string what, string durability, int callers, bool duties, CancellationToken cancellationToken)
    {
        var run = Guid.NewGuid().ToString("N");
        await AppendAllAsync(store, run + "-warm", callers, duties, Warm, cancellationToken);
        var began = Stopwatch.GetTimestamp();
        var latencies = await AppendAllAsync(store, run, callers, duties, Measured, cancellationToken);
        var seconds = Stopwatch.GetElapsedTime(began).TotalSeconds;
        latencies.Sort();
        var shape = duties ? "head, event, owed, due row, settled" : "head and event row";
        var done = $"{latencies.Count} appends of {Payload.Length} octets in {seconds:F1} s, {callers} callers, one stream each; {shape}";
        var name = $"{what}.{(duties ? "duties" : "plain")}.{callers}";
        return
        [
            new($"{name}.rate", latencies.Count / seconds, "appends/s", done, durability),
            new($"{name}.p50", latencies[latencies.Count / 2], "ms", done, durability),
            new($"{name}.p99", latencies[latencies.Count * 99 / 100], "ms", done, durability),
        ];
    }

    private static async Task<List<double>> AppendAllAsync(
        IEventStore store, string name, int callers, bool duties, TimeSpan length, CancellationToken cancellationToken)
    {
        var end = Stopwatch.GetTimestamp() + (long)(length.TotalSeconds * Stopwatch.Frequency);
        var all = await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(
            async () =>
            {
                var latencies = new List<double>();
                var stream = new StreamId($"{name}/{caller}");
                for (long version = 0; Stopwatch.GetTimestamp() < end; version++)
                {
                    var append = new Append(Guid.NewGuid(), stream, version, Payload);
                    if (duties)
                    {
                        append = append with { Owed = [new("burst", "sb26042105", Told)], Due = [new("deadline", DateTimeOffset.UnixEpoch.AddSeconds(version))] };
                    }

                    var began = Stopwatch.GetTimestamp();
                    if (!(await store.AppendAsync(append, cancellationToken)).Landed)
                    {
                        throw new InvalidOperationException("An append of the only writer was refused.");
                    }

                    latencies.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
                    if (duties)
                    {
                        await store.SettleAsync([new(stream, version + 1, 0, append.Owed[0])], cancellationToken);
                    }
                }

                return latencies;
            },
            cancellationToken)));
        return [.. all.SelectMany(static one => one)];
    }
}
