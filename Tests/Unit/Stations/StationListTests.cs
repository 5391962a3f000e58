using System.Text;
using Svom.Simulation;
using Svom.Stations;

namespace Svom.Unit.Stations;

public sealed class StationListTests
{
    private const string One = """{"id":"NCL1","name":"N","longitude":166.4,"latitude":-22.3,"altitudeMeters":30,"owner":{"name":"k","email":"k@example.org"},"since":"2021-06-01"}""";

    [Fact]
    public void The_bundled_network_is_as_the_mission_tells_of_it()
    {
        Assert.Equal(56, StationList.Bundled.Length);
        Assert.All(StationList.Bundled, static station =>
        {
            Assert.InRange(station.Latitude, -30, 30);
            Assert.Matches("^[A-Z]{3}[1-9]$", station.Id);
            Assert.EndsWith("@example.org", station.Owner.Email, StringComparison.Ordinal);
        });
        Assert.Equal(StationList.Bundled.Select(static station => station.Id), StationNetwork.All.Select(static station => station.Code));
    }

    [Theory]
    [InlineData("", "line 1")]
    [InlineData("{\"stations\":[]}", "1 to 1000 stations")]
    [InlineData("{\"stations\":[null]}", "Station 1: it is null")]
    [InlineData("{\"stations\":[@,@]}", "Station 2: the id NCL1 stands in the list twice")]
    [InlineData("{\"stations\":[{\"id\":\"A1\"}]}", "line 1")]
    [InlineData("{\"stations\":[@],\"staions\":1}", "$.staions")]
    public void A_wrong_list_is_refused_with_what_is_wrong(string json, string why) =>
        Assert.Contains(why, Refused(json.Replace("@", One, StringComparison.Ordinal)), StringComparison.Ordinal);

    [Theory]
    [InlineData("166.4", "181", "the longitude is -180 to 180")]
    [InlineData("-22.3", "-91", "the latitude is -90 to 90")]
    [InlineData("\"altitudeMeters\":30", "\"altitudeMeters\":30000", "the altitude")]
    [InlineData("NCL1", "a/b", "the id is 1 to 64")]
    [InlineData("k@example.org", "nobody", "the owner needs")]
    [InlineData("\"N\"", "\"\\u0007\"", "the name has")]
    public void A_wrong_station_is_named(string right, string wrong, string why)
    {
        var text = Refused("{\"stations\":[" + One.Replace(right, wrong, StringComparison.Ordinal) + "]}");
        Assert.StartsWith("Station 1", text, StringComparison.Ordinal);
        Assert.Contains(why, text, StringComparison.Ordinal);
    }

    private static string Refused(string json) => Assert.Throws<FormatException>(() => StationList.Read(Encoding.UTF8.GetBytes(json))).Message;
}
