using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.Streams;
using Orleans.Streams.Core;
using Svom.Bursts;
using Svom.EventStore;
using Svom.Packets.Streams;

namespace Svom.Packets;

/// <summary>The one that decides for a feed which burst a packet belongs to. Key: the feed.</summary>
[Alias("svom.sequencer")]
internal interface ISequencerGrain : IGrainWithStringKey
{
    /// <summary>Routes what is in the log and not routed yet, a bounded piece of it.</summary>
    /// <returns>True when there is more.</returns>
    [Alias("catch-up")]
    Task<bool> CatchUpAsync(CancellationToken cancellationToken);

    /// <summary>Bursts that want to be told when mission time has come so far.</summary>
    [Alias("wish")]
    Task WishAsync(WakeWish[] wishes, CancellationToken cancellationToken);
}

/// <summary>
/// Takes a feed in order: decodes, routes, and commits what it routed, how far it is and what it owes in one append. A slice of the
/// stream that begins beyond its position shows a gap, which it reads from the log.
/// </summary>
[Reentrant, ImplicitStreamSubscription(PacketStream.Namespace)]
internal sealed partial class SequencerGrain : Grain, ISequencerGrain, IStreamSubscriptionObserver, IAsyncBatchObserver<PacketSlice>
{
    private const int SnapshotEvery = 256;
    private const byte SnapshotVersion = 2;
    private const int PacketsPerRead = 2_048;
    private const int PacketsPerDecoder = 512;

    // A call must end long before its time limit, however far behind the feed is.
    private const int ReadsPerCatchUp = 4;

    // Some 2 us a packet; a call to a decoder costs more than so many.
    private const int PacketsOnTheSpot = 64;
    private const int PacketsPerCommit = 8_192;

    private readonly IPacketLog log;
    private readonly IEventStore store;
    private readonly TimeProvider time;
    private readonly BurstOptions options;
    private readonly PacketMetrics metrics;
    private readonly ILogger<SequencerGrain> logger;
    private readonly Inbox<Input, bool> inbox;
    private EventSourced<SequencerState, SequencerRecord> sequencer = null!;
    private FeedId feed;

    // Looked at beyond the position without finding a packet. Lost in a crash, which costs another look.
    private long seen;

    public SequencerGrain(IPacketLog log, IEventStore store, TimeProvider time, IOptions<BurstOptions> options, PacketMetrics metrics, ILogger<SequencerGrain> logger)
    {
        (this.log, this.store, this.time, this.options, this.metrics, this.logger) = (log, store, time, options.Value, metrics, logger);
        inbox = new(HandleAsync);
    }

