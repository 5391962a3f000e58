using Microsoft.Extensions.DependencyInjection;
using Svom.Support;
using Svom.Workflows;

namespace Svom.Cluster.Workflows;

/// <summary>A question whose answer has to be read while the store does not answer.</summary>
public sealed class QueryOutageTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_query_that_cannot_be_read_fails_alone_and_the_signal_that_came_with_it_counts_once()
    {
        using var arrivals = new Arrivals<WorkflowGrain>();
        await using var silo = await SiloHost.StartAsync(folder.Path, with: services =>
        {
            services.AddWorkflow<Stubborn>();
            services.AddSingleton<IIncomingGrainCallFilter>(arrivals);
            services.HoldEventStore();
        });
        var store = silo.Services.GetRequiredService<HeldEventStore>();
        var run = await silo.Services.GetRequiredService<WorkflowClient>().StartWorkflowAsync(
            (Stubborn workflow) => workflow.RunAsync(), new("stubborn"), TestContext.Current.CancellationToken);
        await run.SignalAsync(workflow => workflow.HearAsync("first")); // Its task fails with the same turn: the code is cold from here on, and a query reads.

        store.HoldNextAppend();
        var ahead = run.SignalAsync(workflow => workflow.HearAsync("ahead"));
        await store.Held;
        arrivals.Expect(2);
        var beside = run.SignalAsync(workflow => workflow.HearAsync("beside"));
        var asked = run.QueryAsync(workflow => workflow.Heard);
        await arrivals.AllAsync();
        store.FailReadAfter(appends: 2); // The one ahead, and the turn that the signal shares with the query.
        store.Release();
        await Task.WhenAll(ahead, beside);

        var failure = await Assert.ThrowsAnyAsync<Exception>(() => asked);
        Assert.Contains("The disk does not answer", failure.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, await run.QueryAsync(workflow => workflow.Heard)); // As its last completed task left it.
        var history = await run.FetchHistoryAsync(TestContext.Current.CancellationToken);
        Assert.Equal(3, history.Count(static written => written.Attributes is WorkflowExecutionSignaled));
    }

    /// <summary>Its task fails with the first signal, whatever is tried.</summary>
    [Workflow]
    internal sealed class Stubborn
    {
        [WorkflowQuery]
        public int Heard { get; private set; }

        [WorkflowRun]
        public async Task RunAsync()
        {
            await Workflow.WaitConditionAsync(() => Heard > 0);
            throw new InvalidOperationException("It cannot go on.");
        }

        [WorkflowSignal]
        public Task HearAsync(string what)
        {
            Heard += what.Length > 0 ? 1 : 0;
            return Task.CompletedTask;
        }
    }
}
