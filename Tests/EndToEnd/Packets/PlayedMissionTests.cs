using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Svom.Hosting;
using Svom.Packets;
using Svom.Simulation;
using Svom.Support;

namespace Svom.EndToEnd.Packets;

/// <summary>Some hours of a mission at its real rates: what the thirty days of the benchmark are, in small.</summary>
[Collection(PlatformCollection.Name)]
public sealed class PlayedMissionTests
{
    private static readonly FeedId Feed = new(PacketDefinitions.Current.SpacecraftName);
    private static readonly Mission Mission = Mission.Make(20260601, new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero), TimeSpan.FromHours(9), 4);

    [Fact]
    public async Task Hours_of_a_mission_give_every_notice_name_every_outage_and_come_out_the_same_twice()
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var kept = new TemporaryFolder();
        await using (var platform = await Platform.StartAsync(kept.Path, Settings, cancellation, static builder => builder.Logging.AddFilter("Svom", LogLevel.Error)))
        {
            var services = platform.Application.Services;
            var arrived = await new MissionArrival(services, Feed).RunAsync(Mission, cancellation);

            Assert.Equal(arrived.Receptions, arrived.Accepted + arrived.Duplicates);
            Assert.True(arrived is { Broken: > 0, Duplicates: > 0, Lost: > 0, Unheard: > 0 }, $"{arrived}");
            Assert.Empty(await MissionVerdict.FaultsAsync(Mission, services.GetRequiredService<IGrainFactory>(), Feed, cancellation));
            var alarms = await MissionWatch.AlarmsAsync(services.GetRequiredService<IPacketLog>(), Feed, cancellation);
            var wrong = MissionWatch.Faults(Mission, alarms);
            Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong.Concat(alarms.Select(static alarm => $"{alarm}")).Concat(Mission.Outages.Select(static outage => $"{outage.Kind} {outage.From:t} {outage.To:t}: {string.Join(' ', outage.Stations)}; missed {string.Join(' ', outage.Missed)}"))));
        }

        foreach (var resimulate in new[] { false, true })
        {
            var (first, second) = (await ReplayedAsync(kept.Path, resimulate), await ReplayedAsync(kept.Path, resimulate));
            Assert.Equal(first, second);
            using var report = JsonDocument.Parse(first);
            Assert.Equal(Mission.Bursts.Count, report.RootElement.GetProperty("bursts").GetInt32());
            Assert.Equal(Mission.Bursts.Sum(static burst => burst.Notices.Count), report.RootElement.GetProperty("notices").GetInt32());
        }
    }

    private static KeyValuePair<string, string?>[] Settings => [new("Svom:Ports:Http", "0"), new("Svom:Ports:Grpc", "0"), new("Svom:Ports:Mqtt", "0")];

    private static async Task<string> ReplayedAsync(string folder, bool resimulate)
    {
        await using var output = new StringWriter();
        var code = await ReplayCommand.RunAsync(folder, [], new(null, null, null, null, resimulate, Json: true), output, TextWriter.Null, TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.True(code == 0, output.ToString());
        return output.ToString();
    }
}
