using Svom.Workflows;

namespace Svom.Packets;

/// <summary>Does one replay durably: when the silo that does it dies, it is begun again elsewhere; when it cannot be done, that is said.</summary>
[Workflow]
public sealed class ReplayWorkflow
{
    private const int MostAttempts = 5;

    // A paced one may last for months, and outlives as many restarts of its silo.
    private const int MostPacedAttempts = 100;

    private static readonly ActivityOptions Playing = new()
    {
        StartToCloseTimeout = TimeSpan.FromDays(1),
        HeartbeatTimeout = TimeSpan.FromMinutes(5),
        RetryPolicy = new() { MaximumAttempts = MostAttempts },
    };

    private static readonly ActivityOptions PlayingAtPace = Playing with
    {
        StartToCloseTimeout = TimeSpan.FromDays(366),
        RetryPolicy = new() { MaximumAttempts = MostPacedAttempts },
    };

    private static readonly ActivityOptions Keeping = new() { StartToCloseTimeout = TimeSpan.FromSeconds(30) };

    private string? why;

    /// <summary>Why it cannot be done; null while it may.</summary>
    [WorkflowQuery]
    public string? Why => why;

    [WorkflowRun]
    public async Task RunAsync(string id, ReplayRequest request)
    {
        try
        {
            await Workflow.ExecuteActivityAsync((ReplayActivities activities) => activities.PlayAsync(id, request), request.Speed is null ? Playing : PlayingAtPace);
        }
        catch (ActivityFailureException failure) when (!Workflow.IsCanceled(failure))
        {
            why = failure.InnerException?.Message ?? failure.Message;
            var reason = why;
            await Workflow.ExecuteActivityAsync((ReplayActivities activities) => activities.GiveUpAsync(id, reason), Keeping);
        }
    }
}

/// <summary>What a replay's workflow does outside its own code.</summary>
public sealed class ReplayActivities(ReplayRunner runner, IGrainFactory grains)
{
    /// <summary>
    /// Plays and keeps the report. A later attempt begins from the start, for nothing was written that it could repeat; but it waits for nothing that the one
    /// before has waited for.
    /// </summary>
    [Activity]
    public async Task PlayAsync(string id, ReplayRequest request)
    {
        var context = ActivityExecutionContext.Current;
        var keeper = grains.GetGrain<IReplayKeeperGrain>(id);
        if (!await keeper.BegunAsync(context.Info.Attempt, context.CancellationToken))
        {
            return; // Cancelled before it began.
        }

        var reached = context.HeartbeatDetailAt<long>(0);
        var outcome = await runner.RunAsync(request, new Steps(context, keeper, reached), context.CancellationToken, reached);
        await keeper.EndAsync(outcome.Accepted ? outcome.Value : null, outcome.Refusal?.Detail, context.CancellationToken);
    }

    /// <summary>Says that it cannot be done.</summary>
    [Activity]
    public Task GiveUpAsync(string id, string why) => grains.GetGrain<IReplayKeeperGrain>(id).EndAsync(null, why, ActivityExecutionContext.Current.CancellationToken);

    /// <summary>A sign of life at every page and within every wait, and the progress to whoever asks.</summary>
    /// <param name="reached">Where the attempt before was: one that dies on the way there has lost nothing of it.</param>
    private sealed class Steps(ActivityExecutionContext context, IReplayKeeperGrain keeper, long reached) : IProgress<ReplayProgress>
    {
        public void Report(ReplayProgress value)
        {
            context.Heartbeat([Math.Max(value.Position, reached), value.Head]);
            keeper.ProgressAsync(value).Ignore();
        }
    }
}
