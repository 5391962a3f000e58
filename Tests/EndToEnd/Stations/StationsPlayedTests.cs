using System.Text.Json;
using Svom.Simulation;
using Svom.Stations;

namespace Svom.EndToEnd.Stations;

/// <summary>What the network says that it sent is what the platform says that its stations delivered.</summary>
[Collection(PlatformCollection.Name)]
public sealed class StationsPlayedTests
{
    private static readonly NetworkFaults Rough = new(Seed: 5, Loss: 0.05, Duplicate: 0.2, Corrupt: 0.1, Late: 0.1);

    [Theory]
    [InlineData(null), InlineData("drill")]
    public async Task Sums_over_the_stations_equal_the_simulators_summary(string? session)
    {
        var scenario = PlayedPlatform.Bundled("sb26051101");
        await using var platform = await PlayedPlatform.StartAsync(new Dictionary<string, string?>(StringComparer.Ordinal) { ["Svom:Stations:Gather"] = "00:00:00.100" });
        var played = await platform.PlayAsync(scenario, Rough, session);

        var stations = await UntilAsync(platform, session, played.Accepted);
        Assert.True(played is { Duplicates: > 0, Invalid: > 0, Accepted: > 0 });
        Assert.Equal(played.Sent, played.Accepted + played.Duplicates);
        Assert.Equal(played.Invalid, stations.Sum(static station => station.GetProperty("broken").GetInt64()));
        Assert.Equal(played.Accepted - played.Invalid, stations.Sum(static station => station.GetProperty("valid").GetInt64()));
        Assert.Equal(StationList.Bundled.Select(static station => station.Id).Order(StringComparer.Ordinal), stations.Select(static station => station.GetProperty("id").GetString()));

        // Each by itself, from the plan.
        var plan = ScenarioPlan.Make(scenario, Rough).Events.OfType<PlannedReception>()
            .DistinctBy(static reception => (reception.Station, reception.ReceivedAt, Convert.ToHexString(reception.Octets.Span)))
            .GroupBy(static reception => reception.Station, StringComparer.Ordinal).ToDictionary(static station => station.Key, static station => station.LongCount(), StringComparer.Ordinal);
        Assert.Equal(plan, stations.Where(static station => Count(station) > 0).ToDictionary(static station => station.GetProperty("id").GetString()!, Count, StringComparer.Ordinal));

        // The other feed heard nothing.
        Assert.All(await StationsAsync(platform, session is null ? "drill" : null), static station => Assert.Equal(0, Count(station)));
    }

    private static long Count(JsonElement station) => station.GetProperty("receptions").GetInt64();

    private static async Task<List<JsonElement>> UntilAsync(PlayedPlatform platform, string? session, long receptions)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            var stations = await StationsAsync(platform, session);
            if (stations.Sum(Count) == receptions)
            {
                return stations;
            }

            Assert.False(patience.IsCancellationRequested, $"{stations.Sum(Count)} receptions are counted, {receptions} were accepted.");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, CancellationToken.None);
        }
    }

    private static async Task<List<JsonElement>> StationsAsync(PlayedPlatform platform, string? session)
    {
        using var answer = JsonDocument.Parse(await platform.Http.GetStringAsync($"/api/v1/stations?limit=1000{(session is null ? "" : $"&session={session}")}", TestContext.Current.CancellationToken));
        return [.. answer.RootElement.Clone().GetProperty("items").EnumerateArray()];
    }
}
