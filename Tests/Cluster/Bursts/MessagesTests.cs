using Svom.Bursts;
using Svom.Packets;
using Svom.Packets.Messages;
using Svom.Support;

namespace Svom.Cluster.Bursts;

/// <summary>Messages inside one silo with the real stores: parts lost, closed partial by mission time, filled later, the same after a restart.</summary>
public sealed class MessagesTests : IDisposable
{
    private const string Burst = "sb26030101";
    private const string Kind = "eclairs-light-curve-high";
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_light_curve_with_lost_parts_is_closed_partial_and_filled_by_late_ones_also_after_a_restart()
    {
        await using (var silo = await SiloHost.StartAsync(folder.Path))
        {
            await IngestAsync(silo, [Frames.Heard(Frames.Alert(77, 0, 12.5)), .. Parts(1, 2, 4, 5, 7, 8)]);
            await UntilAsync(silo, static message => message.Have == 6);

            // Mission time comes by packets: the recurrent ones of the next minutes.
            await IngestAsync(silo, [.. Enumerable.Range(0, 20).Select(static n => Frames.Heard(Attitude(90 + (30 * n), n)))]);
            var partial = await UntilAsync(silo, static message => message.State is not MessageState.Open);
            Assert.Equal((MessageState.Partial, 6, 8, 1, "quiet"), (partial.State, partial.Have, partial.Expected, partial.Version, partial.ClosedBecause));
            Assert.Equal([3, 6], partial.Missing);
        }

        await using var restarted = await SiloHost.StartAsync(folder.Path);
        var burst = restarted.Grains.GetGrain<IBurstGrain>(Burst);
        Assert.Equal(MessageState.Partial, Assert.Single((await burst.MessagesAsync(default)).Value).State);
        var curve = await CurveAsync(burst);
        Assert.Null(curve.Counts[0][16]);
        Assert.Equal(100, curve.Counts[0][24]);

        await IngestAsync(restarted, [.. Parts(6, 3, 3)]);
        var filled = await UntilAsync(restarted, static message => message.State is MessageState.Complete);
        Assert.Equal((3, "complete"), (filled.Version, filled.ClosedBecause));
        Assert.DoesNotContain((await CurveAsync(burst)).Counts[0], static count => count is null);
        Assert.Contains((await burst.TimelineAsync(default)).Value, static line => line.Text.Contains("complete, after it was closed", StringComparison.Ordinal));
        Assert.Equal(new MessageSummary(0, 1, 0, 8, 8), (await burst.GetAsync(default)).Value!.Messages);

        // One burst, whatever came late.
        var all = await restarted.Grains.GetGrain<IBurstQueryGrain>(0).FindAsync(new(), default);
        Assert.Equal(Burst, Assert.Single(all.Value!.Items).Id);
    }

    [Fact]
    public async Task A_part_that_contradicts_itself_is_parked_and_others_pass_it()
    {
        await using var silo = await SiloHost.StartAsync(folder.Path);
        var broken = InventedMessages.CurveFrame(2);
        PacketDefinitions.Current[PacketKind.EclairsLightCurveHigh]["Msg_Parts"].Write(broken, 9);
        VhfFrame.Seal(broken);
        await IngestAsync(silo, [Frames.Heard(broken), .. Parts(1)]);
        Assert.Equal([2, 3, 4, 5, 6, 7, 8], (await UntilAsync(silo, static message => message.Have == 1)).Missing);
    }

    private static IEnumerable<Reception> Parts(params int[] parts) => parts.Select(static part => Frames.Heard(InventedMessages.CurveFrame(part)));

    private static byte[] Attitude(double after, int count) => new AttitudePacket(
        InventedBursts.T0.AddSeconds(after), Svom.Sky.AttitudeQuaternion.FromAttitude(new(169.79, 21.32, 52.76)), default).ToFrame(count, InventedBursts.T0.AddSeconds(after));

    private static async Task<AssembledLightCurve> CurveAsync(IBurstGrain burst)
    {
        var parts = (await burst.MessageAsync(Kind, 0, null, default)).Value!;
        return Assert.IsType<AssembledLightCurve>(AssembledMessage.Of(PacketKind.EclairsLightCurveHigh, parts.Payloads));
    }

    private static async Task<BurstMessageView> UntilAsync(SiloHost silo, Func<BurstMessageView, bool> when)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (true)
        {
            var messages = await silo.Grains.GetGrain<IBurstGrain>(Burst).MessagesAsync(patience.Token);
            if (messages.Accepted && messages.Value is [var message] && when(message))
            {
                return message;
            }

            await silo.Grains.GetGrain<ISequencerGrain>(PacketDefinitions.Current.SpacecraftName).CatchUpAsync(patience.Token);
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
        }
    }

    private static async Task IngestAsync(SiloHost silo, IEnumerable<Reception> receptions) =>
        Assert.True((await silo.Grains.GetGrain<IPacketIngestGrain>(0).IngestAsync(new([.. receptions]), default)).Accepted);
}
