using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Svom.Packets;
using Svom.Stations;

namespace Svom.Monitoring;

/// <summary>Anybody may invent names of stations and sessions; figures must not grow with them.</summary>
public sealed class StationFiguresTests
{
    [Fact]
    public void Stations_that_are_not_listed_share_one_series()
    {
        using var services = new ServiceCollection().AddMetrics().AddSingleton<PacketMetrics>().BuildServiceProvider();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var meter = services.GetRequiredService<IMeterFactory>().Create(PacketMetrics.MeterName);
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listener) =>
            {
                if (ReferenceEquals(instrument.Meter, meter) && instrument.Name == "svom.station.receptions")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            if (value > 0)
            {
                seen.Add(string.Join(' ', tags.ToArray().Select(static tag => $"{tag.Key}={tag.Value}")));
            }
        });
        listener.Start();
        var metrics = services.GetRequiredService<PacketMetrics>();

        var fold = new WatchFold(StationList.Bundled, new(), null);
        foreach (var session in Enumerable.Range(0, 100).Select(static n => n == 0 ? null : $"drill-{n}"))
        {
            var book = new StationBook(TimeSpan.FromMinutes(1));
            foreach (var station in (string[])["NCL1", $"INVENTED-{session}", "AAAA"])
            {
                book[station].Receptions += 3;
                book[station].Valid += 2;
                book[station].Broken++;
            }

            metrics.Counted(new("svom", session), fold, book);
        }

        Assert.Equal(
            from feed in (string[])["live", "rehearsal"]
            from station in (string[])["NCL1", "other"]
            from verdict in (string[])["broken", "valid"]
            select $"station={station} verdict={verdict} feed={feed}",
            seen.OrderBy(static series => series.Split("feed=")[1], StringComparer.Ordinal).ThenBy(static series => series, StringComparer.Ordinal));
    }
}
