using Svom.Bursts;
using Svom.Notifications;
using Svom.Outcomes;
using Svom.Packets;
using Svom.Support;

namespace Svom.Cluster.Notifications;

/// <summary>What telescopes say, inside one silo with the real stores, over a restart.</summary>
public sealed class TelescopeDeskTests : IDisposable
{
    private const string Burst = "sb26030101";
    private static readonly DateTimeOffset Time = new(2026, 3, 1, 4, 20, 0, TimeSpan.Zero);
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Receipts_and_intents_are_kept_once_in_their_order()
    {
        Guid envelope;
        await using (var silo = await SiloHost.StartAsync(folder.Path))
        {
            await silo.Grains.GetGrain<IPacketIngestGrain>(0).IngestAsync(new([Frames.Heard(Frames.Grm())]), default);
            var alert = await silo.Transport.UntilAsync(static message => message.Topic == "svom/v1/alerts/grm/grm-trigger");
            envelope = Guid.Parse(alert.Properties.Single(static property => property.Key == "id").Value);
            var desk = silo.Grains.GetGrain<ITelescopeDeskGrain>(0);
            var first = new TelescopeReceipt("colibri", envelope, Time, Time);
            Assert.Equal(first, (await desk.ReceivedAsync(first, default)).Value);
            Assert.Equal(first, (await desk.ReceivedAsync(first with { ReceivedAt = Time.AddSeconds(9) }, default)).Value); // The first counts.
            await Task.WhenAll(Enumerable.Range(0, 20).Select(n => desk.ReceivedAsync(new($"tele{n}", envelope, Time, Time), default))); // At once, nobody's is lost.

            await desk.IntendsAsync(Intent(TelescopeIntentKind.WillObserve), default);
            await desk.IntendsAsync(Intent(TelescopeIntentKind.WillObserve) with { ToldAt = Time.AddMinutes(1) }, default); // Said again.
            await desk.IntendsAsync(Intent(TelescopeIntentKind.Cannot), default);
            await desk.IntendsAsync(Intent(TelescopeIntentKind.WillObserve), default); // A change of mind back is one.
            Assert.Equal(RefusalCode.NotFound, (await desk.IntendsAsync(Intent(TelescopeIntentKind.Done) with { Burst = "sb26030199" }, default)).Refusal!.Code);
        }

        await using var again = await SiloHost.StartAsync(folder.Path);
        var kept = again.Grains.GetGrain<ITelescopeDeskGrain>(0);
        var receipts = (await kept.ReceiptsAsync($"{Burst}_grm-trigger", default)).Value;
        Assert.Equal((21, "colibri", envelope, Time), (receipts.Length, receipts[0].Telescope, receipts[0].Envelope, receipts[0].ReceivedAt));
        Assert.Equal(
            [TelescopeIntentKind.WillObserve, TelescopeIntentKind.Cannot, TelescopeIntentKind.WillObserve], (await kept.IntentsAsync(Burst, default)).Select(static intent => intent.Intent));
        Assert.Equal(RefusalCode.NotFound, (await kept.ReceiptsAsync("sb26030101_nothing", default)).Refusal!.Code);
    }

    private static TelescopeIntent Intent(TelescopeIntentKind kind) => new("colibri", Burst, kind, "clear sky", Time, Time);
}
