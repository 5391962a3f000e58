extern alias Gateway;

using Google.Protobuf.WellKnownTypes;
using Svom.Outcomes;
using Wire = Gateway::Svom.V1;

namespace Svom.Contracts.Gateway;

/// <summary>Stations and alarms over gRPC.</summary>
public sealed class GrpcStationTests(Door door) : IClassFixture<Door>
{
    private readonly Wire.StationService.StationServiceClient stations = new(door.Channel);
    private readonly Wire.AlarmService.AlarmServiceClient alarms = new(door.Channel);

    [Fact]
    public async Task A_station_is_told_as_by_REST()
    {
        var station = await stations.GetAsync(new() { Id = "NCL1" });
        Assert.Equal((Wire.StationStatus.Silent, false, 100, 90, 10, 2), (station.Status, station.HasSession, station.Receptions, station.Valid, station.Broken, station.Repeats));
        Assert.Equal(("Nouméa", 166.4, -22.3, 30, "keeper", "ncl1@example.org", "2021-06-01"),
            (station.Listed.Name, station.Listed.Longitude, station.Listed.Latitude, station.Listed.AltitudeMeters, station.Listed.OwnerName, station.Listed.OwnerEmail, station.Listed.Since));
        Assert.Equal((2.5, 4, 60), (station.Delay.MedianSeconds, station.Delay.P90Seconds, station.Delay.P99Seconds));
        Assert.Equal((0.1, 0.99, 0.25), (station.CrcFailureRate, station.Agreement, station.FirstShare));
        Assert.Equal((200, 80, 0.4), (station.Coverage.Expected, station.Coverage.Heard, station.Coverage.Share));
        Assert.Equal((OneStation.Time, OneStation.Time.AddMinutes(5), OneStation.Time.AddMinutes(10), 63.4), (
            station.NextPass.Rise.ToDateTimeOffset(), station.NextPass.Culmination.ToDateTimeOffset(), station.NextPass.Set.ToDateTimeOffset(), station.NextPass.HighestDegrees));
        Assert.Equal(OneStation.Time, station.LastHeard.ToDateTimeOffset());
        Assert.Equal(["silent-station.NCL1"], station.Alarms);
        Assert.Equal(station, Assert.Single((await stations.ListAsync(new() { Status = Wire.StationStatus.Silent })).Stations));
        Assert.Empty((await stations.ListAsync(new() { Status = Wire.StationStatus.NeverHeard })).Stations);
    }

    [Fact]
    public async Task What_is_not_known_of_a_station_is_absent()
    {
        var station = await stations.GetAsync(new() { Id = "NCL1", Session = "drill" });
        Assert.Equal(("drill", Wire.StationStatus.Unlisted), (station.Session, station.Status));
        Assert.True(station is { Listed: null, LastHeard: null, Delay: null, NextPass: null, HasCrcFailureRate: false, HasAgreement: false, HasFirstShare: false, Coverage.HasShare: false });
        Assert.Empty(station.Alarms);
    }

    [Fact]
    public async Task An_alarm_is_told_as_by_REST()
    {
        var alarm = await alarms.GetAsync(new() { Id = OneAlarm.Id });
        Assert.Equal((OneAlarm.Id, "silent-station", "NCL1", Wire.AlarmState.ReturnedUnacknowledged, false, Wire.AlarmPriority.Medium),
            (alarm.Id, alarm.Kind, alarm.Station, alarm.State, alarm.Active, alarm.Priority));
        Assert.Equal(("NCL1 does not hear.", "missed 5", "Ask its owner.", 2, 7), (alarm.What, alarm.Evidence, alarm.Action, alarm.Occurrences, alarm.Version));
        Assert.Equal((OneStation.Time, OneStation.Time, OneStation.Time.AddMinutes(3), OneStation.Time),
            (alarm.Since.ToDateTimeOffset(), alarm.Raised.ToDateTimeOffset(), alarm.Returned.ToDateTimeOffset(), alarm.Updated.ToDateTimeOffset()));
        Assert.True(alarm is { HasAcknowledgedBy: false, Acknowledged: null, HasAcknowledgeReason: false, ShelvedUntil: null, HasShelvedBy: false, HasShelveReason: false });
        Assert.Equal(alarm, Assert.Single((await alarms.ListAsync(new() { State = Wire.AlarmState.ReturnedUnacknowledged })).Alarms));
        Assert.Empty((await alarms.ListAsync(new() { State = Wire.AlarmState.Normal })).Alarms);
    }

