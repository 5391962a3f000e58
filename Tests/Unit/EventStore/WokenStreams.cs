using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace Svom.EventStore;

/// <summary>A wheel on a clock that a test moves, and what it wakes.</summary>
internal sealed class WokenStreams : IDisposable
{
    public static readonly DateTimeOffset Noon = new(2026, 4, 21, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly Channel<(DueRow Row, DateTimeOffset At)> woken = Channel.CreateUnbounded<(DueRow, DateTimeOffset)>();

    public WokenStreams(TimeProvider? time = null)
    {
        Wheel = new(time ?? Time, WakeAsync, shard => Holds(shard));
    }

    public FakeTimeProvider Time { get; } = new(Noon);

    public DueWheel Wheel { get; }

    public Func<int, bool> Holds { get; set; } = static _ => true;

    /// <summary>What a wake does before it returns.</summary>
    public Func<DueRow, Task> Wake { get; set; } = static _ => Task.CompletedTask;

    /// <summary>So many seconds after noon, to the tick.</summary>
    public static DateTimeOffset At(double seconds) => Noon.AddTicks((long)Math.Round(seconds * TimeSpan.TicksPerSecond));

    public static DueRow Row(string stream, string name, double seconds) => new(new(stream), name, At(seconds));

    /// <summary>A commit that sets a time, or clears it.</summary>
    public void Commit(string stream, string name, double? seconds, double window = 10) =>
        Wheel.TakeUpLanded(new(stream), [new(name, seconds is { } s ? At(s) : null)], Time.GetUtcNow().AddSeconds(window));

    public void Scan(params DueRow[] rows)
    {
        Wheel.BeginScan();
        Wheel.EndScan(rows, whole: true);
    }

    /// <summary>Moves the clock to so many seconds after noon.</summary>
    public void GoTo(double seconds) => Time.SetUtcNow(At(seconds));

    /// <summary>The next so many that were woken, in their order.</summary>
    public async Task<List<(DueRow Row, DateTimeOffset At)>> NextAsync(int count)
    {
        using var patience = new CancellationTokenSource(Patience);
        var all = new List<(DueRow, DateTimeOffset)>();
        while (all.Count < count)
        {
            all.Add(await woken.Reader.ReadAsync(patience.Token));
        }

        _ = Wheel.Waiting; // Its lock: the timer for the next is set before the test moves the clock, or it would be set from where the clock is then.
        return all;
    }

    public async Task<string> NextStreamAsync() => (await NextAsync(1))[0].Row.Stream.Value;

    public void Dispose() => Wheel.Dispose();

    private async Task WakeAsync(DueRow row)
    {
        woken.Writer.TryWrite((row, Time.GetUtcNow()));
        await Wake(row);
    }
}
