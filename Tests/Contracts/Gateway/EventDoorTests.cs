using System.Collections.Immutable;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Svom.Bursts;
using Svom.Notifications;
using Svom.Outcomes;

namespace Svom.Contracts.Gateway;

public sealed class EventDoorTests : IAsyncLifetime
{
    private readonly Door door = new() { Settings = new Dictionary<string, string?> { ["Svom:Gateway:MaxEventReaders"] = "2" }, Time = new FakeTimeProvider(TimeProvider.System.GetUtcNow()) };
    private readonly Feed feed = new();

    public async ValueTask InitializeAsync()
    {
        await door.InitializeAsync();
        door.Grains.Put<INoticeFollowGrain>(_ => feed);
        door.Grains.Put<IBurstFollowGrain>(_ => feed);
    }

    public ValueTask DisposeAsync() => door.DisposeAsync();

    [Fact]
    public async Task A_reader_that_comes_anew_hears_what_happens_from_now_on_and_one_with_an_id_what_it_missed()
    {
        feed.Add(Platform.Burst);
        await using var anew = await EventReader.OpenAsync(door.Client, "notices");
        Assert.Equal("no-store", anew.Answer.Headers.CacheControl!.ToString());
        feed.Add("tb26042101");
        feed.Add(Platform.Burst);
        var heard = await anew.NextAsync();
        Assert.Equal(("notice", "3", 3), (heard.Name, heard.Id, heard.Data.GetProperty("notice").GetProperty("sequence").GetInt32()));
        Assert.Equal("SVOM", heard.Data.GetProperty("envelope").GetProperty("mission").GetString());

        await using var back = await EventReader.OpenAsync(door.Client, "notices,test/notices", "0");
        Assert.Equal(["1", "2", "3"], new[] { await back.NextAsync(), await back.NextAsync(), await back.NextAsync() }.Select(static one => one.Id));
    }

    [Fact]
    public async Task Bursts_begin_with_their_present_state_and_what_it_has_told_is_not_told_again()
    {
        feed.Change(Platform.Burst, 1);
        await using var reader = await EventReader.OpenAsync(door.Client, "bursts&topic=notices");
        var state = await reader.NextAsync();
        Assert.Equal(("burst", "notices:0,bursts:1", Platform.Burst), (state.Name, state.Id, state.Data.GetProperty("id").GetString()));
        var version = state.Data.GetProperty("version").GetInt64();
        feed.Change(Platform.Burst, version);
        feed.Change(Platform.Burst, version + 1);
        feed.Add(Platform.Burst);
        var heard = new[] { await reader.NextAsync(), await reader.NextAsync() }.OrderBy(static one => one.Name, StringComparer.Ordinal).ToArray();
        Assert.Equal(["burst-change", "notice"], heard.Select(static one => one.Name));
        Assert.Equal(version + 1, heard[0].Data.GetProperty("version").GetInt64());
        Assert.Equal("It happened.", heard[0].Data.GetProperty("lines")[0].GetProperty("text").GetString());
    }

    [Fact]
    public async Task A_burst_by_name_is_followed_alone()
    {
        await using var reader = await EventReader.OpenAsync(door.Client, Platform.Burst, "0");
        feed.Change("sb26042106", 100);
        feed.Change(Platform.Burst, 100);
        Assert.Equal("2", (await reader.NextAsync()).Id);
    }

    [Fact]
    public async Task What_telescopes_say_is_told_as_they_say_it_and_rehearsals_apart()
    {
        var receipt = new TelescopeReceipt("colibri", new("0a4a9fbe-9a52-5bd4-8f26-6b1a3f2c7d10"), Platform.Time, Platform.Time);
        door.Feeds.Add(new TelescopeWord(1, Platform.Burst, Platform.Notice, receipt, null));
        door.Feeds.Add(new TelescopeWord(2, "tb26042101", null, null, new("colibri", "tb26042101", TelescopeIntentKind.Done, null, null, Platform.Time)));
        await using var reader = await EventReader.OpenAsync(door.Client, "telescopes", "0");
        var first = await reader.NextAsync();
        Assert.Equal(("receipt", "1", Platform.Notice), (first.Name, first.Id, first.Data.GetProperty("notice").GetString()));
        Assert.Equal(
            ["telescope", "burst", "notice", "envelopeId", "receivedAt", "toldAt"], first.Data.EnumerateObject().Select(static member => member.Name));

        door.Feeds.Add(new TelescopeWord(3, Platform.Burst, null, null, new("colibri", Platform.Burst, TelescopeIntentKind.WillObserve, "clear sky", Platform.Time, Platform.Time)));
        var second = await reader.NextAsync();
        Assert.Equal(("intent", "3"), (second.Name, second.Id));
        Assert.Equal(
            ("colibri", Platform.Burst, "will-observe", "clear sky"),
            (second.Data.GetProperty("telescope").GetString(), second.Data.GetProperty("burst").GetString(), second.Data.GetProperty("intent").GetString(), second.Data.GetProperty("reason").GetString()));

        await using var drill = await EventReader.OpenAsync(door.Client, "test/telescopes,notices", "telescopes:1");
        var rehearsed = await drill.NextAsync();
        Assert.Equal(("intent", "notices:0,telescopes:2"), (rehearsed.Name, rehearsed.Id));
    }

