using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.Streams;
using Orleans.Streams.Core;
using Svom.EventStore;
using Svom.Packets.Streams;

namespace Svom.Packets.Recovery;

/// <summary>Puts broken copies of a feed together. Key: the feed.</summary>
[Alias("svom.recovery")]
internal interface IRecoveryGrain : IGrainWithStringKey
{
    /// <summary>Lets all that was diverted until now vote.</summary>
    [Alias("catch-up")]
    Task<RecoveryTally> CatchUpAsync(CancellationToken cancellationToken);
}

/// <summary>What the recovery of a feed came to so far.</summary>
/// <param name="UpTo">Position up to which everything has voted.</param>
/// <param name="Joined">Further broken copies of packets that were known.</param>
/// <param name="Ambiguous">Votes that gave different packets: none was taken.</param>
/// <param name="Displaced">Copies that a flood pushed out of the window before their time.</param>
[GenerateSerializer, Immutable, Alias("svom.recovery-tally")]
internal sealed record RecoveryTally(
    [property: Id(0)] long UpTo, [property: Id(1)] long Recovered, [property: Id(2)] long Joined, [property: Id(3)] long Ambiguous, [property: Id(4)] long Displaced);

/// <summary>
/// Reads what is diverted in the order of the log, beside the sequencer and never before it: a flood of broken frames makes this grain late and
/// nobody else. The stream only tells that there is more; an append that changes nothing is spared, so after a crash a little is voted on again.
/// </summary>
[Reentrant, ImplicitStreamSubscription(PacketStream.Namespace)]
internal sealed partial class RecoveryGrain : Grain, IRecoveryGrain, IStreamSubscriptionObserver, IAsyncBatchObserver<PacketSlice>
{
    private const string Reader = "recovery";
    private const int SnapshotEvery = 64;
    private const byte SnapshotVersion = 1;

    // Every reception may give two rows of the index for each of its seven voters, and an append holds 4,096.
    private const int ReceptionsPerCommit = 256;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly IPacketLog log;
    private readonly IEventStore store;
    private readonly TimeProvider time;
    private readonly ILogger<RecoveryGrain> logger;
    private readonly RecoveryOptions options;
    private EventSourced<RecoveryState, RecoveryRecord> recovery = null!;
    private FeedId feed;
    private CopyWindow window = null!;
    private long position;
    private long wanted;
    private Task? running;

    public RecoveryGrain(IPacketLog log, IEventStore store, TimeProvider time, IOptions<RecoveryOptions> options, ILogger<RecoveryGrain> logger) =>
        (this.log, this.store, this.time, this.options, this.logger) = (log, store, time, options.Value, logger);

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        feed = FeedId.Parse(this.GetPrimaryKeyString());
        recovery = new(
            store, new($"recovery/{feed}"), RecoveryState.Nothing, RecoveryState.Apply, new(RecoveryJson.Default.RecoveryRecordArray), time,
            SnapshotFormat<RecoveryState>.Json(RecoveryJson.Default.RecoveryState, SnapshotVersion, SnapshotEvery));
        await recovery.LoadAsync(cancellationToken);
        position = Math.Max(recovery.State.Position, await log.CheckpointAsync(Reader, feed, cancellationToken));
        await BuildWindowAsync(cancellationToken);
    }

    public async Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory) => await handleFactory.Create<PacketSlice>().ResumeAsync(this);

    /// <summary>Answers at once: the stream waits for its slowest subscriber, and that must not be this one.</summary>
    public Task OnNextAsync(IList<SequentialItem<PacketSlice>> items)
    {
        if (options.Enabled && items.Count > 0)
        {
            _ = UpToAsync(items[^1].Item.UpTo);
        }

        return Task.CompletedTask;
    }

    public Task OnErrorAsync(Exception ex) => Task.CompletedTask; // The next slice tells as much.

    public async Task<RecoveryTally> CatchUpAsync(CancellationToken cancellationToken)
    {
        if (options.Enabled)
        {
            await UpToAsync(await log.HeadAsync(feed, cancellationToken));
        }

        var state = recovery.State;
        return new(position, state.RecoveredCount, state.JoinedCount, state.AmbiguousCount, state.DisplacedCount);
    }

    private Task UpToAsync(long upTo)
    {
        wanted = Math.Max(wanted, upTo);
        return running is { IsCompleted: false } ? running : running = RunAsync();
    }

    private async Task RunAsync()
    {
        while (position < wanted)
        {
            try
            {
                await TakePieceAsync();
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                LogFailed(feed, position, failure);
                await Task.Delay(Pause, time);
                await BuildWindowAsync(CancellationToken.None);
            }
        }
    }

    private async Task TakePieceAsync()
    {
        var slice = await log.ReadDivertedAsync(feed, position, ReceptionsPerCommit, CancellationToken.None);
        var before = window.Displaced;
        var (voted, ambiguous) = (new List<VotedPacket>(), new List<long>());
        foreach (var reception in slice.Items)
        {
            var vote = window.Take(RecoveryRules.ToCopy(reception));
            if (vote.Outcome is VoteOutcome.Ambiguous)
            {
                ambiguous.Add(reception.Position);
            }
            else if (vote.Outcome is VoteOutcome.Recovered)
            {
                var packet = RecoveryRules.Identify(vote.Octets.Span);
                var known = (await log.CopiesAsync(feed, packet, CancellationToken.None)).Any(static copy => copy.Verdict.IsPacket());
                voted.Add(new(reception.Position, vote, packet, known));
            }
        }

        var displaced = window.Displaced - before;
        Transition<RecoveryRecord>? decided = null;
        await recovery.CommitAsync(state => decided = RecoveryRules.Decide(state, feed, voted, ambiguous, slice.UpTo, displaced), CancellationToken.None);
        position = slice.UpTo;
        if (decided is null)
        {
            await log.SaveCheckpointAsync(Reader, feed, position, CancellationToken.None);
            return;
        }

        foreach (var recovered in decided.Records.OfType<RecoveryRecord.Recovered>())
        {
            LogRecovered(feed, recovered.Packet, recovered.From.Length, recovered.Risk);
        }
    }

    private async Task BuildWindowAsync(CancellationToken cancellationToken)
    {
        var limits = options.Limits;
        window = new(limits);
        var latest = await log.FindAsync(new(feed, Invalid: true, Before: position + 1, Limit: limits.WindowCopies), cancellationToken);
        foreach (var reception in latest.Items.Reverse())
        {
            window.Add(RecoveryRules.ToCopy(reception));
        }
    }

    [LoggerMessage(2131, LogLevel.Information, "{Feed}: packet {Packet} was recovered from {Copies} broken copies; probability of an error {Risk}")]
    private partial void LogRecovered(FeedId feed, string packet, int copies, double risk);

    [LoggerMessage(2132, LogLevel.Warning, "{Feed}: what was diverted after {Position} could not vote yet; again in a second")]
    private partial void LogFailed(FeedId feed, long position, Exception failure);
}
