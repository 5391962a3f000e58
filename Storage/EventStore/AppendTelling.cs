using Microsoft.Extensions.Logging;

namespace Svom.EventStore;

/// <summary>Tells observers of appends that landed; what they throw is logged and dropped.</summary>
internal sealed partial class AppendTelling
{
    private readonly IAppendObserver[] _observers;
    private readonly ILogger _logger;

    public AppendTelling(IEnumerable<IAppendObserver> observers, ILogger logger)
    {
        (_observers, _logger) = ([.. observers], logger);
        Tell = _observers.Length == 0 ? null : TellAll;
    }

    /// <summary>Null when nobody listens.</summary>
    public Action<LandedAppend>? Tell { get; }

    private void TellAll(LandedAppend landed)
    {
        foreach (var observer in _observers)
        {
            try
            {
                observer.Landed(landed);
            }
            catch (Exception failure)
            {
                LogObserver(failure, landed.Append.Stream);
            }
        }
    }

    [LoggerMessage(1101, LogLevel.Error, "An observer failed on an append to {Stream}; the scan of shards will find what it missed")]
    private partial void LogObserver(Exception failure, StreamId stream);
}
