namespace Svom.Packets.Recovery;

/// <summary>Guards of the vote against packets that never were.</summary>
public sealed record RecoveryLimits
{
    public static readonly RecoveryLimits Standard = new();

    /// <summary>Copies of one packet arrive this close together.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Most bits in which two copies of one packet may differ. A tenth of a frame: two copies with 3 % of their bits wrong differ in 47 ± 7,
    /// two frames that have nothing to do with each other in 400 ± 14.
    /// </summary>
    public int MostDistanceBits { get; init; } = 80;

    /// <summary>Most probable share of wrong packets among those recovered, for each by itself: see <see cref="PhantomRisk"/>.</summary>
    public double MostRisk { get; init; } = 1e-8;

    /// <summary>A packet time this long before the first arrival can be: packets wait on board for their turn.</summary>
    public TimeSpan OnBoardDelay { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>A packet time this long after the first arrival can be: station clocks disagree.</summary>
    public TimeSpan ClockError { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Diverted receptions that the newest is compared with, in the order of the log. Bounds work and memory, whatever arrives.</summary>
    public int WindowCopies { get; init; } = 256;

    /// <summary>Copies that vote at most, the nearest ones: bounds the triples to 15 a reception.</summary>
    public int MostVoters { get; init; } = 7;
}
