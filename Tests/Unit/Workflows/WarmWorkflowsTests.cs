using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace Svom.Workflows;

public sealed class WarmWorkflowsTests : IDisposable
{
    private readonly FakeTimeProvider time = new();
    private readonly WarmWorkflows warm;

    public WarmWorkflowsTests() => warm = new(Options.Create(new WorkflowEngineOptions { Warm = 200, WarmFor = TimeSpan.FromSeconds(5) }), time);

    public void Dispose() => warm.Dispose();

    [Fact]
    public void A_workflow_that_has_ended_leaves_once_enough_others_have_ended()
    {
        var first = Touch(ended: true);
        var others = Enumerable.Range(0, 63).Select(_ => Touch(ended: true)).ToArray();
        Assert.False(first.Asked);

        Touch(ended: true);

        Assert.True(first.Asked);
        Assert.DoesNotContain(others, static other => other.Asked);
    }

    [Fact]
    public void One_that_is_started_again_stays()
    {
        var again = Touch(ended: true);
        warm.Touch(again, ended: false);

        for (var n = 0; n < 100; n++)
        {
            Touch(ended: true);
        }

        Assert.False(again.Asked);
    }

    [Fact]
    public void Of_the_open_ones_the_least_recently_used_leaves_when_there_are_too_many()
    {
        var first = Touch(ended: false);
        var second = Touch(ended: false);
        warm.Touch(first, ended: false);

        for (var n = 0; n < 199; n++)
        {
            Touch(ended: false);
        }

        Assert.Equal((false, true), (first.Asked, second.Asked));
    }

    [Fact]
    public void Whatever_had_no_news_for_a_while_leaves()
    {
        var (open, over) = (Touch(ended: false), Touch(ended: true));

        time.Advance(TimeSpan.FromSeconds(7));

        Assert.Equal((true, true), (open.Asked, over.Asked));
    }

    private FakeWorkflow Touch(bool ended)
    {
        var workflow = new FakeWorkflow();
        warm.Touch(workflow, ended);
        return workflow;
    }

    private sealed class FakeWorkflow : IWarmWorkflow
    {
        public bool Asked { get; private set; }

        public void Leave() => Asked = true;
    }
}
