extern alias Gateway;

using System.Collections.Immutable;
using Grpc.Core;
using Svom.Bursts;
using Svom.Notifications;
using Svom.Outcomes;
using Wire = Gateway::Svom.V1;

namespace Svom.Contracts.Gateway;

public sealed class GrpcWatchTests : IAsyncLifetime
{
    private readonly OwnDoor own = new();

    public async ValueTask InitializeAsync() => await own.OpenAsync();

    public ValueTask DisposeAsync() => own.DisposeAsync();

    [Fact]
    public async Task A_watch_resumes_after_a_sequence_and_goes_on_live_without_gap_or_repeat()
    {
        var feeds = own.Door.Feeds;
        foreach (var sequence in (long[])[3, 4, 9])
        {
            feeds.Add(Notice(sequence));
        }

        using var watch = Notices().Watch(new() { After = 3 });
        Assert.Equal(3, (await NextAsync(watch)).Bookmark.Sequence);
        Assert.Equal(4, (await NextAsync(watch)).Notice.Sequence);
        var last = (await NextAsync(watch)).Notice;
        Assert.Equal(9, last.Sequence);
        Assert.Equal(Platform.Xml, last.Voevent.ToByteArray());
        Assert.Equal(Platform.Gcn, last.Gcn.ToByteArray());
        Assert.Equal([7], last.Envelope.ToByteArray());

        feeds.Add(Notice(12));
        Assert.Equal(12, (await NextAsync(watch)).Notice.Sequence);
    }

    [Fact]
    public async Task Without_a_sequence_it_begins_now_and_says_where_that_is()
    {
        own.Door.Feeds.Add(Notice(5));
        using var watch = Notices().Watch(new());
        Assert.Equal(5, (await NextAsync(watch)).Bookmark.Sequence);
        own.Door.Feeds.Add(Notice(6));
        Assert.Equal(6, (await NextAsync(watch)).Notice.Sequence);
    }

    [Fact]
    public async Task Rehearsals_and_held_notices_are_told_to_those_who_ask()
    {
        var feeds = own.Door.Feeds;
        feeds.Add(Notice(1) with { Session = "drill" });
        feeds.Add(Notice(2) with { Notice = Platform.NoticeView with { Sequence = 2, State = "held" }, Envelope = null });
        feeds.Add(Notice(3));

        Assert.Equal([3], await SequencesAsync(new() { After = 0 }, 1));
        Assert.Equal([1, 3], await SequencesAsync(new() { After = 0, Rehearsals = true }, 2));
        Assert.Equal([1], await SequencesAsync(new() { After = 0, Session = "drill" }, 1));
        Assert.Equal([2, 3], await SequencesAsync(new() { After = 0, Held = true }, 2));
        Assert.Equal([1, 2, 3], await SequencesAsync(new() { After = 0, Held = true, Burst = Platform.Burst }, 3));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(8)] // Beyond the end: the archive that the number is from is another one.
    public async Task A_sequence_that_never_was_is_refused(long after)
    {
        own.Door.Feeds.Add(Notice(7));
        using var watch = Notices().Watch(new() { After = after });
        var problem = await CallStatus.FailsAsync(() => watch.ResponseStream.MoveNext(default), ProblemTypes.InvalidParameter);
        Assert.Equal("after", problem.Field);
    }

    [Fact]
    public async Task A_change_comes_with_the_burst_as_it_stands_with_the_last_of_several()
    {
        own.Door.Feeds.Add(Change(1));
        own.Door.Feeds.Add(Change(2));
        own.Door.Feeds.Add(Change(3) with { Session = "drill", Burst = "tb26042101" });
        using var watch = new Wire.BurstService.BurstServiceClient(own.Door.Channel).Watch(new() { After = 0 });
        Assert.Equal(0, (await NextAsync(watch)).Bookmark.Sequence);
        var (first, second) = ((await NextAsync(watch)).Change, (await NextAsync(watch)).Change);
        Assert.Null(first.Burst);
        Assert.Equal((2, Platform.Burst, 7), (second.Sequence, second.Burst.Id, second.Burst.Version));
        Assert.Equal("A packet came.", Assert.Single(second.Entries).Text);

        own.Door.Feeds.Add(Change(4));
        Assert.Equal(4, (await NextAsync(watch)).Change.Sequence);
    }

