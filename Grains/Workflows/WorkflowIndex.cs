using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Svom.EventStore;

namespace Svom.Workflows;

/// <summary>A run as it stands in the index: enough to find its events and to say how it ended.</summary>
/// <param name="Version">Transition of the stream in which it began.</param>
internal sealed record RunRow(string RunId, long Version, string Type, RunStatus Status, DateTimeOffset BeganAt, DateTimeOffset? ClosedAt);

/// <summary>A workflow that was in the hands of a silo.</summary>
/// <param name="Since">When the run began: the oldest are taken up first.</param>
/// <param name="Silo">Incarnation of the silo.</param>
internal sealed record HandRow(WorkflowAddress Address, DateTimeOffset Since, string Silo);

/// <summary>
/// Search rows of workflows: every run, and those that are in the hands of a silo (code, activities, local steps), which somebody has to
/// take up when it dies. Only changes are written: a run costs two of each kind in its life.
/// </summary>
internal static class WorkflowIndex
{
    public const string Runs = "workflow-run";
    private const string InHand = "workflow-in-hand";

    /// <summary>Rows of the runs that begin or close in a turn.</summary>
    /// <param name="before">The state that the turn began with.</param>
    /// <param name="records">What it decided.</param>
    /// <param name="version">Version that the turn gets.</param>
    /// <param name="runVersion">Version in which the run began that was the newest before.</param>
    public static ImmutableArray<IndexChange> RunChanges(WorkflowState before, List<WorkflowRecord> records, long version, long runVersion) =>
        records.Exists(BeginsOrCloses) ? Changes(before, records, version, runVersion) : [];

    private static ImmutableArray<IndexChange> Changes(WorkflowState before, List<WorkflowRecord> records, long version, long runVersion)
    {
        var rows = new List<RunRow>(2);
        var row = before.Run is { } run ? new RunRow(run.RunId, runVersion, run.Started.WorkflowType, run.Status, run.BeganAt, null) : null;
        foreach (var record in records)
        {
            if (record is RunBegan began)
            {
                row = new(began.RunId, version, "", RunStatus.Running, began.At, null);
            }
            else if (row is not null && record is EventRecorded { Event: var written })
            {
                if (written.Attributes is WorkflowExecutionStarted started)
                {
                    rows.Add(row = row with { Type = started.WorkflowType });
                }
                else if (StatusAfter(written.Attributes) is { } status)
                {
                    row = row with { Status = status, ClosedAt = written.Time };
                    rows.RemoveAll(other => other.RunId == row.RunId);
                    rows.Add(row);
                }
            }
        }

        return [.. rows.Select(one => new IndexChange(
            Runs, RunKey(new(before.Namespace, before.WorkflowId), one.RunId), JsonSerializer.SerializeToUtf8Bytes(one, WorkflowIndexJson.Default.RunRow)))];
    }

    /// <summary>The row that says in whose hands a run is.</summary>
    /// <param name="silo">Incarnation; null: in nobody's.</param>
    public static IndexChange HandChange(EventStore.StreamId stream, DateTimeOffset since, string? silo) =>
        new(InHand, HandKey(stream, since), silo is null ? default(ReadOnlyMemory<byte>?) : Encoding.UTF8.GetBytes(silo));

    public static async Task<RunRow?> RunAsync(IEventStore store, WorkflowAddress address, string runId, CancellationToken cancellationToken)
    {
        var key = RunKey(address, runId);
        var rows = await store.IndexAsync(Runs, key, key + '\0', 1, descending: false, cancellationToken);
        return rows.Count > 0 ? JsonSerializer.Deserialize(rows[0].Value.Span, WorkflowIndexJson.Default.RunRow) : null;
    }

    /// <summary>What is in the hands of silos, of shards [from, to).</summary>
    public static async Task<IReadOnlyList<HandRow>> InHandAsync(IEventStore store, int from, int to, int max, CancellationToken cancellationToken)
    {
        var rows = await store.IndexAsync(InHand, ShardKey(from), ShardKey(to), max, descending: false, cancellationToken);
        return [.. rows.Select(static row => new HandRow(
            WorkflowAddress.Parse(row.Stream.Value[(WorkflowStream.Kind.Length + 1)..]),
            new(long.Parse(row.Key.AsSpan(5, 19), CultureInfo.InvariantCulture), TimeSpan.Zero), Encoding.UTF8.GetString(row.Value.Span)))];
    }

    /// <returns>How a run stands after an event; null: the event does not close it.</returns>
    public static RunStatus? StatusAfter(EventAttributes attributes) => attributes switch
    {
        WorkflowExecutionCompleted => RunStatus.Completed,
        WorkflowExecutionFailed => RunStatus.Failed,
        WorkflowExecutionCanceled => RunStatus.Canceled,
        WorkflowExecutionTerminated => RunStatus.Terminated,
        WorkflowExecutionContinuedAsNew => RunStatus.ContinuedAsNew,
        WorkflowExecutionTimedOut => RunStatus.TimedOut,
        _ => null,
    };

    private static bool BeginsOrCloses(WorkflowRecord record) =>
        record is RunBegan || (record is EventRecorded { Event.Attributes: var attributes } && (attributes is WorkflowExecutionStarted || StatusAfter(attributes) is not null));

    // No other row has the key: a workflow id of any characters stands before a run id of a fixed form.
    private static string RunKey(WorkflowAddress address, string runId) => $"{address}/{runId}";

    private static string HandKey(EventStore.StreamId stream, DateTimeOffset since) => string.Create(CultureInfo.InvariantCulture, $"{ShardKey(stream.Shard)}/{since.UtcTicks:D19}");

    private static string ShardKey(int shard) => shard.ToString("D4", CultureInfo.InvariantCulture);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, UseStringEnumConverter = true)]
[JsonSerializable(typeof(RunRow))]
internal sealed partial class WorkflowIndexJson : JsonSerializerContext;
