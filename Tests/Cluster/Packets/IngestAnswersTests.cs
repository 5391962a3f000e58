using System.Text;
using Svom.Bursts;
using Svom.Outcomes;
using Svom.Packets;
using Svom.Support;

namespace Svom.Cluster.Packets;

/// <summary>Whatever a station sends has a defined answer: docs/reference/ingest.md lists them.</summary>
public sealed class IngestAnswersTests : IAsyncLifetime
{
    private readonly TemporaryFolder folder = new();
    private SiloHost silo = null!;

    public async ValueTask InitializeAsync() => silo = await SiloHost.StartAsync(folder.Path);

    public async ValueTask DisposeAsync()
    {
        await silo.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task A_repeat_of_a_reception_counts_and_stores_nothing()
    {
        var reception = Frames.Heard(Frames.Grm());
        await IngestAsync(reception);
        var again = await IngestAsync(reception, reception);

        Assert.Equal(new IngestAnswer(0, 2, 0, null, null), again);
        Assert.Single((await PacketsAsync(new())).Items);
    }

    [Fact]
    public async Task Another_stations_copy_is_kept_and_makes_no_second_packet()
    {
        await IngestAsync(Frames.Heard(Frames.Grm()));
        var copy = await IngestAsync(Frames.Heard(Frames.Grm(), "REU1"));

        Assert.Equal(new IngestAnswer(1, 0, 0, 2, 2), copy);
        var packet = Assert.Single((await PacketsAsync(new())).Items);
        var whole = (await Query.GetAsync(Id(packet), null, default)).Value!;
        Assert.Equal(["NCL1", "REU1"], whole.Receptions.Select(static reception => reception.Station));
        Assert.Contains(whole.Fields, static field => field is { Name: "Grm_Grd2", Value: "true" });
    }

    [Theory]
    [InlineData("short", ReceptionVerdict.WrongLength)]
    [InlineData("rubbish", ReceptionVerdict.WrongLength)]
    [InlineData("flipped bit", ReceptionVerdict.BadCrc)]
    [InlineData("other satellite", ReceptionVerdict.ForeignSpacecraft)]
    [InlineData("no packet", ReceptionVerdict.NotASpacePacket)]
    [InlineData("unknown application", ReceptionVerdict.UnknownApid)]
    [InlineData("wrong packet length", ReceptionVerdict.LengthMismatch)]
    public async Task What_is_no_packet_of_ours_is_kept_diverted_and_browsable_with_its_reason(string hurt, ReceptionVerdict verdict)
    {
        var octets = Hurt(hurt);
        var answer = await IngestAsync(new Reception("NCL1", Frames.T0, octets), Frames.Heard(Frames.Grm()));

        Assert.Equal(new IngestAnswer(2, 0, 1, 1, 2), answer);
        var diverted = Assert.Single((await PacketsAsync(new(Invalid: true))).Items);
        Assert.Equal(verdict, diverted.Verdict);
        Assert.Equal(octets, (await Query.GetAsync(Id(diverted), null, default)).Value!.Octets.ToArray());
        Assert.Single((await PacketsAsync(new())).Items);
    }

    [Fact]
    public async Task A_wrapped_sequence_count_is_another_packet()
    {
        var t0 = new DateTimeOffset(2026, 3, 1, 4, 0, 0, TimeSpan.Zero);
        var answer = await IngestAsync(Frames.Heard(Frames.Grm(16383, t0: t0)), Frames.Heard(Frames.Grm(0, t0: t0.AddSeconds(30))), Frames.Heard(Frames.Grm(16383, t0: t0.AddHours(9))));

        Assert.Equal((3, 0, 0), (answer.Accepted, answer.Duplicates, answer.Invalid));
        Assert.DoesNotContain((await PacketsAsync(new())).Items, static packet => packet.Conflict);
    }

    [Fact]
    public async Task Two_contents_under_one_header_are_both_kept_and_flagged()
    {
        var t0 = new DateTimeOffset(2026, 3, 1, 4, 0, 0, TimeSpan.Zero);
        await IngestAsync(Frames.Heard(Frames.Grm(5, "011", t0)), Frames.Heard(Frames.Grm(5, "110", t0)));

        var packets = (await PacketsAsync(new())).Items;
        Assert.Equal(2, packets.Length);
        Assert.All(packets, static packet => Assert.True(packet.Conflict));
    }

    [Fact]
    public async Task A_copy_hours_late_enriches_and_raises_no_second_alert()
    {
        await IngestAsync(Frames.Heard(Frames.Grm()));
        await silo.Transport.UntilAsync(static message => message.Topic == "svom/v1/alerts/grm/grm-trigger");
        await IngestAsync(Frames.Heard(Frames.Grm(), "TAH1", delaySeconds: 3 * 3600), Frames.Heard(Frames.Alert(4711, 0, 12.5)));
        await silo.Transport.UntilAsync(static message => message.Topic == "svom/v1/alerts/eclairs/eclairs-wakeup");

        Assert.Single(silo.Transport.Published, static message => message.Topic == "svom/v1/alerts/grm/grm-trigger");
        Assert.Single((await silo.Grains.GetGrain<IBurstQueryGrain>(0).FindAsync(new(), default)).Value!.Items);
    }

    [Fact]
    public async Task Packets_out_of_order_tell_the_same_burst()
    {
        await IngestAsync(
            Frames.Heard(Frames.Alert(4711, 2, 11, quality: 128)), Frames.Heard(Frames.Alert(4711, 0, 12.5, quality: 128)), Frames.Heard(Frames.Alert(4711, 1, 20, quality: 128)));
        await silo.Transport.UntilAsync(static message => message.Topic == "svom/v1/bursts/sb26030101/state");

        var burst = (await silo.Grains.GetGrain<IBurstGrain>("sb26030101").GetAsync(default)).Value!;
        Assert.Equal(20, burst.Best!.Snr, 3);
        Assert.Equal("4711", burst.Observation);
        Assert.Equal(0, Assert.Single(burst.Completeness, static count => count.Heard == 3).Missing);
    }

    [Theory]
    [InlineData("", "NCL1", 100)]
    [InlineData("no\tname", "NCL1", 100)]
    [InlineData(null, "", 100)]
    [InlineData(null, "NCL1", 0)]
    [InlineData(null, "NCL1", Reception.MaxOctets + 1)]
    public async Task An_element_that_is_no_reception_refuses_the_whole_batch_by_its_index(string? session, string station, int octets)
    {
        var answer = await silo.Grains.GetGrain<IPacketIngestGrain>(0).IngestAsync(
            new([Frames.Heard(Frames.Grm()), new Reception(station, Frames.T0, new byte[octets], Session: session)]), default);

        Assert.Equal(RefusalCode.Invalid, answer.Refusal?.Code);
        Assert.Contains("Element 1", answer.Refusal!.Detail, StringComparison.Ordinal);
        Assert.Empty((await PacketsAsync(new())).Items);
    }

    [Fact]
    public async Task The_packets_of_a_burst_are_found_by_it()
    {
        await IngestAsync(Frames.Heard(Frames.Grm()), Frames.Heard(Frames.Alert(4711, 0, 12.5)));
        await silo.Transport.UntilAsync(static message => message.Topic == "svom/v1/alerts/eclairs/eclairs-wakeup");

        var packets = (await PacketsAsync(new(Burst: "sb26030101"))).Items;
        Assert.Equal([2, 1], packets.Select(static packet => packet.Sequence));
        Assert.Equal(RefusalCode.NotFound, (await Query.FindAsync(new(Burst: "sb99010101"), default)).Refusal?.Code);
    }

    private IPacketQueryGrain Query => silo.Grains.GetGrain<IPacketQueryGrain>(0);

    private static PacketId Id(PacketSummary packet) => PacketId.TryParse(packet.Id, out var id) ? id : throw new FormatException(packet.Id);

    private static byte[] Hurt(string how)
    {
        var frame = Frames.Grm();
        switch (how)
        {
            case "short":
                return frame[..99];
            case "rubbish":
                return Encoding.ASCII.GetBytes("GET / HTTP/1.1");
            case "flipped bit":
                frame[50] ^= 1;
                return frame;
            case "other satellite":
                frame[0] ^= 0x55;
                break;
            case "no packet":
                frame[2] |= 0xE0;
                break;
            case "unknown application":
                frame[3] = 0x00;
                break;
            default:
                frame[7] ^= 0x08;
                break;
        }

        var crc = Ccsds.Crc16.Compute(frame.AsSpan(0, 98));
        (frame[98], frame[99]) = ((byte)(crc >> 8), (byte)crc);
        return frame;
    }

    private async Task<Page<PacketSummary>> PacketsAsync(PacketSearch search) => (await Query.FindAsync(search, default)).Value!;

    private async Task<IngestAnswer> IngestAsync(params Reception[] receptions) =>
        (await silo.Grains.GetGrain<IPacketIngestGrain>(0).IngestAsync(new([.. receptions]), default)).Value!;
}
