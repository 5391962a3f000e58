namespace Svom.Workflows;

/// <summary>The four times of an activity. Null in what an author asks for: not said.</summary>
/// <param name="ScheduleToClose">All attempts with their pauses.</param>
/// <param name="ScheduleToStart">From scheduled until somebody begins; an attempt that nobody begins is not tried again.</param>
/// <param name="StartToClose">One attempt.</param>
/// <param name="Heartbeat">Between two signs of life of an attempt; null: none are asked for.</param>
public sealed record ActivityTimeouts(TimeSpan? ScheduleToClose, TimeSpan? ScheduleToStart, TimeSpan? StartToClose, TimeSpan? Heartbeat)
{
    /// <returns>What is wrong with what the author asked for; null when nothing.</returns>
    public string? Fault() =>
        Negative(ScheduleToClose) ?? Negative(ScheduleToStart) ?? Negative(StartToClose) ?? Negative(Heartbeat)
        ?? (Said(ScheduleToClose) is null && Said(StartToClose) is null ? $"An activity needs {nameof(StartToClose)} or {nameof(ScheduleToClose)}." : null);

    /// <summary>
    /// Every time said: what was left out follows from the time for all attempts, and that, left out too, from the run's. None is
    /// longer than the run may be, and signs of life come within an attempt.
    /// </summary>
    /// <param name="run">Time that the run has in all; null: no limit.</param>
    public ActivityTimeouts Within(TimeSpan? run)
    {
        run = Said(run);
        var all = Said(ScheduleToClose);
        var toClose = Shorter(all ?? run, run);
        var attempt = Shorter(Said(StartToClose) ?? toClose, toClose);
        var toStart = Shorter(Said(ScheduleToStart) ?? toClose, toClose);
        return new(toClose, toStart, attempt, Said(Heartbeat) is { } beat ? Shorter(beat, attempt) : null);
    }

    // Zero on the wire means: not said.
    private static TimeSpan? Said(TimeSpan? time) => time > TimeSpan.Zero ? time : null;

    private static TimeSpan? Shorter(TimeSpan? one, TimeSpan? other) => one is null || other < one ? other ?? one : one;

    private static string? Negative(TimeSpan? time, [System.Runtime.CompilerServices.CallerArgumentExpression(nameof(time))] string name = "") =>
        time < TimeSpan.Zero ? $"{name} is {time}: it can't be negative." : null;
}
