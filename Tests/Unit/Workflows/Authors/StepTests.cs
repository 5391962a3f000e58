using System.Collections.Immutable;

namespace Svom.Workflows;

public sealed class StepTests
{
    public sealed class Makes
    {
        [Activity]
        public static Task<string> MapAsync(string burst, int order) => Task.FromResult($"{burst}/{order}");

        [Activity("describe")]
        public string Describe(string map) => map;

        [Activity]
        public Task ForgetAsync() => Task.CompletedTask;
    }

    private static readonly ActivityOptions Minute = new() { StartToCloseTimeout = TimeSpan.FromMinutes(1) };

    [Workflow]
    public sealed class Chain
    {
        private string stage = "none";

        [WorkflowQuery]
        public string Stage => stage;

        [WorkflowSignal]
        public Task MoveAsync(string to)
        {
            stage = to;
            return Task.CompletedTask;
        }

        [WorkflowRun]
        public async Task<string> RunAsync(string burst)
        {
            var map = await Workflow.ExecuteActivityAsync(() => Makes.MapAsync(burst, 3), Minute);
            stage = "mapped";
            await Workflow.DelayAsync(TimeSpan.FromMinutes(5));
            stage = "waited";
            await Workflow.WaitConditionAsync(() => stage == "go");
            var text = await Workflow.ExecuteLocalActivityAsync((Makes makes) => makes.Describe(map), new LocalActivityOptions());
            if (text == "bad")
            {
                throw new ApplicationFailureException("The map is bad.", "BadMap");
            }

            return text;
        }
    }

    [Fact]
    public void A_chain_of_steps_runs_to_its_result()
    {
        using var server = new FakeServer(typeof(Chain), "b1");
        server.Task();
        var map = Assert.IsType<ScheduleActivityTask>(Assert.Single(server.Commands));
        Assert.Equal(("Map", "1", "b1"), (map.ActivityType, map.ActivityId, FakeServer.Value<string>(map.Input)));
        server.Complete("1", "the map");
        server.Task();
        Assert.Equal(TimeSpan.FromMinutes(5), Assert.IsType<StartTimer>(Assert.Single(server.Commands)).StartToFire);
        Assert.Equal("mapped", server.Ask<string>("Stage"));
        server.Fire("1");
        server.Task();
        Assert.Empty(server.Commands);
        server.Signal("Move", "go");
        Assert.True(server.Task().Waits);
        server.EndLocal(1, "fine");
        Assert.Equal("fine", server.Result<string>());
    }

    [Fact]
    public void A_failure_thrown_on_purpose_fails_the_run()
    {
        using var server = new FakeServer(typeof(Chain), "b1");
        server.Task();
        server.Complete("1", "the map");
        server.Task();
        server.Signal("Move", "early");
        server.Fire("1");
        server.Task();
        server.Signal("Move", "go");
        server.Task();
        server.EndLocal(1, "bad");
        Assert.Equal(("The map is bad.", "BadMap"), (server.FailedWith<ApplicationFailure>().Message, server.FailedWith<ApplicationFailure>().Type));
    }
}
