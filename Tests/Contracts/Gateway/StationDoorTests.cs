using System.Text.Json;
using Svom.Outcomes;

namespace Svom.Contracts.Gateway;

/// <summary>Stations and alarms at the door.</summary>
public sealed class StationDoorTests(Door door) : IClassFixture<Door>
{
    private const string Alarm = "/api/v1/alarms/silent-station.NCL1";

    [Fact]
    public async Task A_station_is_told_with_what_it_delivered_and_when_it_hears_next()
    {
        var station = await Door.JsonAsync(door.GetAsync("/api/v1/stations/NCL1"), 200);
        Assert.Equal("silent", station.GetProperty("status").GetString());
        Assert.Equal(100, station.GetProperty("receptions").GetInt64());
        Assert.Equal("2026-03-01T04:13:22.007Z", station.GetProperty("lastHeard").GetString());
        Assert.Equal("2021-06-01", station.GetProperty("since").GetString());
        Assert.Equal(-22.3, station.GetProperty("position").GetProperty("latitude").GetDouble());
        Assert.Equal(2.5, station.GetProperty("delay").GetProperty("medianSeconds").GetDouble());
        Assert.Equal((0.1, 0.99, 0.25), (station.GetProperty("crcFailureRate").GetDouble(), station.GetProperty("agreement").GetDouble(), station.GetProperty("firstShare").GetDouble()));
        Assert.Equal(0.4, station.GetProperty("coverage").GetProperty("share").GetDouble());
        Assert.Equal(63.4, station.GetProperty("nextPass").GetProperty("highestDegrees").GetDouble());
        Assert.Equal("silent-station.NCL1", station.GetProperty("alarms")[0].GetString());
    }

    [Fact]
    public async Task A_station_of_a_rehearsal_may_have_no_place_and_no_counts()
    {
        var station = await Door.JsonAsync(door.GetAsync("/api/v1/stations/NCL1?session=drill"), 200);
        Assert.Equal(("drill", "unlisted"), (station.GetProperty("session").GetString(), station.GetProperty("status").GetString()));
        foreach (var member in new[] { "position", "owner", "since", "delay", "crcFailureRate", "nextPass", "lastHeard" })
        {
            Assert.Equal(JsonValueKind.Null, station.GetProperty(member).ValueKind);
        }

        Assert.Equal(0, station.GetProperty("alarms").GetArrayLength());
    }

    [Theory]
    [InlineData("/api/v1/stations?status=silnt")]
    [InlineData("/api/v1/stations?state=silent")]
    [InlineData("/api/v1/stations?cursor=bad")]
    [InlineData("/api/v1/stations?session=a/b")]
    [InlineData("/api/v1/stations?limit=1001")]
    [InlineData("/api/v1/alarms?state=wrong")]
    [InlineData("/api/v1/alarms?cursor=bad")]
    public async Task A_wrong_filter_is_refused(string path) => await Door.ProblemAsync(door.GetAsync(path), ProblemTypes.InvalidParameter);

    [Theory]
    [InlineData("/api/v1/stations/XYZ1")]
    [InlineData("/api/v1/stations/%7Eodd")]
    [InlineData("/api/v1/alarms/silent-station.XYZ1")]
    [InlineData("/api/v1/alarms/.odd")]
    public async Task What_is_not_there_is_not_found(string path) => await Door.ProblemAsync(door.GetAsync(path), ProblemTypes.NotFound);

    [Theory]
    [InlineData("never-heard", 0), InlineData("silent", 1)]
    public async Task Stations_are_found_by_how_they_stand(string status, int count) =>
        Assert.Equal(count, (await Door.JsonAsync(door.GetAsync("/api/v1/stations?status=" + status), 200)).GetProperty("items").GetArrayLength());

    [Theory]
    [InlineData("normal", 0), InlineData("returned-unacknowledged", 1)]
    public async Task Alarms_are_found_by_their_state(string state, int count) =>
        Assert.Equal(count, (await Door.JsonAsync(door.GetAsync("/api/v1/alarms?state=" + state), 200)).GetProperty("items").GetArrayLength());

    [Fact]
    public async Task Acts_go_under_the_name_behind_the_token()
    {
        var known = await Door.JsonAsync(door.PostJsonAsync(Alarm + "/acknowledge", """{"reason":"called"}"""), 200);
        Assert.Equal(("normal", "operator", "called"), (Text(known, "state"), Text(known, "acknowledgedBy"), Text(known, "acknowledgeReason")));
        await Door.JsonAsync(door.PostJsonAsync(Alarm + "/acknowledge", "{}"), 200);
        var shelved = await Door.JsonAsync(door.PostJsonAsync(Alarm + "/shelve", """{"until":"2026-03-02T00:00:00Z","reason":"repair"}"""), 200);
        Assert.Equal(("shelved", "operator", "2026-03-02T00:00:00.000Z", "repair"), (Text(shelved, "state"), Text(shelved, "shelvedBy"), Text(shelved, "shelvedUntil"), Text(shelved, "shelveReason")));
        await Door.ProblemAsync(door.PostAsync(Alarm + "/unshelve", [], null), ProblemTypes.NotPossibleNow);
    }

    [Theory]
    [InlineData("/shelve", """{"reason":"no end"}""")]
    [InlineData("/shelve", """{"until":"tomorrow","reason":"repair"}""")]
    [InlineData("/shelve", """{"until":"2026-03-02T00:00:00Z","reason":"repair","untill":1}""")]
    [InlineData("/acknowledge", "")]
    public async Task A_body_that_is_none_is_refused(string act, string body) => await Door.ProblemAsync(door.PostJsonAsync(Alarm + act, body), ProblemTypes.Malformed);

    [Theory]
    [InlineData("/shelve", """{"until":"2026-03-02T00:00:00Z","reason":" "}""")]
    public async Task A_body_that_breaks_a_rule_is_refused(string act, string body) => await Door.ProblemAsync(door.PostJsonAsync(Alarm + act, body), ProblemTypes.Invalid);

    private static string? Text(JsonElement body, string member) => body.GetProperty(member).GetString();
}