    [Fact]
    public async Task What_is_said_of_an_alarm_goes_under_the_name_behind_the_token()
    {
        var known = await alarms.AcknowledgeAsync(new() { Id = OneAlarm.Id, Reason = "called" }, Door.Bearer());
        Assert.Equal((Wire.AlarmState.Normal, "operator", "called"), (known.State, known.AcknowledgedBy, known.AcknowledgeReason));
        Assert.False((await alarms.AcknowledgeAsync(new() { Id = OneAlarm.Id }, Door.Bearer())).HasAcknowledgeReason);
        var until = OneStation.Time.AddDays(1);
        var shelved = await alarms.ShelveAsync(new() { Id = OneAlarm.Id, Until = Timestamp.FromDateTimeOffset(until), Reason = "repair" }, Door.Bearer());
        Assert.Equal((Wire.AlarmState.Shelved, "operator", "repair", until), (shelved.State, shelved.ShelvedBy, shelved.ShelveReason, shelved.ShelvedUntil.ToDateTimeOffset()));
        await CallStatus.FailsAsync(() => alarms.UnshelveAsync(new() { Id = OneAlarm.Id }, Door.Bearer()).ResponseAsync, ProblemTypes.NotPossibleNow);
    }

    [Fact]
    public async Task What_is_not_there_is_not_found()
    {
        foreach (var id in (string[])["XYZ1", "~odd", ""])
        {
            await CallStatus.FailsAsync(() => stations.GetAsync(new() { Id = id }).ResponseAsync, ProblemTypes.NotFound);
        }

        foreach (var id in (string[])["silent-station.XYZ1", ".odd", "", new('a', 101)])
        {
            await CallStatus.FailsAsync(() => alarms.GetAsync(new() { Id = id }).ResponseAsync, ProblemTypes.NotFound);
            await CallStatus.FailsAsync(() => alarms.AcknowledgeAsync(new() { Id = id }, Door.Bearer()).ResponseAsync, ProblemTypes.NotFound);
        }
    }

    [Fact]
    public async Task A_field_with_a_value_that_it_cannot_have_is_named()
    {
        await NamesAsync("page_size", () => stations.ListAsync(new() { PageSize = 1_001 }).ResponseAsync);
        await NamesAsync("session", () => stations.ListAsync(new() { Session = "a/b" }).ResponseAsync);
        await NamesAsync("status", () => stations.ListAsync(new() { Status = (Wire.StationStatus)6 }).ResponseAsync);
        await NamesAsync("session", () => stations.GetAsync(new() { Id = "NCL1", Session = "" }).ResponseAsync);
        await NamesAsync("page_size", () => alarms.ListAsync(new() { PageSize = -1 }).ResponseAsync);
        await NamesAsync("state", () => alarms.ListAsync(new() { State = (Wire.AlarmState)(-1) }).ResponseAsync);
        await CallStatus.FailsAsync(() => stations.ListAsync(new() { PageToken = "bad" }).ResponseAsync, ProblemTypes.InvalidParameter);
        await CallStatus.FailsAsync(() => alarms.ListAsync(new() { PageToken = "bad" }).ResponseAsync, ProblemTypes.InvalidParameter);
        using var watch = stations.Watch(new() { Station = "a b" });
        await NamesAsync("station", () => watch.ResponseStream.MoveNext(default));
    }

    [Fact]
    public async Task A_shelving_needs_an_end_and_a_reason_and_no_reason_is_endless()
    {
        var until = Timestamp.FromDateTimeOffset(OneStation.Time);
        var (blank, endless) = (" ", new string('x', 1_001));
        Assert.Equal("until", (await CallStatus.FailsAsync(() => alarms.ShelveAsync(new() { Id = OneAlarm.Id, Reason = "repair" }, Door.Bearer()).ResponseAsync, ProblemTypes.Invalid)).Field);
        Assert.Equal("reason", (await CallStatus.FailsAsync(() => alarms.ShelveAsync(new() { Id = OneAlarm.Id, Until = until, Reason = blank }, Door.Bearer()).ResponseAsync, ProblemTypes.Invalid)).Field);
        Assert.Equal("reason", (await CallStatus.FailsAsync(() => alarms.ShelveAsync(new() { Id = OneAlarm.Id, Until = until, Reason = endless }, Door.Bearer()).ResponseAsync, ProblemTypes.Invalid)).Field);
        Assert.Equal("reason", (await CallStatus.FailsAsync(() => alarms.AcknowledgeAsync(new() { Id = OneAlarm.Id, Reason = endless }, Door.Bearer()).ResponseAsync, ProblemTypes.Invalid)).Field);
        Assert.Equal(["operator"], (await CallStatus.FailsAsync(
            () => alarms.UnshelveAsync(new() { Id = OneAlarm.Id }, Door.Bearer(Platform.TokenOf("advocate"))).ResponseAsync, ProblemTypes.Forbidden)).Roles);
    }

    private static async Task NamesAsync(string field, Func<Task> call) => Assert.Equal(field, (await CallStatus.FailsAsync(call, ProblemTypes.InvalidParameter)).Field);
}