    [Fact]
    public async Task A_silent_stream_says_each_fifteen_seconds_that_it_is_there()
    {
        await using var reader = await EventReader.OpenAsync(door.Client, "notices");
        Assert.Equal("SVOM ground segment", await reader.Comments.Reader.ReadAsync(TestContext.Current.CancellationToken));
        await feed.Asked.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken); // Then the heart beats, too.
        door.Time!.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal("heartbeat", await reader.Comments.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("/api/v1/events", "topic")]
    [InlineData("/api/v1/events?topic=alerts", "topic")]
    [InlineData("/api/v1/events?topic=notices&lastEventId=x", "lastEventId")]
    [InlineData("/api/v1/events?topic=notices&lastEventId=7", "lastEventId")] // Beyond the archive: another archive gave it.
    [InlineData("/api/v1/events?topic=notices,bursts&lastEventId=0", "lastEventId")]
    [InlineData("/api/v1/events?topic=notices&after=0", "after")]
    public async Task What_cannot_be_followed_is_refused(string path, string parameter) =>
        Assert.Equal(parameter, (await Door.ProblemAsync(door.GetAsync(path), ProblemTypes.InvalidParameter)).GetProperty("parameter").GetString());

    [Fact]
    public async Task An_unknown_burst_is_not_waited_for() =>
        await Door.ProblemAsync(door.GetAsync("/api/v1/events?topic=sb26042199"), ProblemTypes.NotFound);

    [Fact]
    public async Task A_reader_too_many_is_told_to_come_back_and_finds_room_when_another_left()
    {
        var first = await EventReader.OpenAsync(door.Client, "notices");
        await using var second = await EventReader.OpenAsync(door.Client, "notices");
        await Door.ProblemAsync(door.GetAsync("/api/v1/events?topic=notices"), ProblemTypes.Overloaded);
        await first.DisposeAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            using var again = await door.Client.GetAsync("/api/v1/events?topic=notices", HttpCompletionOption.ResponseHeadersRead, patience.Token);
            if (again.IsSuccessStatusCode)
            {
                return;
            }

            await Task.Delay(20, patience.Token);
        }
    }

    [Fact]
    public async Task A_reader_that_does_not_read_is_cut_off_and_costs_no_memory_meanwhile()
    {
        feed.Endless = true; // As much as the reader takes, from the first look at it.
        using var socket = new TcpClient { ReceiveBufferSize = 4_096 };
        await socket.ConnectAsync("127.0.0.1", door.Client.BaseAddress!.Port, TestContext.Current.CancellationToken);
        await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes("GET /api/v1/events?topic=notices&lastEventId=0 HTTP/1.1\r\nHost: localhost\r\n\r\n"), TestContext.Current.CancellationToken);
        await feed.Asked.Task.WaitAsync(TestContext.Current.CancellationToken);
        var before = -1;
        while (feed.Reads != before)
        {
            before = feed.Reads;
            await Task.Delay(300, TestContext.Current.CancellationToken); // Until nothing is read on any more: the socket is full.
        }

        var cut = feed.Cancelled.Task;
        while (!cut.IsCompleted)
        {
            door.Time!.Advance(TimeSpan.FromSeconds(10));
            await Task.WhenAny(cut, Task.Delay(50, TestContext.Current.CancellationToken));
        }
    }

    /// <summary>Archives of two kinds that grow as a test wants.</summary>
    private sealed class Feed : INoticeFollowGrain, IBurstFollowGrain
    {
        private readonly List<FollowedNotice> notices = [];
        private readonly List<BurstChange> changes = [];
        private TaskCompletionSource grown = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool Endless { get; set; }

        public int Reads { get; private set; }

        public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Cancelled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Add(string burst)
        {
            lock (notices)
            {
                notices.Add(Notice(notices.Count + 1, burst));
            }

            Grow();
        }

        public void Change(string burst, long version)
        {
            lock (notices)
            {
                changes.Add(new(changes.Count + 1, burst, null, version, [new(Platform.Time, null, "act", "It happened.")]));
            }

            Grow();
        }

        async Task<ImmutableArray<FollowedNotice>> INoticeFollowGrain.AfterAsync(long after, int most, TimeSpan atMost, CancellationToken cancellationToken)
        {
            Reads++;
            Asked.TrySetResult();
            if (Endless)
            {
                cancellationToken.Register(() => Cancelled.TrySetResult());
                return [.. Enumerable.Range(1, most).Select(n => Notice(after + n, Platform.Burst))];
            }

            return await WaitAsync(() => notices.Where(notice => notice.Notice.Sequence > after), cancellationToken);
        }

        Task<long> INoticeFollowGrain.HeadAsync(CancellationToken cancellationToken) => Task.FromResult((long)notices.Count);

        Task<ImmutableArray<BurstChange>> IBurstFollowGrain.AfterAsync(long after, int most, TimeSpan atMost, CancellationToken cancellationToken) =>
            WaitAsync(() => changes.Where(change => change.Sequence > after), cancellationToken);

        Task<long> IBurstFollowGrain.HeadAsync(CancellationToken cancellationToken) => Task.FromResult((long)changes.Count);

        private static FollowedNotice Notice(long sequence, string burst) => new(
            Platform.NoticeView with { Sequence = sequence, Burst = burst }, Platform.Xml, Platform.Gcn, Platform.Gcn, null);

        private async Task<ImmutableArray<T>> WaitAsync<T>(Func<IEnumerable<T>> read, CancellationToken cancellationToken)
        {
            while (true)
            {
                var growth = grown.Task;
                lock (notices)
                {
                    if (read().ToImmutableArray() is { IsEmpty: false } found)
                    {
                        return found;
                    }
                }

                await growth.WaitAsync(cancellationToken);
            }
        }

        private void Grow() => Interlocked.Exchange(ref grown, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
    }
}
