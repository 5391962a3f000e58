using Microsoft.Extensions.DependencyInjection;
using Svom.Support;
using Svom.Workflows;

namespace Svom.Cluster.Workflows;

/// <summary>An append takes so much and no more; a workflow goes on all the same.</summary>
public sealed class LargeTurnTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Signals_that_are_more_than_an_append_takes_together_are_all_taken_once()
    {
        using var arrivals = new Arrivals<WorkflowGrain>();
        await using var silo = await SiloHost.StartAsync(folder.Path, with: services =>
        {
            services.AddWorkflow<Hearer>();
            services.AddSingleton<IIncomingGrainCallFilter>(arrivals);
            services.HoldEventStore();
        });
        var store = silo.Services.GetRequiredService<HeldEventStore>();
        var run = await silo.Services.GetRequiredService<WorkflowClient>().StartWorkflowAsync(
            (Hearer workflow) => workflow.RunAsync(600), new("hearer"), TestContext.Current.CancellationToken);

        store.HoldNextAppend();
        var ahead = run.SignalAsync(workflow => workflow.HearAsync("ahead"));
        await store.Held;
        arrivals.Expect(599);
        var page = new string('x', 45_000); // Below what lies aside: 600 of them are 27 MB.
        Task[] beside = [.. Enumerable.Range(0, 599).Select(_ => run.SignalAsync(workflow => workflow.HearAsync(page)))];
        await arrivals.AllAsync();
        store.Release();

        await Task.WhenAll([ahead, .. beside]);
        Assert.Equal(5 + (599L * page.Length), await run.GetResultAsync());
        var history = await run.FetchHistoryAsync(TestContext.Current.CancellationToken);
        Assert.Equal(600, history.Count(static written => written.Attributes is WorkflowExecutionSignaled));
    }

    [Fact]
    public async Task Code_that_asks_for_more_than_an_append_takes_is_told_so_in_its_history_and_can_be_ended()
    {
        await using var silo = await SiloHost.StartAsync(folder.Path, with: static services => services.AddWorkflow<Greedy>());
        var run = await silo.Services.GetRequiredService<WorkflowClient>().StartWorkflowAsync(
            (Greedy workflow) => workflow.RunAsync(), new("greedy"), TestContext.Current.CancellationToken);

        var history = await run.FetchHistoryAsync(TestContext.Current.CancellationToken);
        var failed = Assert.IsType<WorkflowTaskFailed>(history[^1].Attributes);
        Assert.Equal(WorkflowTaskFailedCause.PayloadsTooLarge, failed.Cause);
        Assert.Contains("has to ask for less at once", failed.Failure!.Message, StringComparison.Ordinal);
        await run.TerminateAsync("It asks for too much.");
        Assert.IsType<WorkflowExecutionTerminated>((await run.FetchHistoryAsync(TestContext.Current.CancellationToken))[^1].Attributes);
    }

    [Workflow]
    internal sealed class Hearer
    {
        private readonly List<string> heard = [];

        [WorkflowRun]
        public async Task<long> RunAsync(int signals)
        {
            await Workflow.WaitConditionAsync(() => heard.Count == signals);
            return heard.Sum(static what => (long)what.Length);
        }

        [WorkflowSignal]
        public Task HearAsync(string what)
        {
            heard.Add(what);
            return Task.CompletedTask;
        }
    }

    [Workflow]
    internal sealed class Greedy
    {
        [WorkflowRun]
        public async Task RunAsync() => await Workflow.WhenAllAsync(Enumerable.Range(0, 400).Select(static n =>
            Workflow.ExecuteActivityAsync($"step {n}", [new string('x', 45_000)], new() { StartToCloseTimeout = TimeSpan.FromMinutes(1) })));
    }
}
