using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using Svom.Hosting;

namespace Svom.Feeds;

/// <summary>How many follow events at the moment, and what became of those that could not.</summary>
internal sealed partial class EventReaders
{
    private readonly int most;
    private readonly ILogger<EventReaders> logger;
    private readonly Counter<long> cut;
    private int readers;

    public EventReaders(IOptions<GatewayOptions> options, IMeterFactory meters, ILogger<EventReaders> logger)
    {
        (most, this.logger) = (options.Value.MaxEventReaders, logger);
        var meter = meters.Create("Svom.Events");
        meter.CreateObservableGauge("svom.events.readers", () => Volatile.Read(ref readers), "{reader}", "Readers of server-sent events.");
        cut = meter.CreateCounter<long>("svom.events.slow_readers", "{reader}", "Readers cut off because they did not take what they were sent.");
    }

    /// <returns>To be disposed when the reader leaves; null when there is no room.</returns>
    public IDisposable? TryEnter()
    {
        if (Interlocked.Increment(ref readers) <= most)
        {
            return new Room(this);
        }

        Interlocked.Decrement(ref readers);
        return null;
    }

    public void Cut() => cut.Add(1);

    public void Failed(Exception fault) => LogFailed(fault);

    [LoggerMessage(3011, LogLevel.Warning, "Events can't be read on at the moment; their reader is cut off and will come back")]
    private partial void LogFailed(Exception fault);

    private sealed class Room(EventReaders all) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref all.readers);
    }
}
