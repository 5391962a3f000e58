using CsCheck;

namespace Svom.Sky;

public sealed class AttitudeTests
{
    private static readonly Gen<double> Declinations = Gen.Frequency((6, Gen.Double[-90, 90]), (1, Gen.OneOf(-90.0, 90.0, 0.0)), (1, Gen.Double[89.99, 90]), (1, Gen.Double[-90, -89.99]));
    private static readonly Gen<Attitude> Attitudes = Gen.Select(Gen.Double[0, 360], Declinations, Gen.Double[0, 360], static (ra, dec, roll) => new Attitude(ra, dec, roll));
    private static readonly Gen<SkyPosition> Positions = Gen.Select(Gen.Double[0, 360], Declinations, static (ra, dec) => new SkyPosition(ra, dec));

    [Fact]
    public void Every_attitude_comes_back_from_its_quaternion() => Attitudes.Sample(static attitude =>
    {
        var back = AttitudeQuaternion.FromAttitude(attitude).ToAttitude();
        var boresight = new SkyPosition(attitude.Ra, attitude.Dec).SeparationFrom(new(back.Ra, back.Dec));
        return boresight < 0.00002 && RollError(attitude, back) < 0.001;
    });

    [Fact]
    public void At_roll_zero_the_third_axis_lies_north_of_the_boresight()
    {
        var north = AttitudeQuaternion.FromAttitude(new(169.79, 21.32, 0)).ToSky(new InstrumentDirection(10, 90));
        Assert.Equal(169.79, north.Ra, 9);
        Assert.Equal(31.32, north.Dec, 9);
    }

    [Fact]
    public void The_boresight_is_where_the_attitude_says()
    {
        var boresight = AttitudeQuaternion.FromAttitude(new(297.52, -24.98, 105.81)).ToSky(new InstrumentDirection(0, 0));
        Assert.Equal(297.52, boresight.Ra, 9);
        Assert.Equal(-24.98, boresight.Dec, 9);
    }

    [Fact]
    public void Every_place_on_the_sky_comes_back_from_the_instrument_frame() => Gen.Select(Attitudes, Positions).Sample(static (attitude, place) =>
    {
        var quaternion = AttitudeQuaternion.FromAttitude(attitude);
        return quaternion.ToSky(quaternion.ToInstrument(place)).SeparationFrom(place) < 0.00002;
    });

    [Fact]
    public void Every_place_above_the_earth_comes_back_from_earth_fixed_axes() =>
        Gen.Select(Gen.Double[-180, 180], Gen.Double[-90, 90], Gen.Double[0, 1800]).Sample(static (longitude, latitude, altitude) =>
        {
            var back = new GeodeticPosition(longitude, latitude, altitude).ToEarthFixed().ToGeodetic();
            var across = Math.Abs(Math.IEEERemainder(back.Longitude - longitude, 360)) * Math.Cos(double.DegreesToRadians(latitude));
            return across < 1e-7 && Math.Abs(back.Latitude - latitude) < 1e-6 && Math.Abs(back.AltitudeKm - altitude) < 1e-5;
        });

    [Fact]
    public void The_place_of_a_pole_is_half_the_short_axis_from_the_centre() =>
        Assert.Equal(6356.752314, new GeodeticPosition(0, 90, 0).ToEarthFixed().Z, 5);

    // Near a pole Ra and Roll alone mean little; the turn as a whole is what must come back.
    private static double RollError(Attitude one, Attitude two)
    {
        var (a, b) = (AttitudeQuaternion.FromAttitude(one), AttitudeQuaternion.FromAttitude(two));
        var side = new SkyVector(0, 1, 0);
        return double.RadiansToDegrees(Math.Asin(Math.Min(1, a.ToSky(side).Cross(b.ToSky(side)).Norm)));
    }
}
