namespace Svom.Simulation;

/// <summary>Something that happens in a plan, at a mission time.</summary>
/// <param name="At">When the platform gets it.</param>
public abstract record PlannedEvent(DateTimeOffset At);

/// <summary>A station delivers a frame.</summary>
/// <param name="At">When it reaches the platform: a poor link delivers long after receiving.</param>
/// <param name="Station">Code of the station.</param>
/// <param name="ReceivedAt">Station clock, mission time, whole milliseconds.</param>
/// <param name="Octets">As received, perhaps broken.</param>
/// <param name="SignalDbm">At the antenna.</param>
/// <param name="Fact">What of the scenario it tells; null for a recurrent packet.</param>
public sealed record PlannedReception(
    DateTimeOffset At, string Station, DateTimeOffset ReceivedAt, ReadOnlyMemory<byte> Octets, double SignalDbm, string? Fact) : PlannedEvent(At);

/// <summary>A person acts on the burst: after all that was delivered up to that time, before all that comes after it.</summary>
/// <param name="Act">validate or retract.</param>
/// <param name="ObservationId">Of the burst: the platform is asked by it.</param>
/// <param name="Reason">Of the person.</param>
/// <param name="Notices">Notice types to withdraw; null is all.</param>
public sealed record PlannedAct(DateTimeOffset At, string Act, uint ObservationId, string Reason, IReadOnlyList<string>? Notices) : PlannedEvent(At)
{
    public const string Validate = "validate";
    public const string Retract = "retract";
}

/// <summary>Faults of the station network, each a probability for one reception.</summary>
/// <param name="Seed">The same seed gives the same plan, octet by octet.</param>
/// <param name="Loss">It never arrives.</param>
/// <param name="Duplicate">It arrives twice, the same in all.</param>
/// <param name="Corrupt">One to eight of its bits are flipped, of each reception by itself.</param>
/// <param name="Late">It arrives one to twenty minutes late.</param>
/// <param name="Shuffle">Neighbours arrive in any order, but none changes sides with an act.</param>
/// <param name="BitErrors">Probability that a bit of a reception is wrong, for each bit of each station by itself, as a weak signal makes it.</param>
public sealed record NetworkFaults(
    int Seed = 1, double Loss = 0, double Duplicate = 0, double Corrupt = 0, double Late = 0, bool Shuffle = false, double BitErrors = 0);
