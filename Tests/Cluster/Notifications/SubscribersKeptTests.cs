using Svom.Notifications;
using Svom.Packets;
using Svom.Support;

namespace Svom.Cluster.Notifications;

/// <summary>What the broker reads when it starts again, in one silo with the real stores.</summary>
public sealed class SubscribersKeptTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_shelf_of_subscribers_is_there_after_a_restart_to_the_letter()
    {
        var dome = new Subscriber(
            "望遠鏡 \"1\"/#", "colibri", TimeSpan.FromDays(7), new(2026, 5, 11, 1, 2, 3, TimeSpan.Zero), 42,
            [new("svom/v1/alerts/#", 1, NoLocal: true, RetainAsPublished: true, RetainHandling: 2, Identifier: 7, Since: 40), new("+/\u0001", 2, false, false, 0, 0, 0)]);
        var passing = dome with { ClientId = "", User = null, LeftAt = null, Filters = [] };
        await using (var silo = await SiloHost.StartAsync(folder.Path))
        {
            Assert.Empty(await Shelf(silo, "named").LoadAsync(default));
            await Shelf(silo, "named").KeepAsync([dome], default);
            await Shelf(silo, "named").KeepAsync([dome, passing], default);
        }

        await using var restarted = await SiloHost.StartAsync(folder.Path);
        var kept = await Shelf(restarted, "named").LoadAsync(default);
        Assert.Equal([dome with { Filters = default }, passing with { Filters = default }], kept.Select(static subscriber => subscriber with { Filters = default }));
        Assert.Equal(dome.Filters, kept[0].Filters.AsEnumerable());
        Assert.Empty(await Shelf(restarted, "anonymous").LoadAsync(default));
    }

    [Fact]
    public async Task The_archive_gives_an_alert_again_as_it_went_out()
    {
        await using var silo = await SiloHost.StartAsync(folder.Path);
        var archive = silo.Grains.GetGrain<INoticeArchiveGrain>(0);
        Assert.Empty(await archive.PublishedAsync(0, 10, default));
        Assert.Equal(0, await archive.PublishedHeadAsync(default));
        await silo.Grains.GetGrain<IPacketIngestGrain>(0).IngestAsync(new([Frames.Heard(Frames.Grm())]), default);
        var sent = await silo.Transport.UntilAsync(static message => message.Topic == "svom/v1/alerts/grm/grm-trigger");
        await silo.Transport.UntilAsync(static message => message.Topic.EndsWith("/state", StringComparison.Ordinal)); // By now the alert is confirmed.

        var alert = Assert.Single(await archive.PublishedAsync(0, 10, default));
        var again = Assert.Single(alert.ToPublications());
        Assert.Equal((sent.Topic, sent.ContentType, sent.Retain, sent.Expiry, sent.Sequence), (again.Topic, again.ContentType, again.Retain, again.Expiry, again.Sequence));
        Assert.Equal(sent.Payload.ToArray(), again.Payload.ToArray());
        Assert.Equal(sent.Properties, again.Properties);
        Assert.Equal(alert.Sequence, await archive.PublishedHeadAsync(default));
        Assert.Empty(await archive.PublishedAsync(alert.Sequence, 10, default));
        Assert.Empty(await archive.PublishedAsync(0, 0, default));
    }

    private static ISubscriberGrain Shelf(SiloHost silo, string name) => silo.Grains.GetGrain<ISubscriberGrain>(name);
}
