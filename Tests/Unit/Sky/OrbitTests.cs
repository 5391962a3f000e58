using CsCheck;
using Svom.Sky;

namespace Svom.Unit.Sky;

/// <summary>An orbit is held against what mechanics says of it, and passes against the orbit.</summary>
public sealed class OrbitTests
{
    private const double Radius = 6378.137 + 625;
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 4, 13, 25, TimeSpan.Zero);

    private static readonly Gen<OrbitState> Orbits = Gen.Select(Gen.Double[0, 360], Gen.Double[0, 360], Gen.Double[28, 31], Gen.Double[600, 650])
        .Select(static (node, phase, inclination, altitude) => Circular(node, phase, inclination, 6378.137 + altitude));

    [Fact]
    public void A_day_ahead_and_back_leads_to_where_it_began() => Orbits.Sample(static orbit =>
    {
        var back = orbit.To(Start.AddDays(1)).To(Start);
        Assert.InRange(Distance(back.Position, orbit.Position), 0, 0.001);
    });

    [Fact]
    public void Energy_and_the_polar_part_of_the_swing_are_kept() => Orbits.Sample(static orbit =>
    {
        var (energy, swing) = Kept(orbit);
        var (energyLater, swingLater) = Kept(orbit.To(Start.AddHours(24)));
        Assert.InRange(Math.Abs((energyLater / energy) - 1), 0, 1e-9);
        Assert.InRange(Math.Abs((swingLater / swing) - 1), 0, 1e-9);
    });

    [Fact] // Secular rate of the node: -3/2 J2 (R/p)² n cos i. Source: any textbook of orbits; the short terms swing about it.
    public void The_node_goes_west_as_theory_says()
    {
        foreach (var inclination in new[] { 28.5, 30.0 })
        {
            var orbit = Circular(40, 0, inclination, Radius);
            var nodes = Way(orbit, TimeSpan.FromDays(1)).Zip(Way(orbit, TimeSpan.FromDays(1)).Skip(1))
                .Where(static pair => pair.First.Position.Z < 0 && pair.Second.Position.Z >= 0).Select(static pair => (pair.First.At, Node: NodeDegrees(pair.First, pair.First.At))).ToList();
            var days = (nodes[^1].At - nodes[0].At).TotalDays;
            var measured = Math.IEEERemainder(nodes[^1].Node - nodes[0].Node, 360) / days;
            var motion = Math.Sqrt(OrbitState.Attraction / Math.Pow(Radius, 3)) * 86_400;
            var theory = double.RadiansToDegrees(-1.5 * OrbitState.J2 * Math.Pow(6378.137 / Radius, 2) * motion * Math.Cos(double.DegreesToRadians(inclination)));
            Assert.InRange(measured, theory - 0.05, theory + 0.05); // About -6.6° a day.
        }
    }

    [Fact]
    public void What_stands_overhead_is_at_ninety_degrees_and_what_is_below_the_earth_is_below_the_horizon()
    {
        var horizon = new Horizon(new(166.4, -22.3, 0.03));
        Assert.InRange(horizon.ElevationDegrees(new GeodeticPosition(166.4, -22.3, 625).ToEarthFixed()), 89.999, 90);
        Assert.InRange(horizon.ElevationDegrees(new GeodeticPosition(-13.6, 22.3, 625).ToEarthFixed()), -90, -89);

        // At the horizon of a sphere, 625 km high, the satellite is acos(R/(R+h)) away: 24.4°.
        var away = double.RadiansToDegrees(Math.Acos(6378.137 / (6378.137 + 625)));
        Assert.InRange(new Horizon(new(0, 0, 0)).ElevationDegrees(new GeodeticPosition(away, 0, 625).ToEarthFixed()), -0.01, 0.01);
    }

    [Fact]
    public void A_pass_begins_and_ends_at_the_mask_and_stands_highest_between() => Gen.Select(Orbits, Gen.Double[-180, 180], Gen.Double[-28, 28]).Sample(static (orbit, longitude, latitude) =>
    {
        const double Mask = 5;
        var horizon = new Horizon(new(longitude, latitude, 0));
        var pass = OrbitTrack.Of(orbit, Start, TimeSpan.FromDays(1)).Next(horizon, Mask);
        Assert.NotNull(pass);
        Assert.True(pass.Rise <= pass.Culmination && pass.Culmination <= pass.Set && pass.Set - pass.Rise < TimeSpan.FromMinutes(13));
        Assert.InRange(horizon.ElevationDegrees(orbit.To(pass.Set).Position), Mask - 0.1, Mask + 0.1);
        Assert.True(pass.Rise == Start || Math.Abs(horizon.ElevationDegrees(orbit.To(pass.Rise).Position) - Mask) < 0.1);
        foreach (var point in Way(orbit, pass.Set - Start))
        {
            var elevation = horizon.ElevationDegrees(point.Position);
            Assert.True(point.At >= pass.Rise.AddSeconds(-1) || elevation <= Mask, $"{point.At:O} is before the pass and at {elevation}°");
            Assert.InRange(elevation, -90, pass.HighestDegrees + 0.05);
        }
    }, iter: 30);

    private static IEnumerable<OrbitState> Way(OrbitState orbit, TimeSpan length)
    {
        for (var end = orbit.At + length; orbit.At < end;)
        {
            yield return orbit;
            orbit = orbit.To(orbit.At.AddSeconds(30));
        }
    }

    /// <summary>A circular orbit over axes that lie on the earth-fixed ones at the start.</summary>
    internal static OrbitState Circular(double nodeDegrees, double phaseDegrees, double inclinationDegrees, double radiusKm, DateTimeOffset? at = null)
    {
        var (sinNode, cosNode) = Math.SinCos(double.DegreesToRadians(nodeDegrees));
        var (sinPhase, cosPhase) = Math.SinCos(double.DegreesToRadians(phaseDegrees));
        var (sinTilt, cosTilt) = Math.SinCos(double.DegreesToRadians(inclinationDegrees));
        var speed = Math.Sqrt(OrbitState.Attraction / radiusKm);
        SkyVector Turn(double along, double across) => new((cosNode * along) - (sinNode * across * cosTilt), (sinNode * along) + (cosNode * across * cosTilt), across * sinTilt);
        var (place, motion) = (Turn(cosPhase, sinPhase) * radiusKm, Turn(-sinPhase, cosPhase) * speed);
        return new(at ?? Start, new(place.X, place.Y, place.Z), new(motion.X + (OrbitState.EarthTurn * place.Y), motion.Y - (OrbitState.EarthTurn * place.X), motion.Z));
    }

    private static (double Energy, double Swing) Kept(OrbitState state)
    {
        var (x, y, z) = state.Position;
        var (vx, vy, vz) = (state.Velocity.X - (OrbitState.EarthTurn * y), state.Velocity.Y + (OrbitState.EarthTurn * x), state.Velocity.Z);
        var r = Math.Sqrt((x * x) + (y * y) + (z * z));
        var potential = -OrbitState.Attraction / r * (1 - (OrbitState.J2 * Math.Pow(6378.137 / r, 2) * ((3 * z * z / (r * r)) - 1) / 2));
        return ((((vx * vx) + (vy * vy) + (vz * vz)) / 2) + potential, (x * vy) - (y * vx));
    }

    private static double NodeDegrees(OrbitState state, DateTimeOffset at)
    {
        var (x, y, z) = state.Position;
        var (vx, vy, vz) = (state.Velocity.X - (OrbitState.EarthTurn * y), state.Velocity.Y + (OrbitState.EarthTurn * x), state.Velocity.Z);
        var (hx, hy) = ((y * vz) - (z * vy), (z * vx) - (x * vz));
        return double.RadiansToDegrees(Math.Atan2(hx, -hy)) + double.RadiansToDegrees(OrbitState.EarthTurn * (at - Start).TotalSeconds);
    }

    private static double Distance(EarthPosition one, EarthPosition two) =>
        Math.Sqrt(Math.Pow(one.X - two.X, 2) + Math.Pow(one.Y - two.Y, 2) + Math.Pow(one.Z - two.Z, 2));
}
