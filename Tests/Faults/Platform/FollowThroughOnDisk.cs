using Microsoft.Extensions.Logging.Abstractions;
using Svom.Bursts;
using Svom.EventStore;
using Svom.Sqlite;
using Svom.Storage;
using Svom.Workflows;

namespace Svom.Faults;

/// <summary>The follow-throughs of a platform that was stopped, read as they lie on the disk: one workflow a burst, and each step of its summary once.</summary>
internal static class FollowThroughOnDisk
{
    private const int MostSteps = 1_000;
    private static readonly RecordFormat<SummaryKept> Format = new(SummaryJson.Default.SummaryKeptArray);

    public static async Task<List<string>> FindingsAsync(string folder, IReadOnlyCollection<string> bursts)
    {
        var findings = new List<string>();
        using var data = Sqlite.DataFolder.Open(folder);
        await using var store = new SqliteEventStore(data, new StorageOptions(), TimeProvider.System, [], NullLogger<SqliteEventStore>.Instance, faults: null);
        foreach (var burst in bursts)
        {
            var workflow = new WorkflowAddress(WorkflowAddress.DefaultNamespace, FollowThroughMessages.WorkflowId(burst)).ToString();
            var runs = await store.IndexAsync("workflow-run", $"{workflow}/", $"{workflow}0", MostSteps, descending: false, CancellationToken.None);
            if (runs.Count != 1)
            {
                findings.Add($"{burst} has {runs.Count} follow-throughs");
            }

            var rows = await store.ReadAsync(new($"{BurstSummaryGrain.StreamKind}/{burst}"), 0, MostSteps, CancellationToken.None);
            var numbers = rows.SelectMany(static row => Format.Decode(row.Payload)).Select(static kept => kept.Summary.Number).ToArray();
            if (numbers.Length == 0 || !numbers.SequenceEqual(Enumerable.Range(1, numbers.Length)))
            {
                findings.Add($"{burst}: the steps of its summary are {string.Join(' ', numbers)}");
            }
        }

        return findings;
    }
}
