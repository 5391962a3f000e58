using System.Collections.Immutable;
using Microsoft.Extensions.DependencyInjection;

namespace Svom.Workflows;

/// <summary>Runs an author's activities outside the turns of grains, each attempt with objects of its own.</summary>
internal sealed class ActivityRunner(WorkflowRegistry registry, PayloadPipeline payloads, IPayloadConverter converter, ActivityPool pool, IServiceScopeFactory scopes, TimeProvider time)
{
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(49); // A timer takes 32 bits of milliseconds.

    /// <summary>Runs one attempt of an activity.</summary>
    /// <param name="beat">Takes its signs of life; called from any thread.</param>
    /// <param name="stop">The activity should stop.</param>
    /// <returns>How it ended, or that somebody else will say so.</returns>
    public async Task<AttemptNews> RunAsync(WorkflowAddress address, RunState run, ActivityState activity, string worker, Action<AttemptBeat> beat, CancellationToken stop)
    {
        var (id, attempt) = (activity.ScheduledEventId, activity.Attempt);
        using var beats = new Heartbeats(activity, worker, time, beat);
        try
        {
            var input = await payloads.IncomingAsync(activity.Scheduled.Input, stop);
            var details = await payloads.IncomingAsync(activity.HeartbeatDetails, stop);
            var context = new ActivityExecutionContext(Info(address, run, activity, details), converter, beats.Take, stop);
            var definition = registry.Activity(activity.Scheduled.ActivityType) ?? throw Unknown(activity.Scheduled.ActivityType);
            var result = await Task.Run(() => CallAsync(definition, context, input), CancellationToken.None);
            return new AttemptSucceeded(id, attempt, worker, await payloads.OutgoingAsync(result, CancellationToken.None));
        }
        catch (CompleteAsyncException)
        {
            return new AttemptHandedOn(id, attempt, worker);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return new AttemptCanceled(id, attempt, worker, []);
        }
        catch (CanceledFailureException cancelled) when (stop.IsCancellationRequested)
        {
            return new AttemptCanceled(id, attempt, worker, await payloads.OutgoingAsync(converter.ToPayloads(cancelled.Details), CancellationToken.None));
        }
        catch (Exception failure)
        {
            var told = await payloads.OutgoingAsync(FailureConverter.ToFailure(failure, converter), CancellationToken.None);
            return new AttemptFailed(id, attempt, worker, told, beats.Unsent is { } last ? await payloads.OutgoingAsync(last, CancellationToken.None) : null);
        }
    }

