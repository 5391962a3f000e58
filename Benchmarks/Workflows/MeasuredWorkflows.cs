using Microsoft.Extensions.DependencyInjection;

namespace Svom.Workflows;

/// <summary>The work that is measured: the same that the other engines do.</summary>
internal static class MeasuredWorkflows
{
    public const int Steps = 10;

    public static readonly LocalActivityOptions Local = new() { StartToCloseTimeout = TimeSpan.FromSeconds(30) };
    public static readonly ActivityOptions Ordinary = new() { StartToCloseTimeout = TimeSpan.FromSeconds(30) };

    public static IServiceCollection AddMeasuredWorkflows(this IServiceCollection services) => services
        .AddActivities<MeasuredSteps>()
        .AddWorkflow<LocalSteps>().AddWorkflow<ActivitySteps>().AddWorkflow<BatchedSteps>()
        .AddWorkflow<Signalled>().AddWorkflow<Napping>().AddWorkflow<Sleeping>()
        .AddWorkflow<LongLocalSteps>().AddWorkflow<LongActivitySteps>();
}

/// <summary>One step each.</summary>
internal sealed class MeasuredSteps
{
    [Activity]
    public static int Next(int number) => number + 1;

    /// <summary>Says first that it runs, then takes its time.</summary>
    [Activity]
    public static async Task<int> LongNextAsync(int step, int milliseconds)
    {
        StepRuns.Shared.Say(ActivityExecutionContext.Current.Info.Workflow.WorkflowId, step);
        await Task.Delay(TimeSpan.FromMilliseconds(milliseconds), TimeProvider.System);
        return step + 1;
    }
}

/// <summary>Ten local steps, each durable before the next begins.</summary>
[Workflow]
internal sealed class LocalSteps
{
    private int done;

    [WorkflowRun]
    public async Task<int> RunAsync()
    {
        while (done < MeasuredWorkflows.Steps)
        {
            done = await Workflow.ExecuteLocalActivityAsync(() => MeasuredSteps.Next(done), MeasuredWorkflows.Local);
        }

        return done;
    }
}

/// <summary>Ten activities, one after the other.</summary>
[Workflow]
internal sealed class ActivitySteps
{
    private int done;

    [WorkflowRun]
    public async Task<int> RunAsync()
    {
        while (done < MeasuredWorkflows.Steps)
        {
            done = await Workflow.ExecuteActivityAsync(() => MeasuredSteps.Next(done), MeasuredWorkflows.Ordinary);
        }

        return done;
    }
}

/// <summary>Ten local steps begun together.</summary>
[Workflow]
internal sealed class BatchedSteps
{
    private int done;

    [WorkflowRun]
    public async Task<int> RunAsync()
    {
        var steps = Enumerable.Range(0, MeasuredWorkflows.Steps)
            .Select(step => Workflow.ExecuteLocalActivityAsync(() => MeasuredSteps.Next(step), MeasuredWorkflows.Local));
        foreach (var _ in await Workflow.WhenAllAsync(steps))
        {
            done++;
        }

        return done;
    }
}

/// <summary>Waits for a signal and returns what it said.</summary>
[Workflow]
internal sealed class Signalled
{
    private int heard;

    [WorkflowSignal]
    public Task GoAsync(int number)
    {
        heard = number;
        return Task.CompletedTask;
    }

    [WorkflowRun]
    public async Task<int> RunAsync()
    {
        await Workflow.WaitConditionAsync(() => heard > 0);
        return heard;
    }
}

/// <summary>Sleeps, and returns how late it woke, in ms by the clock of the machine.</summary>
[Workflow]
internal sealed class Napping
{
    private long began;

    [WorkflowRun]
    public async Task<double> RunAsync(int milliseconds)
    {
        began = Workflow.SideEffect(TimeProvider.System.GetTimestamp);
        await Workflow.DelayAsync(milliseconds);
        return Workflow.SideEffect(() => TimeProvider.System.GetElapsedTime(began).TotalMilliseconds - milliseconds);
    }
}

/// <summary>Sleeps.</summary>
[Workflow]
internal sealed class Sleeping
{
    private int naps;

    [WorkflowRun]
    public async Task<int> RunAsync(int milliseconds)
    {
        await Workflow.DelayAsync(milliseconds);
        return ++naps;
    }
}

/// <summary>Ten local steps that take their time and say that they run.</summary>
[Workflow]
internal sealed class LongLocalSteps
{
    private int done;

    [WorkflowRun]
    public async Task<int> RunAsync(int milliseconds)
    {
        while (done < MeasuredWorkflows.Steps)
        {
            done = await Workflow.ExecuteLocalActivityAsync(() => MeasuredSteps.LongNextAsync(done, milliseconds), MeasuredWorkflows.Local);
        }

        return done;
    }
}

/// <summary>The same with activities.</summary>
[Workflow]
internal sealed class LongActivitySteps
{
    private int done;

    [WorkflowRun]
    public async Task<int> RunAsync(int milliseconds)
    {
        while (done < MeasuredWorkflows.Steps)
        {
            done = await Workflow.ExecuteActivityAsync(() => MeasuredSteps.LongNextAsync(done, milliseconds), MeasuredWorkflows.Ordinary);
        }

        return done;
    }
}
