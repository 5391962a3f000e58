using System.Text.Json;
using Svom.Workflows;

namespace Svom.Crash;

/// <summary>Writes histories of scenarios to files, as the code sees them: whatever becomes of the engine, it must replay them for ever.</summary>
internal static class RecordedHistories
{
    private static readonly string[] Names =
    [
        "activities-in-parallel", "activity-retried", "local-sequence", "local-beside-timer", "timers-in-parallel", "timer-cancelled", "signals-in-order", "update-takes-time",
        "child-failure-caught", "children-in-parallel", "other-signalled-in-order", "chain-side-effects", "code-draws-in-parallel", "code-patched", "code-patch-deprecated",
        "code-memo", "cancel-then-clean", "cancel-parallel-work", "code-fails-after-work", "condition-late",
    ];

    private static readonly JsonSerializerOptions Indented = new(WorkflowJson.Default.Options) { WriteIndented = true };

    public static async Task WriteAsync(KitchenHost host, IReadOnlyList<Scenario> scenarios, string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var scenario in scenarios.Where(static scenario => Names.Contains(scenario.Name)))
        {
            var events = new List<HistoryEvent>();
            foreach (var kept in await host.Client.GetWorkflowHandle(scenario.Name).FetchHistoryAsync())
            {
                events.Add(await host.Payloads.IncomingAsync(kept, CancellationToken.None));
            }

            await File.WriteAllTextAsync(Path.Combine(folder, $"{scenario.Name}.json"), JsonSerializer.Serialize([.. events], (System.Text.Json.Serialization.Metadata.JsonTypeInfo<HistoryEvent[]>)Indented.GetTypeInfo(typeof(HistoryEvent[]))) + "\n");
        }
    }
}
