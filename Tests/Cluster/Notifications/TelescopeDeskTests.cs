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

            var unknown = await desk.ReceivedAsync(first with { Envelope = Guid.NewGuid() }, default);
            Assert.Equal(RefusalCode.NotFound, unknown.Refusal!.Code);
            Assert.StartsWith("No alert of this platform has the envelope", unknown.Refusal.Detail, StringComparison.Ordinal);

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

        // A follower hears each word that counted, once, in the order in which it became durable.
        var follow = again.Grains.GetGrain<ITelescopeFollowGrain>(0);
        var words = await follow.AfterAsync(0, 1_000, TimeSpan.Zero, default);
        Assert.Equal(24, words.Length);
        Assert.Equal(words[^1].Sequence, await follow.HeadAsync(default));
        Assert.Equal((Burst, $"{Burst}_grm-trigger", receipts[0]), (words[0].Burst, words[0].Notice, words[0].Receipt));
        Assert.All(words[1..21], static word => Assert.Equal((Burst, true), (word.Burst, word.Receipt is not null)));
        Assert.Equal(
            [TelescopeIntentKind.WillObserve, TelescopeIntentKind.Cannot, TelescopeIntentKind.WillObserve], words[21..].Select(static word => word.Intent!.Intent));
        var waiting = follow.AfterAsync(words[^1].Sequence, 10, TimeSpan.FromSeconds(5), default);
        await kept.IntendsAsync(Intent(TelescopeIntentKind.Done), default);
        Assert.Equal((words[^1].Sequence + 1, TelescopeIntentKind.Done), (Assert.Single(await waiting) is var word ? (word.Sequence, word.Intent!.Intent) : default));
    }

    private static TelescopeIntent Intent(TelescopeIntentKind kind) => new("colibri", Burst, kind, "clear sky", Time, Time);
}
