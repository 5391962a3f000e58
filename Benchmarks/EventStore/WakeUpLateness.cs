using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Svom.Hosting;

namespace Svom.EventStore;

/// <summary>How late streams are woken: rounds of 64 that fall due within 100 ms, set a moment before by commits of this platform.</summary>
internal static class WakeUpLateness
{
    private const int Streams = 64;
    private const int Rounds = 20;
    private const string Kind = "wake-bench";
    private static readonly TimeSpan Ahead = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Spread = TimeSpan.FromMilliseconds(100);

    public static async Task<IEnumerable<BenchmarkFigure>> RunAsync(CancellationToken cancellationToken)
    {
        var route = new Noting();
        await using var platform = await MeasuredPlatform.StartAsync(cancellationToken, services => services.AddSingleton<IDueRoute>(route));
        var store = platform.Service<IEventStore>();
        await RoundAsync(store, route, 0, cancellationToken);
        route.Lateness.Clear();
        for (var round = 1; round <= Rounds; round++)
        {
            await RoundAsync(store, route, round, cancellationToken);
        }

        var late = route.Lateness.Order().ToArray();
        var done = $"{Rounds} rounds of {Streams} streams due within {Spread.TotalMilliseconds:F0} ms, committed {Ahead.TotalMilliseconds:F0} ms before; earliest {late[0]:F2} ms after its time";
        return
        [
            new("wake-ups.p50", late[late.Length / 2], "ms", done, "SQLite WAL, synchronous=FULL"),
            new("wake-ups.p99", late[late.Length * 99 / 100], "ms", done, "SQLite WAL, synchronous=FULL"),
            new("wake-ups.max", late[^1], "ms", done, "SQLite WAL, synchronous=FULL"),
        ];
    }

    private static async Task RoundAsync(IEventStore store, Noting route, int round, CancellationToken cancellationToken)
    {
        var start = TimeProvider.System.GetUtcNow() + Ahead;
        var due = Enumerable.Range(0, Streams).ToDictionary(n => $"{round}-{n}", n => start + (Spread * n / Streams), StringComparer.Ordinal);
        var woken = route.Expect(due);
        await Task.WhenAll(due.Select(one => store.AppendAsync(
            new(Guid.NewGuid(), new($"{Kind}/{one.Key}"), 0, new byte[200]) { Due = [new("wake", one.Value)] }, cancellationToken)));
        await woken.WaitAsync(TimeSpan.FromSeconds(30), cancellationToken);
        await Task.WhenAll(due.Select(one => store.AppendAsync(
            new(Guid.NewGuid(), new($"{Kind}/{one.Key}"), 1, new byte[200]) { Due = [new("wake", null)] }, cancellationToken)));
    }

    /// <summary>Notes when it is called.</summary>
    private sealed class Noting : IDueRoute
    {
        private IReadOnlyDictionary<string, DateTimeOffset> expected = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        private TaskCompletionSource all = new();
        private int left;

        public string StreamKind => Kind;

        public ConcurrentBag<double> Lateness { get; } = [];

        public Task Expect(IReadOnlyDictionary<string, DateTimeOffset> due)
        {
            (expected, left, all) = (due, due.Count, new(TaskCreationOptions.RunContinuationsAsynchronously));
            return all.Task;
        }

        public Task WakeAsync(string key, string name, CancellationToken cancellationToken)
        {
            var now = TimeProvider.System.GetUtcNow();
            if (expected.TryGetValue(key, out var at))
            {
                Lateness.Add((now - at).TotalMilliseconds);
                if (Interlocked.Decrement(ref left) == 0)
                {
                    all.TrySetResult();
                }
            }

            return Task.CompletedTask;
        }
    }
}