    [Fact]
    public async Task Packets_are_watched_by_their_place()
    {
        own.Door.Feeds.Add(Platform.Packet);
        using var watch = new Wire.PacketService.PacketServiceClient(own.Door.Channel).Watch(new() { After = 0, Station = "KOU" });
        Assert.Equal(0, (await NextAsync(watch)).Bookmark.Sequence);
        var packet = (await NextAsync(watch)).Packet;
        Assert.Equal((7, "KOU", 576, Wire.Verdict.Valid), (packet.Sequence, packet.Station, packet.Apid, packet.Verdict));
    }

    [Fact]
    public async Task Watches_above_the_limit_are_told_to_come_back_and_one_that_ends_makes_room()
    {
        await using var small = new OwnDoor(("Svom:Grpc:MaxWatches", "1"));
        var open = await small.OpenAsync();
        var notices = new Wire.NoticeService.NoticeServiceClient(open.Channel);
        using (var first = notices.Watch(new()))
        {
            await NextAsync(first);
            using var second = notices.Watch(new());
            await CallStatus.FailsAsync(() => second.ResponseStream.MoveNext(default), ProblemTypes.Overloaded);
        }

        // The first one has been left, but the door need not know it at once.
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await OpensAsync(notices))
        {
            await Task.Delay(20, patience.Token);
        }
    }

    [Fact]
    public async Task A_stop_of_the_platform_ends_the_watch_and_says_so()
    {
        using var watch = Notices().Watch(new());
        await NextAsync(watch);
        var next = watch.ResponseStream.MoveNext(default);
        await own.Door.StopAsync();
        Assert.NotNull((await CallStatus.FailsAsync(() => next, ProblemTypes.Unavailable)).RetryAfter);
    }

    [Fact]
    public async Task A_fault_of_the_platform_ends_the_watch_without_our_insides()
    {
        using var watch = Notices().Watch(new());
        await NextAsync(watch);
        own.Door.Feeds.Fault = new InvalidOperationException("secret of the insides");
        own.Door.Feeds.Add(Notice(1));
        await CallStatus.FailsAsync(() => watch.ResponseStream.MoveNext(default), ProblemTypes.Internal);
    }

    private static async Task<bool> OpensAsync(Wire.NoticeService.NoticeServiceClient notices)
    {
        using var watch = notices.Watch(new());
        try
        {
            return await watch.ResponseStream.MoveNext(default);
        }
        catch (RpcException full) when (full.StatusCode == StatusCode.ResourceExhausted)
        {
            return false;
        }
    }

    private Wire.NoticeService.NoticeServiceClient Notices() => new(own.Door.Channel);

    private async Task<ImmutableArray<long>> SequencesAsync(Wire.WatchNoticesRequest request, int count)
    {
        using var watch = Notices().Watch(request);
        await NextAsync(watch);
        var sequences = ImmutableArray.CreateBuilder<long>();
        while (sequences.Count < count)
        {
            sequences.Add((await NextAsync(watch)).Notice.Sequence);
        }

        return sequences.ToImmutable();
    }

    private static async Task<T> NextAsync<T>(AsyncServerStreamingCall<T> watch)
    {
        Assert.True(await watch.ResponseStream.MoveNext(default));
        return watch.ResponseStream.Current;
    }

    private static FollowedNotice Notice(long sequence) =>
        new(Platform.NoticeView with { Sequence = sequence }, Platform.Xml, Platform.Gcn, new byte[] { 7 }, null);

    private static BurstChange Change(long sequence) =>
        new(sequence, Platform.Burst, null, 5 + sequence, [new(Platform.Time, null, "packet", "A packet came.")]);
}
