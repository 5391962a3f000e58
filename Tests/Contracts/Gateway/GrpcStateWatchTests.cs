extern alias Gateway;

using Grpc.Core;
using Microsoft.Extensions.Time.Testing;
using Svom.Monitoring;
using Svom.Outcomes;
using Svom.Stations;
using Wire = Gateway::Svom.V1;

namespace Svom.Contracts.Gateway;

/// <summary>Watches that begin with all as they stand. The clock is the test's: a second passes when it says so.</summary>
public sealed class GrpcStateWatchTests : IAsyncLifetime
{
    private readonly FakeTimeProvider time = new(OneStation.Time);
    private readonly ChangingNetwork network = new();
    private readonly Door door;

    public GrpcStateWatchTests()
    {
        door = new() { Time = time };
        foreach (var id in (string[])["GUM1", "KOU1", "NCL1"])
        {
            network.Stations[id] = new(id, null, StationStatus.Hearing, null, StationCounts.None, Pass(5), []);
        }
    }

    public async ValueTask InitializeAsync()
    {
        await door.InitializeAsync();
        network.PutInto(door.Grains);
    }

    public ValueTask DisposeAsync() => door.DisposeAsync();

    [Fact]
    public async Task All_stations_are_told_and_then_each_that_changed()
    {
        using var watch = Stations().Watch(new());
        foreach (var id in (string[])["GUM1", "KOU1", "NCL1"])
        {
            Assert.Equal(id, (await NextAsync(watch)).Station.Id);
        }

        Assert.True((await NextAsync(watch)).UpToDate.AsOf.ToDateTimeOffset() >= OneStation.Time); // Waiting for it moves the clock.

        network.Stations["KOU1"] = network.Stations["KOU1"] with { Status = StationStatus.Silent, Alarms = ["silent-station.KOU1"] };
        var changed = (await NextAsync(watch)).Station;
        Assert.Equal(("KOU1", Wire.StationStatus.Silent), (changed.Id, changed.Status));
        Assert.Equal(["silent-station.KOU1"], changed.Alarms);

        network.Stations["ABC1"] = network.Stations["NCL1"] with { Id = "ABC1", Status = StationStatus.Unlisted };
        Assert.Equal("ABC1", (await NextAsync(watch)).Station.Id);
    }

    [Fact]
    public async Task A_pass_that_shifts_is_no_news_until_it_has_shifted_by_a_minute_and_silence_is_filled_with_a_word()
    {
        using var watch = Stations().Watch(new() { Station = "NCL1", Session = "drill" });
        var first = (await NextAsync(watch)).Station;
        Assert.Equal(("NCL1", "drill"), (first.Id, first.Session));
        Assert.NotNull((await NextAsync(watch)).UpToDate);

        network.Stations["NCL1"] = network.Stations["NCL1"] with { NextPass = Pass(5.6) with { Rise = OneStation.Time.AddSeconds(7) }, Alarms = default };
        network.Stations["GUM1"] = network.Stations["GUM1"] with { Status = StationStatus.Degraded }; // Not asked for.
        Assert.True((await NextAsync(watch)).UpToDate.AsOf.ToDateTimeOffset() >= OneStation.Time.AddSeconds(14));

        network.Stations["NCL1"] = network.Stations["NCL1"] with { NextPass = Pass(6.2) }; // Less than a minute from the last, more from what was told.
        Assert.Equal(OneStation.Time.AddMinutes(6.2), (await NextAsync(watch)).Station.NextPass.Culmination.ToDateTimeOffset());
    }

