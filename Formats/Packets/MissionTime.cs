namespace Svom.Packets;

/// <summary>
/// On-board time: whole seconds since 2017-01-01T00:00:00 UTC and, where it is fine, 2^-24 s in three octets more, in the manner
/// of CUC (CCSDS 301.0-B-4). The epoch is the mission's FITS reference; no leap second has been inserted since.
/// </summary>
public static class MissionTime
{
    /// <summary>Bits of the fine part.</summary>
    public const int FineBits = 24;

    /// <summary>2017-01-01T00:00:00 UTC.</summary>
    public static readonly DateTimeOffset Epoch = new(2017, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Last time that 32 bits of seconds can tell, in the year 2153.</summary>
    public static readonly DateTimeOffset Last = Epoch.AddSeconds(uint.MaxValue);

    /// <summary>Reads whole seconds.</summary>
    public static DateTimeOffset FromSeconds(uint seconds) => Epoch.AddTicks(seconds * TimeSpan.TicksPerSecond);

    /// <summary>Whole seconds, cut off as a clock does.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Before the epoch or after 32 bits.</exception>
    public static uint ToSeconds(DateTimeOffset time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, Epoch);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(time, Last.AddSeconds(1));
        return (uint)((time - Epoch).Ticks / TimeSpan.TicksPerSecond);
    }

    /// <summary>Reads 56 bits, rounded to 100 ns: what was written from 100 ns steps reads back the same.</summary>
    public static DateTimeOffset FromFine(ulong raw)
    {
        var fine = (raw & ((1UL << FineBits) - 1)) * TimeSpan.TicksPerSecond;
        var ticks = (fine + (1UL << (FineBits - 1))) >> FineBits;
        return Epoch.AddTicks(((long)(raw >> FineBits) * TimeSpan.TicksPerSecond) + (long)ticks);
    }

    /// <summary>The 56 bits of a time, rounded to the nearest 2^-24 s.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Before the epoch or after 32 bits of seconds.</exception>
    public static ulong ToFine(DateTimeOffset time)
    {
        var seconds = (ulong)ToSeconds(time);
        var ticks = (ulong)((time - Epoch).Ticks % TimeSpan.TicksPerSecond);
        return (seconds << FineBits) + (((ticks << FineBits) + (TimeSpan.TicksPerSecond / 2)) / TimeSpan.TicksPerSecond);
    }
}
