using System.Text.Json;
using Svom.Crash;
using Svom.Support;

namespace Svom.Workflows;

/// <summary>
/// Histories of earlier days. They were written once and are never written anew: an engine that does not replay them breaks runs that are
/// open where it is deployed. New ones are added beside them, see docs/internals/workflow-proof.md.
/// </summary>
public sealed class RecordedHistoryTests
{
    private static string Folder => Path.Combine(SolutionFolder.Path, "Tests", "Contracts", "Workflows", "Recorded");

    public static TheoryData<string> Names() => [.. Directory.GetFiles(Folder, "*.json").Select(static file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_recorded_history_is_replayed_for_ever(string name)
    {
        var events = Read(name);
        Assert.Empty(HistoryCheck.Faults([.. events]));
        using var run = Instance(name, events);
        var turn = run.Begin(new(events, events[^1].Time, events.Length + 1, 0, false, [], []));
        Assert.Null(turn.Failed);
        Assert.Equal(events.Length + 1, run.NextEventId);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_history_of_another_program_is_found_out(string name)
    {
        // The same events under a program that does nothing: it must not pass for theirs.
        var events = Read(name);
        var started = (WorkflowExecutionStarted)events[0].Attributes;
        events[0] = events[0] with { Attributes = started with { Input = [JsonPayloadConverter.Default.ToPayload(Do.Activity("another"))] } };
        using var run = Instance(name, events);
        var turn = run.Begin(new(events, events[^1].Time, events.Length + 1, 0, false, [], []));
        Assert.Equal(WorkflowTaskFailedCause.NonDeterministicError, turn.Failed?.Cause);
    }

    private static HistoryEvent[] Read(string name) => JsonSerializer.Deserialize(File.ReadAllText(Path.Combine(Folder, $"{name}.json")), WorkflowJson.Default.HistoryEventArray)!;

    private static WorkflowInstance Instance(string name, HistoryEvent[] events)
    {
        var started = (WorkflowExecutionStarted)events[0].Attributes;
        return WorkflowInstance.Create(
            WorkflowDefinition.Create<Kitchen>(), new(WorkflowAddress.DefaultNamespace, new(name, started.OriginalRunId), started.TaskQueue), JsonPayloadConverter.Default);
    }
}
