using System.Reflection;
using System.Text;
using Microsoft.Extensions.Options;
using Svom.Bursts;
using Svom.EventStore;
using Svom.Packets;
using Svom.Packets.Recovery;
using Svom.Support;

namespace Svom.Unit.Packets;

/// <summary>Each packet of a burst is a read of its own: browsing them must cost what it shows.</summary>
public sealed class BurstPacketSearchTests
{
    private const int Packets = 1_700;
    private readonly OneBurst burst;
    private readonly PacketQueryGrain grain;

    public BurstPacketSearchTests()
    {
        var store = DispatchProxy.Create<IEventStore, OneBurst>();
        burst = (OneBurst)(object)store;
        var log = DispatchProxy.Create<IPacketLog, OneBurst>();
        ((OneBurst)(object)log).Reads = burst.Reads;
        grain = new(log, store, Options.Create(new RecoveryOptions()));
    }

    [Fact]
    public async Task A_page_reads_as_many_packets_as_it_shows_and_the_next_one_goes_on()
    {
        var first = await FindAsync(new(Burst: "sb26030101", Limit: 50));
        Assert.Equal(50, burst.Reads.Count);
        var second = await FindAsync(new(Burst: "sb26030101", Limit: 50, Cursor: first.Next));
        Assert.Equal(100, burst.Reads.Count);
        Assert.Equal(Enumerable.Range(0, 100).Select(static n => (long)(Packets - n)), first.Items.Concat(second.Items).Select(static packet => packet.Sequence));
    }

    [Fact]
    public async Task All_pages_together_show_every_packet_once_and_the_last_has_no_next()
    {
        var seen = new List<long>();
        for (string? cursor = null; ;)
        {
            var page = await FindAsync(new(Burst: "sb26030101", Limit: 170, Cursor: cursor));
            seen.AddRange(page.Items.Select(static packet => packet.Sequence));
            if ((cursor = page.Next) is null)
            {
                break;
            }
        }

        Assert.Equal(Enumerable.Range(1, Packets).Select(static n => (long)n).Reverse(), seen);
        Assert.Equal(Packets, burst.Reads.Count);
    }

    [Fact]
    public async Task A_search_for_a_station_that_heard_nothing_looks_at_a_thousand_and_says_where_it_goes_on()
    {
        var page = await FindAsync(new(Burst: "sb26030101", Station: "nobody"));
        Assert.Empty(page.Items);
        Assert.Equal((1_000, "701"), (burst.Reads.Count, page.Next));
        Assert.Null((await FindAsync(new(Burst: "sb26030101", Station: "nobody", Cursor: page.Next))).Next);
        Assert.Null((await FindAsync(new(Burst: "sb26030101", Invalid: true))).Next);
        Assert.Equal(Packets, burst.Reads.Count);
    }

    private async Task<Outcomes.Page<PacketSummary>> FindAsync(PacketSearch search) => (await grain.FindAsync(search, TestContext.Current.CancellationToken)).Value!;

    /// <summary>A log and a store with one burst of many packets.</summary>
    public class OneBurst : DispatchProxy
    {
        /// <summary>Positions read from the log.</summary>
        public List<long> Reads { get; set; } = [];

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => (targetMethod!.DeclaringType == typeof(IEventStore), targetMethod.Name) switch
        {
            (true, "IndexAsync") => Task.FromResult<IReadOnlyList<IndexRow>>([new("sb26030101", new("sequencer/svom"), Encoding.UTF8.GetBytes("svom"))]),
            (true, "ReadAsync") => Task.FromResult<IReadOnlyList<StreamRow>>((long)args![1]! > 0 ? [] : [new(1, Guid.Empty, default, Records())]),
            (false, "ReadAsync") => Task.FromResult(Read((long)args![1]! + 1)),
            _ => throw new NotSupportedException(targetMethod.Name),
        };

        private static ReadOnlyMemory<byte> Records() => new RecordFormat<BurstRecord>(BurstJson.Stored.BurstRecordArray).Encode(
            [.. Enumerable.Range(1, Packets).Select(static n => new PacketTaken(Frames.T0, new(n, InventedBursts.Alert(), Frames.T0, "T1", Frames.T0, Frames.T0, Frames.T0)))]);

        private LogSlice Read(long position)
        {
            Reads.Add(position);
            return new([new(position, "T1", Frames.T0, null, ReceptionVerdict.Valid, default, null, true, false, Frames.T0, default)], position);
        }
    }
}
