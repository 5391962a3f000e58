using Svom.Workflows;

namespace Svom.Packets;

/// <summary>Does one replay durably: when the silo that does it dies, it is begun again elsewhere; when it cannot be done, that is said.</summary>
[Workflow]
public sealed class ReplayWorkflow
{
    private const int MostAttempts = 5;

    private static readonly ActivityOptions Playing = new()
    {
        StartToCloseTimeout = TimeSpan.FromDays(1),
        HeartbeatTimeout = TimeSpan.FromMinutes(5),
        RetryPolicy = new() { MaximumAttempts = MostAttempts },
    };

    private static readonly ActivityOptions Keeping = new() { StartToCloseTimeout = TimeSpan.FromSeconds(30) };

    [WorkflowRun]
    public async Task RunAsync(string id, ReplayRequest request)
    {
        try
        {
            await Workflow.ExecuteActivityAsync((ReplayActivities activities) => activities.PlayAsync(id, request), Playing);
        }
        catch (ActivityFailureException failure)
        {
            var why = failure.InnerException?.Message ?? failure.Message;
            await Workflow.ExecuteActivityAsync((ReplayActivities activities) => activities.GiveUpAsync(id, why), Keeping);
        }
    }
}

/// <summary>What a replay's workflow does outside its own code.</summary>
public sealed class ReplayActivities(ReplayRunner runner, IGrainFactory grains)
{
    /// <summary>Plays and keeps the report. A later attempt begins from the start: nothing was written that it could repeat.</summary>
    [Activity]
    public async Task PlayAsync(string id, ReplayRequest request)
    {
        var context = ActivityExecutionContext.Current;
        var keeper = grains.GetGrain<IReplayKeeperGrain>(id);
        await keeper.BegunAsync(context.Info.Attempt, context.CancellationToken);
        var outcome = await runner.RunAsync(request, new Steps(context, keeper), context.CancellationToken);
        await keeper.EndAsync(outcome.Accepted ? outcome.Value : null, outcome.Refusal?.Detail, context.CancellationToken);
    }

    /// <summary>Says that it cannot be done.</summary>
    [Activity]
    public Task GiveUpAsync(string id, string why) => grains.GetGrain<IReplayKeeperGrain>(id).EndAsync(null, why, ActivityExecutionContext.Current.CancellationToken);

    /// <summary>A sign of life at every page, and the progress to whoever asks.</summary>
    private sealed class Steps(ActivityExecutionContext context, IReplayKeeperGrain keeper) : IProgress<ReplayProgress>
    {
        public void Report(ReplayProgress value)
        {
            context.Heartbeat([value.Position, value.Head]);
            keeper.ProgressAsync(value).Ignore();
        }
    }
}
