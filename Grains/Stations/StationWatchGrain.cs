using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.Streams;
using Orleans.Streams.Core;
using Svom.EventStore;
using Svom.Monitoring;
using Svom.Packets;
using Svom.Packets.Streams;

namespace Svom.Stations;

/// <summary>Watches over all stations of one feed. Key: the feed.</summary>
[Alias("svom.station-watch")]
internal interface IStationWatchGrain : IGrainWithStringKey
{
    /// <summary>Counts what is in the log and not counted yet.</summary>
    [Alias("catch-up")]
    Task CatchUpAsync(CancellationToken cancellationToken);

    /// <summary>Asks to be woken each minute, for ever: for the live feed.</summary>
    [Alias("keep-watch")]
    Task KeepWatchAsync(CancellationToken cancellationToken);

    /// <summary>Counts, then looks for what is wrong. A rehearsal finds nothing wrong.</summary>
    [Alias("check")]
    Task CheckAsync(DateTimeOffset now, CancellationToken cancellationToken);
}

/// <summary>
/// Counts a feed's receptions by station and owes each station its part in the append that moves its position. The stream only says that
/// something came; the log is read some seconds later, all at once: one append for what came meanwhile, not one for each reception.
/// </summary>
[Reentrant, ImplicitStreamSubscription(PacketStream.Namespace)]
internal sealed partial class StationWatchGrain : Grain, IStationWatchGrain, IStreamSubscriptionObserver, IAsyncBatchObserver<PacketSlice>, IRemindable
{
    public const string Reader = "stations";

    private const string Reminder = "station-watch";
    private const int ReceptionsPerRead = 4_096;
    private const int ReadsPerCommit = 16;

    private static readonly TimeSpan EachMinute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(30);

    private readonly IPacketLog log;
    private readonly IEventStore store;
    private readonly TimeProvider time;
    private readonly StationWatchOptions options;
    private readonly NetworkList network;
    private readonly PacketMetrics metrics;
    private readonly ILogger<StationWatchGrain> logger;
    private readonly Inbox<DateTimeOffset?, bool> inbox;
    private EventSourced<WatchState, WatchRecord> watch = null!;
    private FeedId feed;
    private WatchFold? fold;
    private IGrainTimer? gathering;
    private DateTimeOffset? lastCheck;
    private bool kept;

