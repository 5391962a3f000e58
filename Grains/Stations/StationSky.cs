using System.Collections.Immutable;
using Svom.Sky;

namespace Svom.Stations;

/// <summary>The last known orbit, as it is stored.</summary>
internal sealed record OrbitFix(DateTimeOffset At, double X, double Y, double Z, double VelocityX, double VelocityY, double VelocityZ)
{
    public OrbitState ToState() => new(At, new(X, Y, Z), new(VelocityX, VelocityY, VelocityZ));
}

/// <summary>
/// From which stations the satellite is seen, by one known orbit. It remembers places on the way, each reached from the one before, so that
/// one time has one answer whatever was asked before.
/// </summary>
internal sealed class StationSky(OrbitFix orbit, ImmutableArray<Station> network, double maskDegrees, TimeSpan goodFor)
{
    private static readonly TimeSpan Apart = TimeSpan.FromMinutes(10);
    private readonly List<OrbitState> later = [orbit.ToState()];
    private readonly List<OrbitState> earlier = [orbit.ToState()];
    private readonly ImmutableArray<Horizon> horizons = [.. network.Select(static station => new Horizon(station.Place))];
    private (DateTimeOffset At, Sight Sight)? last;

    public OrbitFix Orbit => orbit;

    /// <summary>False when the orbit is too old, or too new, to say anything of that time.</summary>
    public bool Knows(DateTimeOffset at) => (at - orbit.At).Duration() <= goodFor;

    /// <summary>How high the satellite stood over each station of the network, in its order; null when nobody knows.</summary>
    public Sight? At(DateTimeOffset at)
    {
        if (!Knows(at))
        {
            return null;
        }

        if (last is { } known && known.At == at)
        {
            return known.Sight;
        }

        var satellite = Anchor(at).To(at).Position;
        var sight = new Sight([.. horizons.Select(horizon => horizon.ElevationDegrees(satellite))], maskDegrees);
        last = (at, sight);
        return sight;
    }

    private OrbitState Anchor(DateTimeOffset at)
    {
        var (anchors, step) = at >= orbit.At ? (later, Apart) : (earlier, -Apart);
        var wanted = (int)((at - orbit.At) / step);
        while (anchors.Count <= wanted)
        {
            anchors.Add(anchors[^1].To(orbit.At + (anchors.Count * step)));
        }

        return anchors[wanted];
    }
}

/// <param name="ElevationDegrees">By station, in the network's order.</param>
/// <param name="MaskDegrees">Below it a station hears nothing.</param>
internal sealed record Sight(ImmutableArray<double> ElevationDegrees, double MaskDegrees)
{
    public bool Sees(int station) => ElevationDegrees[station] > MaskDegrees;
}
