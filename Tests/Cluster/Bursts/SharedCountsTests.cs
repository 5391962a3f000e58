using Svom.Bursts;
using Svom.Packets;
using Svom.Support;

namespace Svom.Cluster.Bursts;

/// <summary>Two bursts whose light curves take turns: the application counts on whichever it sends of, and only what nobody heard is missing.</summary>
public sealed class SharedCountsTests : IDisposable
{
    private const string Kind = "eclairs-light-curve-high";
    private const string First = "sb26030101";
    private const string Second = "sb26030102";

    // The count after which it begins at 0 lies between.
    private const int Begin = 16_380;

    private static readonly DateTimeOffset SecondT0 = InventedBursts.T0.AddMinutes(30);
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Counts_that_went_to_another_burst_are_not_missing_whenever_they_come()
    {
        await using var silo = await SiloHost.StartAsync(folder.Path);
        await IngestAsync(silo, Frames.Alert(77, 0, 12.5), Frames.Alert(88, 0, 12.5, t0: SecondT0, sequenceCount: 1));

        // Ten packets in turn. Of the second burst the third was heard by nobody and the fourth comes late; the last ends both.
        var sent = Enumerable.Range(0, 10).Select(static n => InventedMessages.CurveFrame(
            (n / 2) + 1, observation: n % 2 == 0 ? 77u : 88, t0: n % 2 == 0 ? InventedBursts.T0 : SecondT0, sequenceCount: (Begin + n) % 16_384, sentAt: SecondT0.AddSeconds(100 + (2 * n)))).ToArray();
        await IngestAsync(silo, [.. sent.Where(static (_, n) => n is not (5 or 7))]);
        Assert.Equal((7, 5), await UntilAsync(silo, First, present: 5)); // Nine counts, two of the other burst between, two heard by nobody yet.
        Assert.Equal((5, 3), await UntilAsync(silo, Second, present: 3));

        // It went to the other burst: this one was told nothing, and knows.
        await IngestAsync(silo, sent[7]);
        Assert.Equal((5, 4), await UntilAsync(silo, Second, present: 4));
        Assert.Equal((6, 5), await UntilAsync(silo, First, present: 5));
        var listed = (await silo.Grains.GetGrain<IBurstQueryGrain>(0).FindAsync(new(), default)).Value!.Items;
        Assert.Equal([(First, (6, 5)), (Second, (5, 4))], listed.Select(static burst => (burst.Id, Counts(burst))).Order());
        var found = (await silo.Grains.GetGrain<IBurstQueryGrain>(0).FindAsync(new(Observation: "77"), default)).Value!.Items;
        Assert.Equal((6, 5), Counts(Assert.Single(found)));
        var answer = (await silo.Grains.GetGrain<IBurstGrain>(First).ActAsync(InventedBursts.Act(BurstActKind.Acknowledge), default)).Value!;
        Assert.Equal((6, 5), Counts(answer.Burst));
    }

    [Fact] // The same counts in a rehearsal are another application's.
    public async Task A_rehearsal_explains_no_gap_of_the_live_feed()
    {
        await using var silo = await SiloHost.StartAsync(folder.Path);
        await IngestAsync(silo, Frames.Alert(77, 0, 12.5), InventedMessages.CurveFrame(1), InventedMessages.CurveFrame(3));
        var outcome = await silo.Grains.GetGrain<IPacketIngestGrain>(0).IngestAsync(new([Frames.Heard(InventedMessages.CurveFrame(2), session: "drill")]), default);
        Assert.True(outcome.Accepted);
        Assert.Equal((3, 2), await UntilAsync(silo, First, present: 2));
    }

    private static (int Expected, int Present) Counts(BurstView burst)
    {
        var count = burst.Completeness.Single(static count => count.Kind == Kind);
        Assert.Null(count.Gaps);
        return (count.Expected, count.Present);
    }

    private static async Task<(int Expected, int Present)> UntilAsync(SiloHost silo, string burst, int present)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            var view = await silo.Grains.GetGrain<IBurstGrain>(burst).GetAsync(patience.Token);
            if (view.Accepted && view.Value.Completeness.Any(count => count.Kind == Kind && count.Present == present))
            {
                return Counts(view.Value);
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
        }
    }

    private static async Task IngestAsync(SiloHost silo, params byte[][] frames) => Assert.True(
        (await silo.Grains.GetGrain<IPacketIngestGrain>(0).IngestAsync(new([.. frames.Select(static frame => Frames.Heard(frame))]), default)).Accepted);
}