    public StationWatchGrain(
        IPacketLog log, IEventStore store, TimeProvider time, IOptions<StationWatchOptions> options, NetworkList network, PacketMetrics metrics, ILogger<StationWatchGrain> logger)
    {
        (this.log, this.store, this.time, this.options, this.network, this.metrics, this.logger) = (log, store, time, options.Value, network, metrics, logger);
        inbox = new(HandleAsync);
    }

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        feed = FeedId.Parse(this.GetPrimaryKeyString());
        watch = WatchState.Open(store, feed.ToString(), time);
        return watch.LoadAsync(cancellationToken);
    }

    public async Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory) => await handleFactory.Create<PacketSlice>().ResumeAsync(this);

    public Task OnNextAsync(IList<SequentialItem<PacketSlice>> items)
    {
        Gather(options.Gather);
        return Task.CompletedTask;
    }

    public Task OnErrorAsync(Exception ex)
    {
        Gather(Again); // What was not delivered stands in the log.
        return Task.CompletedTask;
    }

    public Task CatchUpAsync(CancellationToken cancellationToken) => inbox.PutAsync(null);

    public Task CheckAsync(DateTimeOffset now, CancellationToken cancellationToken) => inbox.PutAsync(now);

    public async Task KeepWatchAsync(CancellationToken cancellationToken)
    {
        if (feed.Live && !kept)
        {
            // As it stands: registered again, its next minute would begin anew at every start.
            _ = await this.GetReminder(Reminder, cancellationToken) ?? await this.RegisterOrUpdateReminder(Reminder, EachMinute, EachMinute, cancellationToken);
            kept = true;
        }
    }

    public Task ReceiveReminder(string reminderName, TickStatus status) => CheckAsync(time.GetUtcNow(), CancellationToken.None);

    private void Gather(TimeSpan after) => gathering ??= this.RegisterGrainTimer(
        async _ =>
        {
            gathering?.Dispose();
            gathering = null;
            try
            {
                await CatchUpAsync(CancellationToken.None);
            }
            catch (Exception failure)
            {
                LogNotCounted(feed, Again.TotalSeconds, failure);
                Gather(Again);
            }
        },
        new GrainTimerCreationOptions(after, Timeout.InfiniteTimeSpan) { Interleave = true });

    /// <summary>Everything that waits is done by one pass over the log; null wants no more than that.</summary>
    private async Task<IReadOnlyList<bool>> HandleAsync(IReadOnlyList<DateTimeOffset?> wanted)
    {
        try
        {
            await TakeAsync();
            await KeepWatchAsync(CancellationToken.None);
            if (feed.Live && wanted.Max() is { } now)
            {
                await FindAsync(now);
            }

            return new bool[wanted.Count];
        }
        catch (Exception)
        {
            fold = null; // It may have read what was not committed: the next pass begins from what is durable.
            throw;
        }
    }

    private async Task TakeAsync()
    {
        var head = await log.HeadAsync(feed, CancellationToken.None);
        while (watch.State.Position < head)
        {
            fold ??= await RememberAsync();
            var after = watch.State.Position;
            var (receptions, upTo) = await ReadAsync(after, head);
            var piece = fold.Take(receptions, upTo);
            await watch.CommitAsync(state => state.Position == after ? WatchCommit.Of(feed, piece, fold) : null, CancellationToken.None);
            if (watch.State.Position != upTo)
            {
                fold = null; // Another activation was faster.
                continue;
            }

            metrics.Counted(feed, fold, piece.Book);
            await log.SaveCheckpointAsync(Reader, feed, upTo, CancellationToken.None);
        }
    }

    private async Task<(IReadOnlyList<LoggedReception> Receptions, long UpTo)> ReadAsync(long after, long head)
    {
        var receptions = new List<LoggedReception>();
        for (var reads = 0; reads < ReadsPerCommit && after < head; reads++)
        {
            var slice = await log.ReadAsync(feed, after, ReceptionsPerRead, packetsOnly: false, CancellationToken.None);
            receptions.AddRange(slice.Items);
            after = slice.UpTo;
        }

        return (receptions, after);
    }

    private async Task<WatchFold> RememberAsync()
    {
        var made = new WatchFold(network.Stations, options, watch.State.Orbit);
        var position = watch.State.Position;
        for (var after = Math.Max(0, position - PacketWindow.Kept); after < position;)
        {
            var slice = await log.ReadAsync(feed, after, (int)Math.Min(ReceptionsPerRead, position - after), packetsOnly: false, CancellationToken.None);
            foreach (var reception in slice.Items.Where(reception => reception.Position <= position))
            {
                made.Remember(reception);
            }

            after = slice.UpTo;
        }

        return made;
    }

    private async Task FindAsync(DateTimeOffset now)
    {
        if (watch.State.LastStored is null)
        {
            return; // Nothing ever came: nobody is silent.
        }

        fold ??= await RememberAsync();
        var (from, known) = (lastCheck ?? now - EachMinute, fold);
        lastCheck = now;
        StationFindings? findings = null;
        await watch.CommitAsync(
            state => (findings = StationChecks.Check(state, known, network.Stations, options, from, now)).ToTransition(), CancellationToken.None);
        foreach (var told in findings!.Told)
        {
            LogAlarm(told.Id, told.Raised ? "raised" : "returned", told.Evidence);
        }
    }

    [LoggerMessage(2401, LogLevel.Warning, "Receptions of {Feed} could not be counted by station; again in {PauseS} s")]
    private partial void LogNotCounted(FeedId feed, double pauseS, Exception failure);

    [LoggerMessage(2402, LogLevel.Warning, "Alarm {Alarm} {Change}: {Evidence}")]
    private partial void LogAlarm(string alarm, string change, string evidence);
}
