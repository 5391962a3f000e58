using System.Collections.Immutable;
using Svom.Bursts;
using Svom.Workflows;
using static Svom.Support.InventedBursts;

namespace Svom.Unit.Bursts;

/// <summary>The workflow's own code, run by hand: what it asks for, and when it ends.</summary>
public sealed class BurstFollowThroughTests
{
    [Fact]
    public void Each_news_becomes_one_kept_summary_and_the_retraction_ends_it()
    {
        var story = new ToldBurst();
        using var server = new FakeServer(typeof(BurstFollowThrough), story.Hear(Grm()));
        server.Task();
        Assert.Equal(1, Kept(server).Number);
        server.Complete("1");
        server.Task();
        Assert.Empty(server.Commands);

        story.Hear(Alert(slew: true));
        server.Signal("Tell", story.News);
        server.Task();
        Assert.Equal((2, FollowPhase.AwaitingValidation), (Kept(server).Number, Kept(server).Phase));
        Assert.Equal(FollowPhase.AwaitingValidation, server.Ask<FollowPhase>("Phase"));
        Assert.Equal([FollowStep.Validation, FollowStep.Slew], server.Ask<ImmutableArray<FollowedStep>>("Awaited").Select(static step => step.Step));
        server.Complete("2");
        server.Task();

        story.Act(Act(BurstActKind.Retract), At(100));
        server.Signal("Tell", story.News);
        server.Task();
        Assert.Equal((3, FollowPhase.Retracted), (Kept(server).Number, Kept(server).Phase));
        server.Complete("3");
        server.Task();
        Assert.Equal((3, FollowPhase.Retracted, "as seen on the screen"), (server.Result<FollowThroughSummary>().Number, server.Result<FollowThroughSummary>().Phase, server.Result<FollowThroughSummary>().Ended));
    }

    [Fact]
    public void News_that_come_while_a_summary_is_kept_are_taken_together_in_the_next()
    {
        var story = new ToldBurst();
        using var server = new FakeServer(typeof(BurstFollowThrough), story.Hear(Alert(slew: true)));
        server.Task();
        story.Act(Act(BurstActKind.Validate), At(60));
        server.Signal("Tell", story.News);
        story.Hear(Answer(true));
        server.Signal("Tell", story.News);
        server.Task();
        Assert.Empty(server.Commands);
        server.Complete("1");
        server.Task();
        Assert.Equal((2, FollowPhase.AwaitingPosition, 3L), (Kept(server).Number, Kept(server).Phase, Kept(server).Version));
    }

    [Fact]
    public void News_that_say_nothing_new_are_no_step()
    {
        var story = new ToldBurst();
        using var server = new FakeServer(typeof(BurstFollowThrough), story.Hear(Alert()));
        server.Task();
        server.Complete("1");
        server.Task();
        server.Signal("Tell", story.News);
        server.Task();
        Assert.Empty(server.Commands);
    }

    [Fact]
    public void A_long_history_goes_on_as_new_with_the_summary_so_far()
    {
        var story = new ToldBurst();
        using var server = new FakeServer(typeof(BurstFollowThrough), story.Hear(Alert()));
        server.Task();
        server.Complete("1");
        server.Task();
        for (var n = 2; server.Last is not WorkflowExecutionContinuedAsNew; n++)
        {
            story.Act(Act(BurstActKind.Acknowledge), At(20 + n));
            server.Signal("Tell", story.News);
            server.Task();
            server.Complete($"{n}");
            server.Task();
            Assert.True(n < 100, "It never goes on as new.");
        }

        var carried = FakeServer.Value<FollowThroughSummary>(((WorkflowExecutionContinuedAsNew)server.Last).Input);
        using var next = new FakeServer(typeof(BurstFollowThrough), carried);
        next.Task();
        Assert.Empty(next.Commands);
        Assert.Equal(carried.Number, next.Ask<FollowThroughSummary>("Summary").Number);
    }

    private static FollowThroughSummary Kept(FakeServer server) =>
        FakeServer.Value<FollowThroughSummary>(Assert.IsType<ScheduleActivityTask>(Assert.Single(server.Commands)).Input);
}
