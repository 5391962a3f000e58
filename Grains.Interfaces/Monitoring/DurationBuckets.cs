using System.Diagnostics.Metrics;

namespace Svom.Monitoring;

/// <summary>How durations are measured: in seconds, as Prometheus has them, with buckets where an alert's way is decided.</summary>
public static class DurationBuckets
{
    /// <summary>Unit of every duration.</summary>
    public const string Unit = "s";

    /// <summary>1 ms to 60 s. Without it a histogram gets buckets that were meant for milliseconds: everything would lie in the first.</summary>
    public static readonly InstrumentAdvice<double> Advice = new()
    {
        HistogramBucketBoundaries = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60],
    };

    /// <summary>A histogram of durations.</summary>
    public static Histogram<double> CreateDurations(this Meter meter, string name, string description) =>
        meter.CreateHistogram(name, Unit, description, tags: null, Advice);
}
