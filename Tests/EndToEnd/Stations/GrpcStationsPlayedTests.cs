extern alias Gateway;

using Grpc.Core;
using Grpc.Net.Client;
using Svom.Stations;
using Wire = Gateway::Svom.V1;

namespace Svom.EndToEnd.Stations;

/// <summary>A network is watched by gRPC while it delivers.</summary>
[Collection(PlatformCollection.Name)]
public sealed class GrpcStationsPlayedTests
{
    [Fact]
    public async Task Who_watches_the_network_sees_every_station_and_at_last_all_that_was_delivered()
    {
        await using var platform = await PlayedPlatform.StartAsync(new Dictionary<string, string?>(StringComparer.Ordinal) { ["Svom:Stations:Gather"] = "00:00:00.100" });
        using var channel = GrpcChannel.ForAddress($"http://127.0.0.1:{platform.GrpcPort}");
        var stations = new Wire.StationService.StationServiceClient(channel);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var watch = stations.Watch(new(), cancellationToken: patience.Token);
        var seen = new Dictionary<string, Wire.Station>(StringComparer.Ordinal);
        while ((await NextAsync(watch)).Station is { } station)
        {
            seen.Add(station.Id, station);
            Assert.Equal((Wire.StationStatus.NeverHeard, 0), (station.Status, station.Receptions));
        }

        Assert.Equal(StationList.Bundled.Select(static station => station.Id).Order(StringComparer.Ordinal), seen.Keys.Order(StringComparer.Ordinal));

        var played = await platform.PlayAsync(PlayedPlatform.Bundled("sb26051101"));
        while (seen.Values.Sum(static station => station.Receptions) < played.Accepted)
        {
            if ((await NextAsync(watch)).Station is { } station)
            {
                Assert.NotEqual(seen[station.Id], station);
                seen[station.Id] = station;
            }
        }

        Assert.Equal(played.Accepted, seen.Values.Sum(static station => station.Receptions));
        var listed = (await stations.ListAsync(new() { PageSize = 1_000 }, cancellationToken: patience.Token)).Stations;
        Assert.Equal(seen.Values.Select(Counts).Order(), listed.Select(Counts).Order());

        // Nothing was wrong yet.
        var alarms = new Wire.AlarmService.AlarmServiceClient(channel);
        using var wrong = alarms.Watch(new(), cancellationToken: patience.Token);
        Assert.NotNull((await NextAsync(wrong)).UpToDate);
        var unknown = await Assert.ThrowsAsync<RpcException>(() => alarms.AcknowledgeAsync(
            new() { Id = "silent-station.NCL1" }, new Metadata { { "authorization", $"Bearer {platform.Token}" } }, cancellationToken: patience.Token).ResponseAsync);
        Assert.Equal(StatusCode.NotFound, unknown.StatusCode);
    }

    private static (string Id, long Receptions, long Valid) Counts(Wire.Station station) => (station.Id, station.Receptions, station.Valid);

    private static async Task<T> NextAsync<T>(AsyncServerStreamingCall<T> watch)
    {
        Assert.True(await watch.ResponseStream.MoveNext(default));
        return watch.ResponseStream.Current;
    }
}
