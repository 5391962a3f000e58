using System.Collections.Immutable;

namespace Svom.Workflows;

/// <summary>What an attempt of an activity knows of itself.</summary>
/// <param name="ActivityId">Unique among the run's open activities; of a local one its sequence.</param>
/// <param name="Attempt">1, 2, 3, …</param>
/// <param name="ScheduledTime">When the activity was asked for, UTC.</param>
/// <param name="StartedTime">When this attempt began, UTC.</param>
/// <param name="HeartbeatDetails">What the attempt before told of its progress last.</param>
/// <param name="TaskToken">By which it can be completed from elsewhere; empty for a local one.</param>
/// <param name="IsLocal">True: run beside the workflow's code, without events of its own.</param>
public sealed record ActivityInfo(
    string Namespace, WorkflowRunKey Workflow, string WorkflowType, string TaskQueue, string ActivityId, string ActivityType, int Attempt,
    DateTimeOffset ScheduledTime, DateTimeOffset StartedTime, ActivityTimeouts Timeouts, RetryPolicy? RetryPolicy,
    ImmutableArray<Payload> HeartbeatDetails, ReadOnlyMemory<byte> TaskToken, bool IsLocal);

/// <summary>The attempt that runs: an activity's code finds it as <see cref="Current"/>.</summary>
/// <param name="heartbeat">Takes the details of each sign of life; must not block.</param>
/// <param name="cancellationToken">Stops when the activity should.</param>
public sealed class ActivityExecutionContext(
    ActivityInfo info, IPayloadConverter converter, Action<ImmutableArray<Payload>> heartbeat, CancellationToken cancellationToken)
{
    private static readonly AsyncLocal<ActivityExecutionContext?> Ambient = new();

    /// <exception cref="InvalidOperationException">No activity runs here.</exception>
    public static ActivityExecutionContext Current => Ambient.Value ?? throw new InvalidOperationException("No activity runs here.");

    public static bool HasCurrent => Ambient.Value is not null;

    public ActivityInfo Info { get; } = info;

    public IPayloadConverter PayloadConverter { get; } = converter;

    /// <summary>Stops when the workflow asks, when a time runs out, or when the silo goes down.</summary>
    public CancellationToken CancellationToken { get; } = cancellationToken;

    /// <summary>The same for all attempts of this activity, and for no other: receivers drop repeats by it.</summary>
    public string IdempotencyKey => Info.IsLocal ? $"{Info.Workflow.RunId}/local/{Info.ActivityId}" : $"{Info.Workflow.RunId}/{Info.ActivityId}";

    /// <summary>Gives a sign of life. The next attempt finds the details.</summary>
    public void Heartbeat(params IReadOnlyList<object?> details) => heartbeat(PayloadConverter.ToPayloads(details));

    /// <summary>Value that the attempt before gave with its last sign of life.</summary>
    /// <returns>The type's default when there is none.</returns>
    public T HeartbeatDetailAt<T>(int index) => index < Info.HeartbeatDetails.Length ? PayloadConverter.ToValue<T>(Info.HeartbeatDetails[index]) : default!;

    /// <summary>Makes this context <see cref="Current"/> for the work and all that it awaits.</summary>
    public async Task<T> RunAsync<T>(Func<Task<T>> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        Ambient.Value = this; // Seen by the callees only: an async method leaves its caller's values alone.
        return await work();
    }
}

/// <summary>Thrown out of an activity, it leaves the attempt open: somebody else completes it by its token or its id.</summary>
public sealed class CompleteAsyncException() : Exception("The activity is completed from elsewhere.");
