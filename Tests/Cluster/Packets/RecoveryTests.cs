using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Svom.Bursts;
using Svom.EventStore;
using Svom.Packets;
using Svom.Packets.Recovery;
using Svom.Support;

namespace Svom.Cluster.Packets;

/// <summary>An alert that no station heard whole, from three broken copies to the burst, and what a whole copy changes.</summary>
public sealed class RecoveryTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly FeedId Feed = new(PacketDefinitions.Current.SpacecraftName);
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Three_broken_copies_are_one_packet_of_the_burst_and_no_notice_until_a_whole_one_comes()
    {
        await using var silo = await SiloHost.StartAsync(folder.Path);
        var alert = Frames.Alert(4711, 0, 12.5);
        await IngestAsync(silo, Frames.Heard(Frames.Grm()), Broken(alert, "NCL1", 5), Broken(alert, "REU1", 105), Broken(alert, "GUF1", 205));
        await silo.Transport.UntilAsync(static message => Says(message, "ECLAIRs alert 0: SNR 12.50 in 20.48 s (IMT), recovered from broken copies."));

        var packets = silo.Grains.GetGrain<IPacketQueryGrain>(0);
        var recovered = Assert.Single((await packets.FindAsync(new(Recovered: true), None)).Value!.Items);
        Assert.Equal((ReceptionVerdict.Recovered, "EclairsAlert", null), (recovered.Verdict, recovered.Kind, recovered.Recovered!.Linked));
        Assert.Equal([(2L, "NCL1"), (3, "REU1"), (4, "GUF1")], recovered.Recovered.From.Select(static copy => (copy.Sequence, copy.Station)));
        var detail = (await packets.GetAsync(Parse(recovered.Id), null, None)).Value!;
        Assert.Equal(Convert.ToHexString(alert), Convert.ToHexString(detail.Octets.Span));
        Assert.Empty(detail.Receptions); // Nobody received it.
        var broken = (await packets.FindAsync(new(Invalid: true), None)).Value!.Items;
        Assert.Equal([recovered.Id, recovered.Id, recovered.Id], broken.Select(static one => one.RecoveredInto));
        Assert.Equal(recovered.Id, (await packets.GetAsync(Parse(recovered.Recovered.From[0].Id), null, None)).Value!.Summary.RecoveredInto);
        Assert.Equal(0, await AlertsAsync(silo, "eclairs"));
        Assert.Equal(1, (await BurstAsync(silo)).Completeness.Single(static count => count.Kind == "eclairs-alert").Recovered);

        // The whole copy: then that is the packet, told as ever, and nothing stands there twice.
        await IngestAsync(silo, Frames.Heard(alert, "KEN1"));
        await silo.Transport.UntilAsync(static message => message.Topic == "svom/v1/alerts/eclairs/eclairs-wakeup");
        var count = (await BurstAsync(silo)).Completeness.Single(static count => count.Kind == "eclairs-alert");
        Assert.Equal((1, 0), (count.Heard, count.Recovered));
        detail = (await packets.GetAsync(Parse(recovered.Id), null, None)).Value!;
        var whole = (await packets.FindAsync(new(Apid: detail.Summary.Apid), None)).Value!.Items.Single();
        Assert.Equal((ReceptionVerdict.Valid, "KEN1", whole.Sequence), (detail.Summary.Verdict, detail.Summary.Station, detail.Summary.Recovered!.Linked));
        Assert.Equal("KEN1", Assert.Single(detail.Receptions).Station);
        var ofBurst = (await packets.FindAsync(new(Burst: (await BurstAsync(silo)).Id), None)).Value!.Items;
        Assert.Equal([ReceptionVerdict.Valid, ReceptionVerdict.Valid], ofBurst.Select(static one => one.Verdict));

        var report = await silo.Services.GetRequiredService<FeedReplay>().RunAsync(Feed, None);
        Assert.Empty(report.Differences);
        Assert.Equal((3, 1), (report.Packets, report.Bursts)); // The trigger, the recovered alert, the whole one.
    }

    [Fact]
    public async Task A_packet_that_was_heard_whole_is_not_recovered_and_its_broken_copies_say_so()
    {
        await using var silo = await SiloHost.StartAsync(folder.Path);
        var alert = Frames.Alert(4711, 0, 12.5);
        await IngestAsync(silo, Frames.Heard(alert, "KEN1"), Broken(alert, "NCL1", 5), Broken(alert, "REU1", 105), Broken(alert, "GUF1", 205), Broken(alert, "MUS1", 305));
        var tally = await silo.Grains.GetGrain<IRecoveryGrain>(Feed.ToString()).CatchUpAsync(None);
        Assert.Equal((0, 2, 0), (tally.Recovered, tally.Joined, tally.Ambiguous));
        var packets = silo.Grains.GetGrain<IPacketQueryGrain>(0);
        Assert.Empty((await packets.FindAsync(new(Recovered: true), None)).Value!.Items);
        Assert.All((await packets.FindAsync(new(Invalid: true), None)).Value!.Items, one => Assert.Equal(32, one.RecoveredInto!.Length));
    }

    [Fact] // Stopped anywhere and started again, the same comes out as in one piece: the log alone decides.
    public async Task A_restart_between_the_copies_loses_no_vote_and_doubles_no_packet()
    {
        var alert = Frames.Alert(4711, 0, 12.5);
        var stopped = new List<RememberingTransport>();
        for (var copies = 0; copies < 5; copies++)
        {
            await using var silo = await SiloHost.StartAsync(folder.Path);
            stopped.Add(silo.Transport);
            await IngestAsync(silo, Broken(alert, $"T{copies}", 5 + (100 * copies)));
            if (copies != 1)
            {
                await silo.Grains.GetGrain<IRecoveryGrain>(Feed.ToString()).CatchUpAsync(None); // Once it is stopped before it has looked.
            }
        }

        await using var last = await SiloHost.StartAsync(folder.Path);
        var tally = await last.Grains.GetGrain<IRecoveryGrain>(Feed.ToString()).CatchUpAsync(None);
        Assert.Equal((1, 2), (tally.Recovered, tally.Joined));
        if (!stopped.Exists(static one => one.Published.Any(static message => Says(message, "recovered from broken copies"))))
        {
            await last.Transport.UntilAsync(static message => Says(message, "recovered from broken copies"));
        }

        var recovered = Assert.Single((await last.Grains.GetGrain<IPacketQueryGrain>(0).FindAsync(new(Recovered: true), None)).Value!.Items);
        Assert.Equal([1L, 2, 3, 4, 5, 6], recovered.Recovered!.From.Select(static copy => copy.Sequence).Append(recovered.Sequence).Order());
    }

    [Fact]
    public async Task A_flood_of_broken_frames_holds_up_neither_the_feed_nor_what_can_be_recovered_after_it()
    {
        await using var silo = await SiloHost.StartAsync(folder.Path);
        var random = new Random(7);
        for (var piece = 0; piece < 10; piece++)
        {
            await IngestAsync(silo, [.. Enumerable.Range(0, 500).Select(n =>
            {
                var noise = new byte[100];
                random.NextBytes(noise);
                return new Reception($"F{n % 40}", Frames.T0.AddMilliseconds(n), noise);
            })]);
        }

        var alert = Frames.Alert(4711, 0, 12.5);
        await IngestAsync(silo, Frames.Heard(Frames.Grm()), Broken(alert, "NCL1", 5), Broken(alert, "REU1", 105), Broken(alert, "GUF1", 205));
        await silo.Transport.UntilAsync(static message => message.Topic == "svom/v1/alerts/grm/grm-trigger");
        await silo.Transport.UntilAsync(static message => Says(message, "recovered from broken copies"));
        var tally = await silo.Grains.GetGrain<IRecoveryGrain>(Feed.ToString()).CatchUpAsync(None);
        Assert.Equal(1, tally.Recovered);
        Assert.InRange(tally.Displaced, 4_000, 5_003);
    }

    [Fact] // BeiDou or X band bring what VHF lost, hours later: ordinary receptions, and a recovered packet becomes a whole one.
    public async Task A_second_source_fills_holes_late_and_links_what_was_recovered()
    {
        await using var silo = await SiloHost.StartAsync(folder.Path, settings: new() { ["Svom:Recovery:SecondSources:0"] = "XBAND" });
        byte[][] alerts = [.. Enumerable.Range(0, 4).Select(static n => Frames.Alert(4711, n, 6.1 + n, quality: 10, sequenceCount: n))];
        await IngestAsync(silo, Frames.Heard(alerts[3]), Broken(alerts[1], "NCL1", 5), Broken(alerts[1], "REU1", 105), Broken(alerts[1], "GUF1", 205));
        await silo.Transport.UntilAsync(static message => Says(message, "ECLAIRs alert 1: SNR 7.10 in 20.48 s (IMT), recovered from broken copies."));
        Assert.Equal((2, (int?)2, 1), await AlertsHeardAsync(silo));

        await IngestAsync(silo, [.. alerts[..3].Select(static alert => Frames.Heard(alert, "XBAND", delaySeconds: 7_200))]);
        await silo.Transport.UntilAsync(static message => Says(message, "ECLAIRs alert 2"));
        Assert.Equal((4, (int?)0, 0), await AlertsHeardAsync(silo));
        var packets = silo.Grains.GetGrain<IPacketQueryGrain>(0);
        var late = (await packets.FindAsync(new(), None)).Value!.Items;
        Assert.Equal([true, true, true, false], late.Select(static packet => packet.Late));
        var recovered = Assert.Single((await packets.FindAsync(new(Recovered: true), None)).Value!.Items);
        var whole = (await packets.GetAsync(Parse(recovered.Id), null, None)).Value!;
        Assert.Equal((true, whole.Summary.Sequence), (whole.Summary.Late, recovered.Recovered!.Linked));
        Assert.True(Assert.Single(whole.Receptions).Late);
    }

    [Fact] // A curve of eight parts, of which nobody heard the second whole.
    public async Task A_part_of_a_message_from_broken_copies_counts_as_recovered_until_a_whole_copy_comes()
    {
        await using var silo = await SiloHost.StartAsync(folder.Path);
        var part = InventedMessages.CurveFrame(2, observation: 4711);
        await IngestAsync(
            silo, Frames.Heard(Frames.Alert(4711, 0, 12.5)), Frames.Heard(InventedMessages.CurveFrame(1, observation: 4711)), Broken(part, "NCL1", 5), Broken(part, "REU1", 105), Broken(part, "GUF1", 205));
        await UntilAsync(silo, static message => message.Have == 2);
        Assert.Equal([2], (await MessageAsync(silo))!.Recovered);
        Assert.Equal((2, 1, 2, 2), await CurveAsync());
        Assert.Equal(1, (await BurstAsync(silo)).Messages!.PartsRecovered);

        await IngestAsync(silo, Frames.Heard(part, "KEN1"));
        await UntilAsync(silo, static message => message.Recovered.IsEmpty);
        Assert.Equal((2, 0, 2, 2), await CurveAsync());

        async Task<(int Heard, int Recovered, int Expected, int Present)> CurveAsync()
        {
            var count = (await BurstAsync(silo)).Completeness.Single(static count => count.Kind == "eclairs-light-curve-high");
            return (count.Heard, count.Recovered, count.Expected, count.Present);
        }
    }

    private static async Task UntilAsync(SiloHost silo, Func<BurstMessageView, bool> when)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await MessageAsync(silo) is not { } message || !when(message))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
        }
    }

    private static async Task<BurstMessageView?> MessageAsync(SiloHost silo) =>
        (await silo.Grains.GetGrain<IBurstGrain>("sb26030101").MessagesAsync(None)) is { Accepted: true, Value: [var message] } ? message : null;

    private static PacketId Parse(string id) => PacketId.TryParse(id, out var parsed) ? parsed : throw new FormatException(id);

    private static bool Says(Svom.Notifications.Publication message, string text) =>
        message.Topic.EndsWith("/events", StringComparison.Ordinal) && Encoding.UTF8.GetString(message.Payload.Span).Contains(text, StringComparison.Ordinal);

    private static async Task<BurstView> BurstAsync(SiloHost silo) => (await silo.Grains.GetGrain<IBurstQueryGrain>(0).FindAsync(new(), None)).Value!.Items.Single();

    private static async Task<(int Heard, int? Missing, int Recovered)> AlertsHeardAsync(SiloHost silo)
    {
        var count = (await BurstAsync(silo)).Completeness.Single(static count => count.Kind == "eclairs-alert");
        return (count.Heard, count.Missing, count.Recovered);
    }

    private static async Task<int> AlertsAsync(SiloHost silo, string instrument)
    {
        await silo.Grains.GetGrain<ISequencerGrain>(Feed.ToString()).CatchUpAsync(None);
        var notices = await silo.Services.GetRequiredService<IEventStore>().ArchiveAsync("notices", 0, 100, None);
        return notices.Count(notice => notice.Entry.Kind.StartsWith(instrument, StringComparison.Ordinal) && notice.Entry.Kind != NoticeTypes.Preliminary);
    }

    private static Reception Broken(byte[] frame, string station, int bit)
    {
        var octets = (byte[])frame.Clone();
        foreach (var wrong in new[] { bit, bit + 37, bit + 71 })
        {
            octets[wrong / 8] ^= (byte)(1 << (wrong % 8));
        }

        return Frames.Heard(frame, station) with { Octets = octets };
    }

    private static async Task IngestAsync(SiloHost silo, params Reception[] receptions) =>
        Assert.True((await silo.Grains.GetGrain<IPacketIngestGrain>(0).IngestAsync(new([.. receptions]), default)).Accepted);
}