    /// <summary>Runs a local activity with all its attempts.</summary>
    public async Task<LocalStep> RunLocalAsync(WorkflowAddress address, RunState run, LocalActivityRequest request, CancellationToken stop)
    {
        var began = time.GetUtcNow();
        DateTimeOffset? end = request.ScheduleToClose is { } all && all < DateTimeOffset.MaxValue - began ? began + all : null;
        for (var attempt = 1; ; attempt++)
        {
            var failure = await TryLocalAsync(address, run, request, attempt, began, end, stop);
            if (failure.Step is { } done)
            {
                return done;
            }

            var retry = Retry.After(request.RetryPolicy ?? new RetryPolicy(), attempt, failure.Failure!, time.GetUtcNow(), end, stop.IsCancellationRequested);
            if (retry.State == RetryState.CancelRequested)
            {
                return Stopped(request, attempt);
            }

            if (retry.At is not { } next)
            {
                return new(request.Sequence, request.ActivityType, attempt, null, failure.Failure);
            }

            try
            {
                await Task.Delay(Left(next), time, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return Stopped(request, attempt);
            }
        }
    }

    private static LocalStep Stopped(LocalActivityRequest request, int attempt) =>
        new(request.Sequence, request.ActivityType, attempt, null, new CancelledFailure("The local activity was asked to stop.", []));

    private async Task<(LocalStep? Step, Failure? Failure)> TryLocalAsync(
        WorkflowAddress address, RunState run, LocalActivityRequest request, int attempt, DateTimeOffset began, DateTimeOffset? end, CancellationToken stop)
    {
        // All attempts share one limit, which goes on while one of them waits for a place; that of an attempt begins with it.
        var kind = TimeoutKind.ScheduleToClose;
        using var limit = request.StartToClose is null && end is null ? null : new CancellationTokenSource(end is null ? Timeout.InfiniteTimeSpan : Left(end.Value), time);
        var over = limit?.Token ?? CancellationToken.None;
        using var either = limit is null ? null : CancellationTokenSource.CreateLinkedTokenSource(stop, over);
        try
        {
            var info = new ActivityInfo(
                address.Namespace, new(address.WorkflowId, run.RunId), run.Started.WorkflowType, run.Started.TaskQueue,
                request.Sequence.ToString(System.Globalization.CultureInfo.InvariantCulture), request.ActivityType, attempt, began, time.GetUtcNow(),
                new(request.ScheduleToClose, null, request.StartToClose, null), request.RetryPolicy, [], default, IsLocal: true);
            var context = new ActivityExecutionContext(info, converter, static _ => { }, either?.Token ?? stop);
            var definition = registry.Activity(request.ActivityType) ?? throw Unknown(request.ActivityType);
            Task<ImmutableArray<Payload>> CallWithinLimitAsync()
            {
                over.ThrowIfCancellationRequested(); // It has its place just now, and nobody waits for it any more.
                if (request.StartToClose is { } one && (end is null || one < Left(end.Value)))
                {
                    kind = TimeoutKind.StartToClose;
                    limit!.CancelAfter(ForTimer(one));
                }

                return CallAsync(definition, context, request.Input);
            }

            var body = pool.RunLocalAsync(request.ActivityType, CallWithinLimitAsync, either?.Token ?? stop);
            var result = await (limit is null || body.IsCompleted ? body : InTimeAsync(body, over));
            return (new(request.Sequence, request.ActivityType, attempt, result, null), null);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return (Stopped(request, attempt), null);
        }
        catch (OperationCanceledException) when (limit?.IsCancellationRequested == true)
        {
            return (null, new TimeoutFailure($"The local activity {request.ActivityType} took longer than it may.", kind, []));
        }
        catch (Exception failure)
        {
            return (null, FailureConverter.ToFailure(failure, converter));
        }
    }

    private async Task<ImmutableArray<Payload>> CallAsync(ActivityDefinition definition, ActivityExecutionContext context, ImmutableArray<Payload> input)
    {
        if (definition.Method.IsStatic)
        {
            return await context.RunAsync(() => definition.RunAsync(input, converter));
        }

        await using var scope = scopes.CreateAsyncScope();
        return await context.RunAsync(() => definition.RunAsync(input, converter, type => scope.ServiceProvider.GetRequiredService(type)));
    }

    private ActivityInfo Info(WorkflowAddress address, RunState run, ActivityState activity, ImmutableArray<Payload> details) => new(
        address.Namespace, new(address.WorkflowId, run.RunId), run.Started.WorkflowType, activity.Scheduled.TaskQueue, activity.Scheduled.ActivityId,
        activity.Scheduled.ActivityType, activity.Attempt, activity.ScheduledAt, time.GetUtcNow(), activity.Scheduled.Timeouts, activity.Scheduled.RetryPolicy, details,
        new ActivityToken(address, run.RunId, activity.Scheduled.ActivityId, activity.Attempt).Write(), IsLocal: false);

    private TimeSpan Left(DateTimeOffset until) => ForTimer(until - time.GetUtcNow());

    private static TimeSpan ForTimer(TimeSpan delay) => delay < TimeSpan.Zero ? TimeSpan.Zero : delay > LongestTimer ? LongestTimer : delay;

    /// <summary>A body that does not hear of its time limit is left to itself: it keeps its place, and nobody asks what became of it.</summary>
    private static async Task<T> InTimeAsync<T>(Task<T> body, CancellationToken over)
    {
        try
        {
            return await body.WaitAsync(over);
        }
        finally
        {
            if (!body.IsCompleted)
            {
                _ = body.ContinueWith(static left => left.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            }
        }
    }

    private static ApplicationFailureException Unknown(string type) => new($"This silo knows no activity '{type}'.", "UnknownActivity");
}
