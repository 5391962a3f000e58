using Microsoft.Extensions.DependencyInjection;
using Svom.Support;
using Svom.Workflows;

namespace Svom.Cluster.Workflows;

/// <summary>An append is durable, and the workflow has not heard of it yet: others may know what it told them.</summary>
public sealed class ReadsBesideAnAppendTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_run_that_is_durable_is_known_to_whoever_asks()
    {
        using var arrivals = new Arrivals<WorkflowGrain>();
        await using var silo = await SiloHost.StartAsync(folder.Path, with: services =>
        {
            services.AddWorkflow<Brief>();
            services.AddSingleton<IIncomingGrainCallFilter>(arrivals);
            services.HoldEventStore();
        });
        var store = silo.Services.GetRequiredService<HeldEventStore>();
        var client = silo.Services.GetRequiredService<WorkflowClient>();
        var brief = client.GetWorkflowHandle("brief");

        store.HoldNextAppend(durable: true);
        var start = client.StartWorkflowAsync((Brief workflow) => workflow.RunAsync(), new("brief"), TestContext.Current.CancellationToken);
        await store.Held;
        arrivals.Expect(3);
        var described = brief.DescribeAsync();
        var history = brief.FetchHistoryAsync(TestContext.Current.CancellationToken);
        var result = brief.GetResultAsync<int>();
        await arrivals.AllAsync();
        store.Release();

        Assert.Equal((await start).RunId, (await described).RunId);
        Assert.IsType<WorkflowExecutionCompleted>((await history)[^1].Attributes);
        Assert.Equal(7, await result);
    }

    [Workflow]
    internal sealed class Brief
    {
        [WorkflowRun]
        public Task<int> RunAsync() => Task.FromResult(7);
    }
}
