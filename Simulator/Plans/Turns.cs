namespace Svom.Simulation;

/// <summary>What the satellite tells in its rhythm, by time.</summary>
internal sealed record UsualPackets(Func<DateTimeOffset, OutgoingPacket> Orbit, Func<DateTimeOffset, OutgoingPacket> Attitude, Func<DateTimeOffset, OutgoingPacket> Recurrent)
{
    /// <summary>Around one story.</summary>
    public static UsualPackets Of(Scenario scenario) =>
        new(at => Flight.Orbit(scenario, at), at => Flight.Attitude(scenario, at), at => FactPackets.Recurrent(scenario, at));
}

/// <summary>
/// What the satellite sends at each turn on the air. Facts have their own times; beside them orbit and attitude go in their rhythm,
/// then messages by rank, with a recurrent one in between so that nobody takes the instrument for dead, and else recurrent ones.
/// </summary>
internal sealed class Turns(UsualPackets usual, OnboardQueue queue, DateTimeOffset[] facts, DateTimeOffset begin)
{
    /// <summary>One packet takes so long on the air.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(1.8);

    private static readonly TimeSpan OrbitEach = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan AttitudeEach = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan RecurrentEach = TimeSpan.FromSeconds(18);

    private readonly long[] taken = [.. facts.Order().Select(static fact => fact.Ticks)];
    private DateTimeOffset orbit = begin;
    private DateTimeOffset attitude = begin;
    private DateTimeOffset recurrent = begin - RecurrentEach;

    /// <summary>True when a message will be ready by then.</summary>
    public bool Awaits(DateTimeOffset until) => queue.Next <= until;

    /// <summary>The packet of a turn.</summary>
    public OutgoingPacket Take(DateTimeOffset at)
    {
        if (at - recurrent < RecurrentEach)
        {
            if (at - orbit >= OrbitEach)
            {
                orbit = at;
                return usual.Orbit(at);
            }

            if (at - attitude >= AttitudeEach)
            {
                attitude = at;
                return usual.Attitude(at);
            }

            if (!IsTaken(at) && queue.Take(at) is { } message)
            {
                return message;
            }
        }

        recurrent = at;
        return usual.Recurrent(at);
    }

    /// <summary>The few packets of a long pause.</summary>
    public IEnumerable<OutgoingPacket> Sparse(DateTimeOffset at)
    {
        (recurrent, attitude, orbit) = (at, at + Length, at + Length + Length);
        return [usual.Recurrent(recurrent), usual.Attitude(attitude), usual.Orbit(orbit)];
    }

    // A fact goes before any message.
    private bool IsTaken(DateTimeOffset at)
    {
        var found = Array.BinarySearch(taken, at.Ticks);
        var next = found >= 0 ? found : ~found;
        return next < taken.Length && taken[next] < (at + Length).Ticks;
    }
}
