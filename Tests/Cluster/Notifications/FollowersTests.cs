using System.Collections.Immutable;
using Svom.Bursts;
using Svom.Notifications;
using Svom.Packets;
using Svom.Support;

namespace Svom.Cluster.Notifications;

/// <summary>Followers of the archives and of the packet log, inside one silo with the real stores.</summary>
public sealed class FollowersTests : IDisposable
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(5);
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_follower_that_waits_gets_the_notice_with_the_bytes_that_went_out()
    {
        await using var silo = await SiloHost.StartAsync(folder.Path);
        var follow = silo.Grains.GetGrain<INoticeFollowGrain>(0);
        Assert.Equal(0, await follow.HeadAsync(default));
        var waiting = ReadAsync(after => follow.AfterAsync(after, 10, Wait, default), static notice => notice.Notice.Sequence, 0);

        await silo.Grains.GetGrain<IPacketIngestGrain>(0).IngestAsync(new([Frames.Heard(Frames.Grm())]), default);
        var notice = Assert.Single(await waiting);

        Assert.Equal(("sb26030101_grm-trigger", "sent"), (notice.Notice.Id, notice.Notice.State));
        var alert = await silo.Transport.UntilAsync(static message => message.Topic == "svom/v1/alerts/grm/grm-trigger");
        Assert.Equal(alert.Payload.ToArray(), notice.Envelope!.Value.ToArray());
        var archive = silo.Grains.GetGrain<INoticeArchiveGrain>(0);
        Assert.Equal((await archive.ContentAsync(notice.Notice.Id, NoticeForm.VoEvent, default)).Value!.Bytes.ToArray(), notice.VoEvent.ToArray());
        Assert.Equal((await archive.ContentAsync(notice.Notice.Id, NoticeForm.Gcn, default)).Value!.Bytes.ToArray(), notice.Gcn.ToArray());
        Assert.Equal(notice.Notice.Sequence, await follow.HeadAsync(default));
        Assert.Empty(await follow.AfterAsync(notice.Notice.Sequence, 10, TimeSpan.Zero, default));
    }

    [Fact]
    public async Task Each_change_of_a_burst_has_its_place_and_says_what_the_timeline_says()
    {
        await using var silo = await SiloHost.StartAsync(folder.Path);
        var follow = silo.Grains.GetGrain<IBurstFollowGrain>(0);
        var waiting = ReadAsync(after => follow.AfterAsync(after, 10, Wait, default), static change => change.Sequence, 0);
        await silo.Grains.GetGrain<IPacketIngestGrain>(0).IngestAsync(new([Frames.Heard(Frames.Grm())]), default);
        var first = (await waiting)[0];

        var burst = silo.Grains.GetGrain<IBurstGrain>(first.Burst);
        await burst.ActAsync(new(BurstActKind.Acknowledge, "advocate", "on shift"), default);
        var later = await ReadAsync(after => follow.AfterAsync(after, 10, Wait, default), static change => change.Sequence, first.Sequence);

        Assert.Equal(("sb26030101", (string?)null, 1L), (first.Burst, first.Session, first.Version));
        Assert.True(later[0].Sequence > first.Sequence && later[0].Version > first.Version);
        var told = first.Lines.Concat(later.SelectMany(static change => change.Lines));
        Assert.Equal((await burst.TimelineAsync(default)).Value.ToArray(), told);
    }

    [Fact]
    public async Task Packets_are_followed_by_position_and_copies_are_passed_over()
    {
        await using var silo = await SiloHost.StartAsync(folder.Path);
        var follow = silo.Grains.GetGrain<IPacketFollowGrain>(0);
        await silo.Grains.GetGrain<IPacketIngestGrain>(0).IngestAsync(new([Frames.Heard(Frames.Grm()), Frames.Heard(Frames.Grm(), "REU1")]), default);

        var heard = await follow.AfterAsync(null, 0, 10, Wait, default);
        Assert.Equal((1, 2L), (heard.Items.Length, heard.UpTo));
        Assert.Equal(2, await follow.HeadAsync(null, default));
        var waiting = follow.AfterAsync(null, heard.UpTo, 10, TimeSpan.Zero, default);
        Assert.Empty((await waiting).Items);
        Assert.Empty((await follow.AfterAsync("drill", 0, 10, TimeSpan.Zero, default)).Items);
    }

    private static async Task<ImmutableArray<T>> ReadAsync<T>(Func<long, Task<ImmutableArray<T>>> read, Func<T, long> sequence, long after)
    {
        var found = ImmutableArray<T>.Empty;
        while (found.IsEmpty)
        {
            found = await read(after);
        }

        Assert.All(found, item => Assert.True(sequence(item) > after));
        return found;
    }
}
