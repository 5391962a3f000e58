using System.Globalization;
using Svom.Sky;

namespace Svom.Unit.Sky;

/// <summary>Against astropy 5.2 (built-in ephemeris, get_body, GCRS), run once to make the table.</summary>
public sealed class SunAndMoonTests
{
    private const double Limit = 0.005;

    private static readonly (string Utc, double SunRa, double SunDec, double MoonRa, double MoonDec)[] Reference =
    [
        ("2015-01-07T11:26:23Z", 288.01973, -22.40411, 133.31239, 12.91923),
        ("2015-11-13T15:29:36Z", 228.27081, -17.92753, 251.57884, -17.43746),
        ("2016-10-02T06:37:12Z", 188.51372, -3.67174, 202.79357, -5.85521),
        ("2017-07-31T08:01:36Z", 130.48842, 18.24750, 224.87145, -11.57625),
        ("2018-06-19T05:33:58Z", 87.44530, 23.41614, 164.61274, 9.85666),
        ("2019-04-25T10:57:33Z", 32.42100, 13.08395, 289.91874, -21.98988),
        ("2020-02-26T22:21:14Z", 339.19640, -8.75308, 14.22705, 0.64973),
        ("2021-01-14T13:10:09Z", 296.20213, -21.25384, 315.01889, -21.30568),
        ("2021-11-14T18:41:01Z", 229.90012, -18.34506, 2.93462, -3.73485),
        ("2022-10-02T07:55:17Z", 188.08191, -3.48731, 269.84068, -27.20196),
        ("2023-08-04T16:23:16Z", 134.17975, 17.26960, 354.70606, -5.41587),
        ("2024-06-13T17:29:06Z", 82.20737, 23.24274, 169.33614, 6.92511),
        ("2025-04-30T00:47:52Z", 37.18581, 14.68126, 68.67794, 27.01436),
        ("2026-03-17T17:00:12Z", 357.00887, -1.29614, 341.06000, -7.91840),
        ("2027-01-11T06:37:30Z", 292.08140, -21.88459, 329.58155, -11.66731),
        ("2027-11-22T21:26:26Z", 237.76818, -20.13675, 173.07967, -1.23213),
        ("2028-10-09T14:32:22Z", 195.13070, -6.45492, 82.75704, 25.37457),
        ("2029-08-25T15:21:27Z", 154.27160, 10.65737, 349.08048, 0.67891),
        ("2030-06-27T20:33:08Z", 96.33012, 23.30778, 60.18797, 21.86077),
        ("2031-05-03T21:02:07Z", 40.35223, 15.67718, 178.44858, -4.17495),
        ("2032-03-24T02:19:00Z", 3.26303, 1.41277, 151.05568, 6.69729),
        ("2033-01-13T03:09:35Z", 294.58836, -21.51268, 84.20200, 19.05216),
        ("2033-12-08T23:57:02Z", 255.58820, -22.77375, 113.23758, 16.73213),
        ("2034-10-07T05:59:02Z", 192.48176, -5.35161, 136.30389, 13.23679),
        ("2035-08-13T23:17:58Z", 142.95127, 14.63669, 263.99112, -18.34374),
        ("2036-06-22T01:40:59Z", 90.79833, 23.43228, 61.40067, 15.77197),
        ("2037-05-05T12:17:59Z", 42.36240, 16.28115, 297.88679, -20.46202),
        ("2038-03-25T07:03:18Z", 3.85361, 1.66826, 241.72483, -17.43361),
        ("2039-01-20T05:08:55Z", 301.59102, -20.26511, 240.03081, -18.00205),
        ("2039-12-07T20:39:14Z", 253.75785, -22.59412, 157.24277, 15.14550),
        ("2040-10-17T15:15:00Z", 202.50071, -9.41786, 353.62650, -7.81913),
        ("2041-08-21T22:24:29Z", 150.79705, 11.94145, 96.95316, 27.54758),
        ("2042-07-05T01:39:37Z", 103.70846, 22.83547, 308.28190, -23.85428),
        ("2043-05-04T23:58:02Z", 41.35740, 15.98094, 348.38499, -7.01748),
        ("2044-03-13T13:31:22Z", 353.57466, -2.77745, 170.63191, 4.01598),
        ("2045-01-24T02:51:37Z", 306.20169, -19.27770, 7.09746, 6.56593),
    ];

    private static readonly (double Ra, double Dec, double Longitude, double Latitude)[] GalacticReference =
    [
        (189.9811, -17.7676, 299.052935, 45.017414),
        (0, 90, 122.931925, 27.128252),
        (266.4, -28.94, 359.994463, 0.001734),
        (83.63, 22.01, 184.559740, -5.789180),
        (359.999, -0.5, 95.929025, -60.646134),
    ];

    [Fact]
    public void The_Sun_stands_where_the_reference_ephemeris_has_it() =>
        Assert.All(Reference, r => Assert.InRange(SunAndMoon.Sun(Utc(r.Utc)).SeparationFrom(new(r.SunRa, r.SunDec)), 0, Limit));

    [Fact]
    public void The_Moon_stands_where_the_reference_ephemeris_has_it() =>
        Assert.All(Reference, r => Assert.InRange(SunAndMoon.Moon(Utc(r.Utc)).SeparationFrom(new(r.MoonRa, r.MoonDec)), 0, Limit));

    [Fact]
    public void Galactic_coordinates_agree_with_the_reference() => Assert.All(GalacticReference, static r =>
    {
        var galactic = Galactic.FromIcrs(new(r.Ra, r.Dec));
        Assert.InRange(new SkyPosition(galactic.Longitude, galactic.Latitude).SeparationFrom(new(r.Longitude, r.Latitude)), 0, 1e-5);
    });

    [Fact]
    public void Angles_hold_for_the_smallest_and_the_largest()
    {
        Assert.Equal(0, new SkyPosition(10, 20).SeparationFrom(new(10, 20)));
        Assert.Equal(180, new SkyPosition(10, 20).SeparationFrom(new(190, -20)), 12);
        Assert.Equal(1e-7, new SkyPosition(0, 0).SeparationFrom(new(0, 1e-7)), 1e-15);
        Assert.Equal(1, new SkyPosition(359.5, 0).SeparationFrom(new(0.5, 0)), 12);
    }

    private static DateTimeOffset Utc(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
