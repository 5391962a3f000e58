namespace Svom.Workflows;

/// <summary>Whether there is a further attempt.</summary>
/// <param name="State"><see cref="RetryState.InProgress"/> when there is.</param>
/// <param name="At">When it begins; null when there is none.</param>
public readonly record struct Retry(RetryState State, DateTimeOffset? At)
{
    /// <summary>What follows from a failed attempt of an activity or a run.</summary>
    /// <param name="policy">Null: nothing is tried again.</param>
    /// <param name="attempt">The attempt that failed: 1, 2, 3, …</param>
    /// <param name="failure">Why.</param>
    /// <param name="now">When.</param>
    /// <param name="deadline">End of the time for all attempts; null: none.</param>
    /// <param name="cancelRequested">Asked to stop: then it is not begun again.</param>
    public static Retry After(RetryPolicy? policy, int attempt, Failure failure, DateTimeOffset now, DateTimeOffset? deadline, bool cancelRequested)
    {
        if (cancelRequested)
        {
            return new(RetryState.CancelRequested, null);
        }

        if (policy is null)
        {
            return new(RetryState.RetryPolicyNotSet, null);
        }

        if (!IsWorthRetrying(failure, policy))
        {
            return new(RetryState.NonRetryableFailure, null);
        }

        if (policy.MaximumAttempts > 0 && attempt >= policy.MaximumAttempts)
        {
            return new(RetryState.MaximumAttemptsReached, null);
        }

        var pause = (failure as ApplicationFailure)?.NextRetryDelay ?? policy.PauseAfter(attempt);
        if (pause > DateTimeOffset.MaxValue - now || (deadline is { } end && now + pause > end))
        {
            return new(RetryState.Timeout, null);
        }

        return new(RetryState.InProgress, now + pause);
    }

    /// <summary>
    /// Whether another attempt may end otherwise. What was stopped on purpose stays stopped; a time for all attempts that ran out
    /// leaves no time for another.
    /// </summary>
    private static bool IsWorthRetrying(Failure failure, RetryPolicy policy) => failure switch
    {
        ApplicationFailure { NonRetryable: true } => false,
        ApplicationFailure application => !policy.NonRetryableErrorTypes.Contains(application.Type),
        TimeoutFailure timeout => timeout.Kind is TimeoutKind.StartToClose or TimeoutKind.Heartbeat,
        ServerFailure server => !server.NonRetryable,
        CancelledFailure or TerminatedFailure => false,
        _ => true,
    };
}
