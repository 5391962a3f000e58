using System.Text.Json;
using CsCheck;

namespace Svom.Workflows;

public sealed class RandomRunTests
{
    [Fact] // Property: whatever happens in whatever order, also what nobody should say. Every step checks the fold.
    public void Every_history_is_whole() => RandomStep.Any.Array[1, 120].Sample(
        steps =>
        {
            var story = new RunStory();
            foreach (var step in steps)
            {
                var before = story.State.Run;
                RandomSteps.Take(story, step);
                if (story.State.Run is { } run)
                {
                    WholeHistory.Agree(run);
                    Assert.True(step.Kind is < 45 or >= 60 || run.Deadlines.First is null || run.Deadlines.First > story.Now || before is null, "What is due was taken.");
                }
            }

            foreach (var (runId, run) in Runs(story))
            {
                WholeHistory.Hold(story.Events(runId), run);
            }
        },
        iter: 600, print: Print);

    [Fact] // Property: what the store gives back is what was decided.
    public void Every_record_reads_back_as_written_and_gives_the_same_state() => RandomStep.Any.Array[1, 60].Sample(
        steps =>
        {
            var story = new RunStory();
            foreach (var step in steps)
            {
                RandomSteps.Take(story, step);
            }

            var written = JsonSerializer.Serialize([.. story.Records], WorkflowJson.Stored.WorkflowRecordArray);
            var read = JsonSerializer.Deserialize(written, WorkflowJson.Stored.WorkflowRecordArray)!;
            Assert.Equal(written, JsonSerializer.Serialize(read, WorkflowJson.Stored.WorkflowRecordArray));
            var folded = read.Aggregate(WorkflowState.Unknown("science", "burst-1"), WorkflowRules.Apply);
            Assert.Equal(RunStory.Rules.Json(story.State), RunStory.Rules.Json(folded));
            var state = JsonSerializer.Deserialize(RunStory.Rules.Json(folded), WorkflowJson.Default.WorkflowState)!;
            Assert.Equal(RunStory.Rules.Json(folded), RunStory.Rules.Json(state));
        },
        iter: 300, print: Print);

    [Fact] // Property: the same inputs, decided again, give the same records.
    public void The_rules_have_no_mood() => RandomStep.Any.Array[1, 60].Sample(
        steps =>
        {
            var (one, other) = (new RunStory(), new RunStory());
            foreach (var step in steps)
            {
                RandomSteps.Take(one, step);
                RandomSteps.Take(other, step);
            }

            Assert.Equal(
                JsonSerializer.Serialize([.. one.Records], WorkflowJson.Default.WorkflowRecordArray), JsonSerializer.Serialize([.. other.Records], WorkflowJson.Default.WorkflowRecordArray));
        },
        iter: 300, print: Print);

    [Fact] // Else the properties above would hold of nothing much.
    public void Random_runs_meet_every_kind_of_event_and_record()
    {
        var random = new Random(42);
        var met = new HashSet<Type>();
        for (var n = 0; n < 150; n++)
        {
            var story = new RunStory();
            for (var step = 0; step < 120; step++)
            {
                RandomSteps.Take(story, new(random.Next(100), random.Next(1_000), random.Next(1_000)));
            }

            met.UnionWith(story.Records.Select(static record => record is EventRecorded recorded ? recorded.Event.Attributes.GetType() : record.GetType()));
        }

        var rare = new[] // Ends of children and answers of others come in many colours; each has a scenario of its own.
        {
            typeof(EventRecorded), typeof(ChildWorkflowExecutionFailed), typeof(ChildWorkflowExecutionCanceled), typeof(ChildWorkflowExecutionTimedOut),
            typeof(ChildWorkflowExecutionTerminated), typeof(Remembered), // The last is written by a snapshot alone.
        };
        var all = typeof(WorkflowRecord).Assembly.GetTypes().Where(static type => !type.IsAbstract && (type.IsSubclassOf(typeof(WorkflowRecord)) || type.IsSubclassOf(typeof(EventAttributes))));
        Assert.Empty(all.Except(met).Except(rare).Select(static type => type.Name));
    }

    private static string Print(RandomStep[] steps)
    {
        var story = new RunStory();
        var told = new List<string>();
        foreach (var step in steps)
        {
            try
            {
                RandomSteps.Take(story, step);
                told.Add($"{step}: {story.Last.Refusal?.Detail} {story.Written}");
            }
            catch (Exception stop)
            {
                told.Add($"{step}: {stop.GetType().Name} {stop.Message}");
                break;
            }
        }

        return string.Join('\n', told);
    }

    // Each run as it stood last.
    private static IEnumerable<(string RunId, RunState Run)> Runs(RunStory story)
    {
        var state = WorkflowState.Unknown("science", "burst-1");
        var runs = new Dictionary<string, RunState>(StringComparer.Ordinal);
        foreach (var record in story.Records)
        {
            state = WorkflowRules.Apply(state, record);
            runs[state.Run!.RunId] = state.Run;
        }

        return runs.Select(static pair => (pair.Key, pair.Value));
    }
}
