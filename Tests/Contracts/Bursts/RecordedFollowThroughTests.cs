using System.Text.Json;
using Svom.Bursts;
using Svom.Support;
using Svom.Workflows;

namespace Svom.Contracts.Bursts;

/// <summary>
/// Follow-throughs of the past must replay for ever: an open one of any version goes on under the code of today. Recorded/README.md says
/// how the next history is added.
/// </summary>
public sealed class RecordedFollowThroughTests
{
    public static readonly string Folder = Path.Combine(SolutionFolder.Path, "Tests", "Contracts", "Bursts", "Recorded");

    public static TheoryData<string> Histories => [.. Directory.GetFiles(Folder, "*.json").Select(static file => Path.GetFileName(file))];

    [Theory, MemberData(nameof(Histories))]
    public void A_recorded_history_replays_from_each_of_its_tasks(string name)
    {
        var history = JsonSerializer.Deserialize(File.ReadAllBytes(Path.Combine(Folder, name)), WorkflowJson.Default.HistoryEventArray)!;
        var tasks = Enumerable.Range(0, history.Length).Where(n => history[n].Attributes is WorkflowTaskScheduled).ToArray();
        Assert.NotEmpty(tasks);
        foreach (var until in tasks)
        {
            var turn = FakeServer.Replay(typeof(BurstFollowThrough), history.Take(until));
            Assert.True(turn.Failed is null, $"{name} up to event {until}: {turn.Failed?.Failure.Message}");
        }

        using var instance = WorkflowInstance.Create(
            WorkflowDefinition.Create<BurstFollowThrough>(), new("default", FakeServer.Run, WorkflowOptions.MissionQueue), JsonPayloadConverter.Default);
        instance.Begin(new(history[..tasks[^1]], history[^1].Time, tasks[^1] + 2, 0, SuggestContinueAsNew: false, [], []));
        var ending = Assert.IsType<CompleteWorkflow>(Assert.Single(instance.Finish().Commands));
        Assert.Equal(Text(Assert.IsType<WorkflowExecutionCompleted>(history[^1].Attributes).Result), Text(ending.Result));
    }

    private static string Text(IEnumerable<Payload> payloads) => string.Join('\n', payloads.Select(static payload => System.Text.Encoding.UTF8.GetString(payload.Data.Span)));
}
