namespace Svom.Workflows;

/// <summary>Sums of times that hold for whatever an author writes: far beyond the calendar means never.</summary>
internal static class Times
{
    public static DateTimeOffset After(DateTimeOffset start, TimeSpan span) => span > DateTimeOffset.MaxValue - start ? DateTimeOffset.MaxValue : start + span;

    public static TimeSpan Sum(TimeSpan one, TimeSpan other) => other > TimeSpan.MaxValue - one ? TimeSpan.MaxValue : one + other;

    /// <returns>Null for zero: on the wire it means that nothing was said.</returns>
    public static TimeSpan? Said(TimeSpan? time) => time > TimeSpan.Zero ? time : null;

    /// <returns>What is wrong with times that an author asks for; null when nothing.</returns>
    public static string? Fault(params ReadOnlySpan<TimeSpan?> times)
    {
        foreach (var time in times)
        {
            if (time < TimeSpan.Zero)
            {
                return $"A time limit or pause of {time} can't be negative.";
            }
        }

        return null;
    }
}