    [Fact]
    public async Task Open_alarms_are_told_oldest_change_first_and_then_each_change_also_back_to_normal()
    {
        Change("a", 1, AlarmState.Unacknowledged, 3);
        Change("b", 4, AlarmState.Normal, 0);
        Change("c", 2, AlarmState.Shelved, 1);
        using var watch = Alarms().Watch(new());
        Assert.Equal("c", (await NextAsync(watch)).Alarm.Id);
        Assert.Equal("a", (await NextAsync(watch)).Alarm.Id);
        Assert.NotNull((await NextAsync(watch)).UpToDate);

        Change("a", 2, AlarmState.Normal, 60);
        Assert.Equal(("a", Wire.AlarmState.Normal), ((await NextAsync(watch)).Alarm is var alarm ? alarm.Id : "", alarm.State));
        Change("b", 5, AlarmState.Unacknowledged, 61);
        Assert.Equal(("b", 5), ((await NextAsync(watch)).Alarm is var again ? again.Id : "", again.Version));
        Change("d", 2, AlarmState.Normal, 62); // Came and went between two reads.
        Assert.Equal("d", (await NextAsync(watch)).Alarm.Id);
    }

    [Fact]
    public async Task Only_alarms_about_a_station_are_told_to_those_who_ask()
    {
        Change("a", 1, AlarmState.Unacknowledged, 0);
        network.Alarms["b"] = network.Alarms["a"] with { Id = "b", Station = "GUM1" };
        network.Alarms["c"] = network.Alarms["a"] with { Id = "c", Station = null };
        using var watch = Alarms().Watch(new() { Station = "GUM1" });
        Assert.Equal("b", (await NextAsync(watch)).Alarm.Id);
        Assert.NotNull((await NextAsync(watch)).UpToDate);
    }

    [Fact]
    public async Task Many_watches_cost_one_read()
    {
        var watches = Enumerable.Range(0, 20).Select(_ => Stations().Watch(new())).ToArray();
        foreach (var watch in watches)
        {
            await FirstAsync(watch); // The clock stands meanwhile.
        }

        Assert.Equal(1, network.Reads);
        Array.ForEach(watches, static watch => watch.Dispose());
    }

    [Fact]
    public async Task A_fault_ends_the_watch_without_our_insides_and_the_next_one_reads_again()
    {
        using var watch = Stations().Watch(new() { Station = "NCL1" });
        await NextAsync(watch);
        await NextAsync(watch);
        network.Fault = new InvalidOperationException("secret of the insides");
        await CallStatus.FailsAsync(() => NextAsync(watch), ProblemTypes.Internal);
        network.Fault = null;
        using var again = Stations().Watch(new());
        Assert.Equal("GUM1", (await NextAsync(again)).Station.Id);
    }

    [Fact]
    public async Task A_stop_of_the_platform_ends_the_watch_and_says_so()
    {
        using var watch = Alarms().Watch(new());
        Assert.NotNull((await NextAsync(watch)).UpToDate);
        var next = watch.ResponseStream.MoveNext(default);
        await door.StopAsync();
        Assert.NotNull((await CallStatus.FailsAsync(() => next, ProblemTypes.Unavailable)).RetryAfter);
    }

    // Seconds pass until something is told.
    private async Task<T> NextAsync<T>(AsyncServerStreamingCall<T> watch)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var next = watch.ResponseStream.MoveNext(patience.Token);
        while (await Task.WhenAny(next, Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, CancellationToken.None)) != next)
        {
            time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.True(await next);
        return watch.ResponseStream.Current;
    }

    private static async Task FirstAsync<T>(AsyncServerStreamingCall<T> watch)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        Assert.True(await watch.ResponseStream.MoveNext(patience.Token));
    }

    private void Change(string id, long version, AlarmState state, int second) => network.Alarms[id] = new(
        id, "silent-station", "NCL1", state, false, AlarmPriority.Low, "What.", OneStation.Time, "Evidence.", "Action.", OneStation.Time, null, 1, null, null, null, null, null, null,
        OneStation.Time.AddSeconds(second), version);

    private static PassView Pass(double culmination) =>
        new(OneStation.Time, OneStation.Time.AddMinutes(culmination), OneStation.Time.AddMinutes(culmination + 5), 40);

    private Wire.StationService.StationServiceClient Stations() => new(door.Channel);

    private Wire.AlarmService.AlarmServiceClient Alarms() => new(door.Channel);
}
