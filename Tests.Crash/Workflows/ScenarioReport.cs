using System.Text.Json;
using System.Text.Json.Serialization;
using Svom.Workflows;

namespace Svom.Crash;

/// <summary>What came of a scenario.</summary>
/// <param name="Histories">A line each run: its id below the scenario's, and its events.</param>
/// <param name="Faults">What no history may show.</param>
/// <param name="Effects">Of each idempotency key, named by workflow and activity: how often its code ran.</param>
internal sealed record ScenarioReport(string Name, string Outcome, string[] Histories, string[] Faults, string[] Effects)
{
    public static async Task<ScenarioReport> OfAsync(Scenario scenario, Stage stage, string outcome, bool attempts)
    {
        var (lines, faults) = (new List<string>(), new List<string>());
        foreach (var (id, first) in stage.Watched.OrderBy(static pair => pair.Key, StringComparer.Ordinal).SelectMany(static pair => pair.Value.Select(run => (pair.Key, run))))
        {
            var runs = new HashSet<string>(StringComparer.Ordinal);
            for (var run = first; ;)
            {
                var events = await stage.Client.GetWorkflowHandle(id, run).FetchHistoryAsync();
                var texts = scenario.Loose ? [] : HistoryText.Of(events, attempts);
                lines.Add($"{id[scenario.Name.Length..]}: {string.Join(' ', scenario.Unordered ? texts.Where(static text => !text.StartsWith("OtherCancelRequested", StringComparison.Ordinal)).Select(WithoutTimer).Order(StringComparer.Ordinal) : texts)}");
                faults.AddRange(HistoryCheck.Faults(events).Select(fault => $"{id}: {fault}"));
                var next = WorkflowCalls.ToEnd("", RunStatus.Running, events[^1].Attributes).NextRunId;
                if (next is null || !runs.Add(next))
                {
                    break;
                }

                run = next;
            }
        }

        return new(scenario.Name, outcome, [.. lines], [.. faults], []);
    }

    // The answer to a request to cancel may come too late to be written.
    // Timers are numbered in the order of asking, which in parallel work is a matter of the moment.
    private static string WithoutTimer(string text) => text.StartsWith("Timer", StringComparison.Ordinal) ? text[..text.IndexOf('(', StringComparison.Ordinal)] : text;

    /// <summary>Effects of a scenario, by key: the names are the same in every run of it, the keys are not.</summary>
    public static string[] EffectsOf(string scenario, IEnumerable<Effect> effects) =>
        [.. effects.Where(effect => effect.WorkflowId == scenario || effect.WorkflowId.StartsWith(scenario + "/", StringComparison.Ordinal))
            .GroupBy(static effect => (effect.WorkflowId, effect.Activity, effect.Key))
            .Select(group => $"{group.Key.WorkflowId[scenario.Length..]}:{(group.Key.Key.Contains("/local/", StringComparison.Ordinal) ? ScenarioBook.LocalSign : "")}{group.Key.Activity}*{group.Count()}").Order(StringComparer.Ordinal)];

    public static void Write(string path, ScenarioReport[] reports) => File.WriteAllText(path, JsonSerializer.Serialize(reports, ReportJson.Default.ScenarioReportArray));

    public static ScenarioReport[] Read(string path) => JsonSerializer.Deserialize(File.ReadAllText(path), ReportJson.Default.ScenarioReportArray)!;
}

[JsonSourceGenerationOptions(WriteIndented = true)]
[JsonSerializable(typeof(ScenarioReport[]))]
internal sealed partial class ReportJson : JsonSerializerContext;
