using System.Collections.Immutable;

namespace Svom.Workflows;

/// <summary>How often, and after which pauses, something that failed is tried again.</summary>
public sealed record RetryPolicy
{
    // A pause is a wall-clock wait somebody may have to explain: longer than a hundred years it means never.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(36_500);

    /// <summary>Pause before the second attempt. Default: 1 s.</summary>
    public TimeSpan InitialInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Each pause is this many times the one before; at least 1. Default: 2.</summary>
    public double BackoffCoefficient { get; init; } = 2;

    /// <summary>Longest pause; null: a hundred times the first.</summary>
    public TimeSpan? MaximumInterval { get; init; }

    /// <summary>Attempts in all, the first included; 0: no limit.</summary>
    public int MaximumAttempts { get; init; }

    /// <summary>Types of application failures after which another attempt is useless.</summary>
    public ImmutableArray<string> NonRetryableErrorTypes { get; init; } = [];

    /// <returns>What is wrong with it; null when nothing.</returns>
    public string? Fault() =>
        InitialInterval < TimeSpan.Zero ? $"{nameof(InitialInterval)} is {InitialInterval}: it can't be negative."
        : !double.IsFinite(BackoffCoefficient) || BackoffCoefficient < 1 ? $"{nameof(BackoffCoefficient)} is {BackoffCoefficient}: it can't be below 1."
        : MaximumInterval is { } maximum && maximum < TimeSpan.Zero ? $"{nameof(MaximumInterval)} is {maximum}: it can't be negative."
        : MaximumInterval is { } longest && longest < InitialInterval ? $"{nameof(MaximumInterval)} is {longest}: it can't be below {nameof(InitialInterval)}, {InitialInterval}."
        : MaximumAttempts < 0 ? $"{nameof(MaximumAttempts)} is {MaximumAttempts}: it can't be negative."
        : null;

    /// <param name="attempt">The attempt that just failed: 1, 2, 3, …</param>
    /// <returns>The pause before the next.</returns>
    public TimeSpan PauseAfter(int attempt)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(attempt, 1);
        var cap = MaximumInterval ?? (InitialInterval > Longest / 100 ? Longest : InitialInterval * 100);
        var ticks = InitialInterval.Ticks * Math.Pow(BackoffCoefficient, attempt - 1);
        return ticks < cap.Ticks ? TimeSpan.FromTicks((long)ticks) : cap; // Also when the power is beyond every number.
    }

    /// <summary>By content.</summary>
    public bool Equals(RetryPolicy? other) =>
        other is not null && InitialInterval == other.InitialInterval && BackoffCoefficient.Equals(other.BackoffCoefficient) && MaximumInterval == other.MaximumInterval
        && MaximumAttempts == other.MaximumAttempts && NonRetryableErrorTypes.SequenceEqual(other.NonRetryableErrorTypes, StringComparer.Ordinal);

    public override int GetHashCode() => HashCode.Combine(InitialInterval, BackoffCoefficient, MaximumInterval, MaximumAttempts, NonRetryableErrorTypes.Length);
}