    /// <summary>One thing to take: slices of the stream, a look into the log, or wishes.</summary>
    private sealed record Input(PacketSlice[]? Slices, WakeWish[]? Wishes);

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        feed = FeedId.Parse(this.GetPrimaryKeyString());
        sequencer = new(
            store, new($"sequencer/{feed}"), SequencerState.Empty(feed), SequencerState.Apply, new(SequencerJson.Default.SequencerRecordArray), time,
            SnapshotFormat<SequencerState>.Json(SequencerJson.Default.SequencerState, SnapshotVersion, SnapshotEvery));
        await sequencer.LoadAsync(cancellationToken);
        metrics.At(feed, sequencer.State.Position);
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        metrics.Left(feed);
        return Task.CompletedTask;
    }

    public async Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory) => await handleFactory.Create<PacketSlice>().ResumeAsync(this);

    public Task OnNextAsync(IList<SequentialItem<PacketSlice>> items) => inbox.PutAsync(new([.. items.Select(static item => item.Item)], null));

    public Task OnErrorAsync(Exception ex)
    {
        LogStreamFailed(feed, ex); // What was not delivered is read from the log: the stream's dead letter sees to it.
        return Task.CompletedTask;
    }

    public Task<bool> CatchUpAsync(CancellationToken cancellationToken) => inbox.PutAsync(new(null, null));

    public Task WishAsync(WakeWish[] wishes, CancellationToken cancellationToken) => inbox.PutAsync(new(null, wishes));

    /// <returns>For a look into the log: true when it has more. Slices and wishes are taken whole.</returns>
    private async Task<IReadOnlyList<bool>> HandleAsync(IReadOnlyList<Input> inputs)
    {
        var more = new bool[inputs.Count];
        for (var n = 0; n < inputs.Count; n++)
        {
            switch (inputs[n])
            {
                case { Slices: { } slices }:
                    await TakeAsync(slices);
                    break;
                case { Wishes: { } wishes }:
                    await sequencer.CommitAsync(state => SequencerRules.Wish(state, feed, wishes), CancellationToken.None);
                    break;
                default:
                    more[n] = await ReadUpToAsync(await log.HeadAsync(feed, CancellationToken.None), ReadsPerCatchUp);
                    break;
            }
        }

        return more;
    }

    private async Task TakeAsync(PacketSlice[] slices)
    {
        for (var first = 0; first < slices.Length;)
        {
            if (slices[first].After > Math.Max(sequencer.State.Position, seen))
            {
                await ReadUpToAsync(slices[first].After);
            }

            var next = first + 1;
            var packets = slices[first].Packets.Length;
            while (next < slices.Length && slices[next].After <= slices[next - 1].UpTo && packets + slices[next].Packets.Length <= PacketsPerCommit)
            {
                packets += slices[next++].Packets.Length;
            }

            await TakeRunAsync(slices.AsSpan(first..next).ToArray(), packets);
            first = next;
        }
    }

    /// <summary>Takes slices that follow each other without a gap.</summary>
    private async Task TakeRunAsync(PacketSlice[] slices, int packets)
    {
        if (packets == 0)
        {
            seen = Math.Max(seen, slices[^1].UpTo); // Copies and broken frames alone: worth no append of their own.
            metrics.At(feed, Math.Max(seen, sequencer.State.Position));
        }
        else
        {
            await RouteAsync(slices.Length == 1 ? slices[0].Packets : [.. slices.SelectMany(static slice => slice.Packets)], slices[^1].UpTo);
        }
    }

    /// <returns>True when it stopped before the position.</returns>
    private async Task<bool> ReadUpToAsync(long upTo, int mostReads = int.MaxValue)
    {
        for (var reads = 0; sequencer.State.Position < upTo && reads < mostReads; reads++)
        {
            var slice = await log.ReadAsync(feed, sequencer.State.Position, PacketsPerRead, packetsOnly: true, CancellationToken.None);
            await RouteAsync([.. slice.Items], slice.UpTo);
        }

        return sequencer.State.Position < upTo;
    }

    private async Task RouteAsync(ImmutableArray<LoggedReception> packets, long upTo)
    {
        var decoded = await DecodeAsync(packets);
        var decodedAt = time.GetUtcNow();
        ImmutableArray<string> taken = [];
        while (true)
        {
            try
            {
                Transition<SequencerRecord>? routed = null;
                await sequencer.CommitAsync(
                    state => routed = SequencerRules.Route(
                        state with { Assignment = taken.Aggregate(state.Assignment, static (assignment, burst) => assignment.WithTaken(burst)) },
                        feed, packets, decoded, upTo, decodedAt, options),
                    CancellationToken.None);
                LogParked(routed);
                if (sequencer.State.Position >= upTo)
                {
                    Routed(packets, decoded);
                    return;
                }
            }
            catch (ClaimTakenException)
            {
                taken = await TakenNumbersAsync(decoded);
            }
        }
    }

    private void Routed(ImmutableArray<LoggedReception> packets, ImmutableArray<DecodedReception> decoded)
    {
        var now = time.GetUtcNow();
        metrics.At(feed, Math.Max(seen, sequencer.State.Position));
        if (packets is [var oldest, ..])
        {
            metrics.Routed(feed, now - oldest.StoredAt);
        }

        PacketTraces.Routed(feed, packets, decoded, now);
    }

    /// <summary>Highest number given so far on each day that the packets may open a burst on: another feed of the same kind shares the count.</summary>
    private async Task<ImmutableArray<string>> TakenNumbersAsync(ImmutableArray<DecodedReception> decoded)
    {
        var highest = new List<string>();
        foreach (var day in decoded.Select(static one => one.Evidence).OfType<Evidence>().Select(BurstAssignment.DayOf).Distinct(StringComparer.Ordinal))
        {
            if (SequencerRules.Highest(await BurstIndex.OfDayAsync(store, sequencer.State.Assignment.Prefix, day, CancellationToken.None)) is { } burst)
            {
                highest.Add(burst);
            }
        }

        LogNumbersTaken(feed, highest.Count);
        return [.. highest];
    }

    // Parked packets stand in the records; somebody should see that there are any. One line a batch: a flood must not hide the rest of the log.
    private void LogParked(Transition<SequencerRecord>? routed)
    {
        if (routed?.Records.OfType<SequencerRecord.Parked>().ToArray() is [var first, ..] parked)
        {
            metrics.Parked(feed, parked.Length);
            LogParked(feed, parked.Length, first.Position, first.Why);
        }
    }

    private async Task<ImmutableArray<DecodedReception>> DecodeAsync(ImmutableArray<LoggedReception> packets)
    {
        if (packets.Length <= PacketsOnTheSpot)
        {
            return PacketDecoderGrain.Decode(packets);
        }

        var decoder = GrainFactory.GetGrain<IPacketDecoderGrain>(0);
        var pieces = await Task.WhenAll(packets.Chunk(PacketsPerDecoder).Select(piece => decoder.DecodeAsync([.. piece])));
        return [.. pieces.SelectMany(static piece => piece)];
    }

    [LoggerMessage(2121, LogLevel.Warning, "The stream of {Feed} reported a failure")]
    private partial void LogStreamFailed(FeedId feed, Exception failure);

    [LoggerMessage(2123, LogLevel.Warning, "{Feed}: {Count} packets are parked, the first at {Position}: {Why}")]
    private partial void LogParked(FeedId feed, int count, long position, string why);

    [LoggerMessage(2122, LogLevel.Information, "{Feed}: burst numbers of {Days} days were given by another feed; counting on from there")]
    private partial void LogNumbersTaken(FeedId feed, int days);
}

/// <summary>Brings bursts' wishes to their feed's sequencer.</summary>
internal sealed class SequencerRoute(IGrainFactory grains) : IOwedRoute
{
    public const string RouteName = "sequencer";

    public string Name => RouteName;

    public static Owed To(string feed, WakeWish wish) => new(RouteName, feed, JsonSerializer.SerializeToUtf8Bytes(wish, BurstMessageJson.Default.WakeWish));

    public Task DeliverAsync(string target, IReadOnlyList<OwedRow> rows, CancellationToken cancellationToken) =>
        grains.GetGrain<ISequencerGrain>(target).WishAsync(
            [.. rows.Select(static row => JsonSerializer.Deserialize(row.Message.Payload.Span, BurstMessageJson.Default.WakeWish)!)], cancellationToken);
}
