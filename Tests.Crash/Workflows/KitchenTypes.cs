using Microsoft.Extensions.DependencyInjection;
using Svom.Workflows;

namespace Svom.Crash;

/// <summary>Workflows for what the interpreter cannot show: other shapes of an author's class.</summary>
internal static class KitchenTypes
{
    public static void Add(IServiceCollection services) =>
        services.AddWorkflow<Greeter>().AddWorkflow<Dynamic>().AddWorkflow<Quiet>().AddWorkflow<Chain>().AddWorkflow<BadOptions>().AddActivities<GreeterWork>();
}

/// <summary>Typed all the way; its constructor takes what the run method takes.</summary>
[Workflow]
[method: WorkflowInit]
internal sealed class Greeter(string name, int times)
{
    private int stop;

    [WorkflowQuery]
    public string Name => name;

    [WorkflowQuery]
    public int Wanted() => times;

    [WorkflowRun]
    public async Task<Greeting> RunAsync(string name, int times)
    {
        await Workflow.WaitConditionAsync(() => stop >= times);
        return new(name, await Workflow.ExecuteLocalActivityAsync(() => GreeterWork.Add(stop, times), new() { StartToCloseTimeout = TimeSpan.FromSeconds(30) }));
    }

    [WorkflowSignal]
    public Task StopAsync(int by)
    {
        stop += by;
        return Task.CompletedTask;
    }

    [WorkflowUpdate]
    public async Task<int> RaiseAsync(int by)
    {
        await Workflow.DelayAsync(5);
        return stop += by;
    }

}

internal sealed class GreeterWork
{
    [Activity("greeter-add")]
    public static int Add(int one, int other) => one + other;
}

internal sealed record Greeting(string Name, int Times);

/// <summary>Takes signals of any name.</summary>
[Workflow]
internal sealed class Dynamic
{
    private readonly List<string> names = [];

    [WorkflowRun]
    public async Task<string> RunAsync(int count)
    {
        await Workflow.WaitConditionAsync(() => names.Count >= count);
        return string.Join(',', names);
    }

    [WorkflowSignal(Dynamic = true)]
    public Task AnyAsync(string name, Payload[] input)
    {
        names.Add($"{name}/{input.Length}");
        return Task.CompletedTask;
    }
}

/// <summary>Has no result.</summary>
[Workflow]
internal sealed class Quiet
{
    [WorkflowRun]
    public async Task RunAsync() => await Workflow.DelayAsync(1);
}

/// <summary>Goes on as new without ever waiting.</summary>
[Workflow]
internal sealed class Chain
{
    [WorkflowRun]
    public Task<int> RunAsync(int left, int sum) =>
        left == 0 ? Task.FromResult(sum) : throw Workflow.CreateContinueAsNewException((Chain next) => next.RunAsync(left - 1, sum + left));
}

/// <summary>Asks for an activity without a time that ends it.</summary>
[Workflow]
internal sealed class BadOptions
{
    [WorkflowRun]
    public Task<string> RunAsync() => Workflow.ExecuteActivityAsync<string>("work", [], new());
}
