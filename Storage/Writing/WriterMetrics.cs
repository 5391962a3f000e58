using System.Diagnostics.Metrics;
using Svom.Monitoring;

namespace Svom.Storage;

/// <summary>Figures of one store's writer, meter <c>Svom.Storage</c>.</summary>
internal sealed class WriterMetrics
{
    public const string MeterName = "Svom.Storage";

    // Group commits: from one to the most that a commit takes.
    private static readonly InstrumentAdvice<int> Works = new() { HistogramBucketBoundaries = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000] };

    private readonly Histogram<double> commits;
    private readonly Histogram<int> works;
    private readonly Counter<long> refused;
    private readonly KeyValuePair<string, object?> store;

    public WriterMetrics(IMeterFactory meters, string store, Func<int> waiting)
    {
        this.store = new("store", store);
        var meter = meters.Create(MeterName);
        commits = meter.CreateDurations("svom.store.commit", "Time of a commit, with all that waits in it for the disk or the server.");
        works = meter.CreateHistogram("svom.store.commit.works", "{append}", "Appends that share a commit.", tags: null, Works);
        refused = meter.CreateCounter<long>("svom.store.refused", "{append}", "Appends refused because their queue was full.");
        meter.CreateObservableGauge<int>("svom.store.waiting", () => new Measurement<int>(waiting(), this.store), "{append}", "Appends that wait for the writer.");
        refused.Add(0, this.store);
    }

    public void Committed(int batch, TimeSpan took, bool durable)
    {
        commits.Record(took.TotalSeconds, store, new("outcome", durable ? "durable" : "failed"));
        works.Record(batch, store);
    }

    public void Refused() => refused.Add(1, store);
}
