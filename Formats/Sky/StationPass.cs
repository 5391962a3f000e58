namespace Svom.Sky;

/// <summary>A satellite over a place: from rise to set it is above the mask.</summary>
/// <param name="Rise">When it comes above the mask, UTC; the start of the track when it is above already.</param>
/// <param name="Culmination">When it stands highest.</param>
/// <param name="Set">When it goes below the mask.</param>
/// <param name="HighestDegrees">Elevation at culmination.</param>
public sealed record StationPass(DateTimeOffset Rise, DateTimeOffset Culmination, DateTimeOffset Set, double HighestDegrees);

/// <summary>The way of a satellite over some hours, computed once for all stations that look at it.</summary>
public sealed class OrbitTrack
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(30);
    private readonly OrbitState[] points;

    private OrbitTrack(OrbitState[] points) => this.points = points;

    /// <param name="known">The orbit at any time, before or after.</param>
    /// <param name="from">Where the track begins.</param>
    /// <param name="length">How long it is.</param>
    public static OrbitTrack Of(OrbitState known, DateTimeOffset from, TimeSpan length)
    {
        var points = new OrbitState[(int)(length / Step) + 2];
        points[0] = known.To(from);
        for (var n = 1; n < points.Length; n++)
        {
            points[n] = points[n - 1].To(from + (n * Step));
        }

        return new(points);
    }

    /// <summary>Where the satellite is; <paramref name="at"/> should lie on the track.</summary>
    public EarthPosition At(DateTimeOffset at)
    {
        var nearest = Math.Clamp((int)Math.Round((at - points[0].At) / Step), 0, points.Length - 1);
        return points[nearest].To(at).Position;
    }

    /// <summary>The pass that is under way at the start of the track, or the first one after; null when there is none on it.</summary>
    public StationPass? Next(Horizon horizon, double maskDegrees)
    {
        var first = Array.FindIndex(points, point => horizon.ElevationDegrees(point.Position) > maskDegrees);
        if (first < 0)
        {
            return null;
        }

        var after = first;
        while (after < points.Length && horizon.ElevationDegrees(points[after].Position) > maskDegrees)
        {
            after++;
        }

        var rise = first == 0 ? points[0].At : Crossing(horizon, maskDegrees, points[first - 1].At, points[first].At);
        var set = after == points.Length ? points[^1].At : Crossing(horizon, maskDegrees, points[after].At, points[after - 1].At);
        var culmination = Highest(horizon, rise, set);
        return new(rise, culmination, set, horizon.ElevationDegrees(At(culmination)));
    }

    // Halving between a time below the mask and one above it.
    private DateTimeOffset Crossing(Horizon horizon, double maskDegrees, DateTimeOffset below, DateTimeOffset above)
    {
        while ((above - below).Duration() > TimeSpan.FromMilliseconds(50))
        {
            var middle = below + ((above - below) / 2);
            (below, above) = horizon.ElevationDegrees(At(middle)) > maskDegrees ? (below, middle) : (middle, above);
        }

        return above;
    }

    // The elevation of one pass has one top: thirds without it are cut off.
    private DateTimeOffset Highest(Horizon horizon, DateTimeOffset rise, DateTimeOffset set)
    {
        while (set - rise > TimeSpan.FromMilliseconds(100))
        {
            var third = (set - rise) / 3;
            (rise, set) = horizon.ElevationDegrees(At(rise + third)) < horizon.ElevationDegrees(At(set - third)) ? (rise + third, set) : (rise, set - third);
        }

        return rise + ((set - rise) / 2);
    }
}
