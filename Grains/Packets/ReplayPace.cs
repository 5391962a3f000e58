namespace Svom.Packets;

/// <summary>Which packets a replay takes its time for. The others pass as fast as possible.</summary>
/// <param name="After">Only beyond this position: a run that is begun again goes on where the one before it was.</param>
/// <param name="First">Only from this position on.</param>
/// <param name="Last">Only up to this position.</param>
/// <param name="From">Only what was taken in not before; null: from the beginning.</param>
/// <param name="To">Only what was taken in before; null: to the end.</param>
internal sealed record PacedPart(long After = 0, long First = 0, long Last = long.MaxValue, DateTimeOffset? From = null, DateTimeOffset? To = null)
{
    public bool Holds(long position, DateTimeOffset storedAt) =>
        position > After && position >= First && position <= Last && !(storedAt < From) && !(storedAt >= To);
}

/// <summary>
/// Holds a replay at a multiple of mission time: says how long each packet is to be waited for. Pure: it is told how much time went by. Time is kept from
/// the first packet on, so that waits add no lag; where mission time goes back, or packets passed without waiting, it is kept anew from there.
/// </summary>
internal sealed class ReplayPace(double speed, PacedPart part)
{
    // What is due this soon is due: at a high speed packets go in small crowds instead of one for each tick of a timer.
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(20);

    // The next look is nearer: it only has to be a number that a timer takes.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    private (DateTimeOffset Mission, TimeSpan Elapsed)? kept;
    private DateTimeOffset last;

    /// <summary>How long a packet is to be waited for.</summary>
    /// <param name="mission">Mission time with this packet; null before there is one.</param>
    /// <param name="elapsed">Time since the replay began.</param>
    /// <returns>Zero: it is due, and counts as played. Else ask again then, or sooner.</returns>
    public TimeSpan Wait(long position, DateTimeOffset storedAt, DateTimeOffset? mission, TimeSpan elapsed)
    {
        if (mission is not { } time || !part.Holds(position, storedAt))
        {
            kept = null;
            return TimeSpan.Zero;
        }

        if (kept is not { } since || time < last)
        {
            (kept, last) = ((time, elapsed), time);
            return TimeSpan.Zero;
        }

        // In floating point: a leap of decades at the slowest speed is longer than a TimeSpan.
        var left = ((time - since.Mission).Ticks / speed) - (elapsed - since.Elapsed).Ticks;
        if (left <= Soon.Ticks)
        {
            last = time;
            return TimeSpan.Zero;
        }

        return left < Longest.Ticks ? new((long)left) : Longest;
    }

    /// <summary>Mission time as the replay keeps it between two packets; null while it keeps none.</summary>
    public DateTimeOffset? At(TimeSpan elapsed) => kept is { } since ? since.Mission + ((elapsed - since.Elapsed) * speed) : null;
}
