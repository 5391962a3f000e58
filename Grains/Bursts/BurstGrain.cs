using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Svom.EventStore;
using Svom.Monitoring;
using Svom.Notifications;
using Svom.Outcomes;
using Svom.Packets;

namespace Svom.Bursts;

/// <summary>The burst as its feed's sequencer and the clock see it. Key: the burst id.</summary>
[Alias("svom.burst-feed")]
internal interface IBurstFeedGrain : IGrainWithStringKey
{
    /// <summary>Takes messages in the order in which they were owed; repeats change nothing.</summary>
    [Alias("take")]
    Task TakeAsync(BurstMessage[] messages, CancellationToken cancellationToken);

    /// <summary>A due time of the burst has come.</summary>
    [Alias("wake")]
    Task WakeAsync(CancellationToken cancellationToken);
}

/// <summary>
/// Follows one alert sequence. Inputs that arrive while an append is in flight are decided together in the next; the notices an
/// input makes, what is owed for them and the next due time stand in the same append as the input itself.
/// </summary>
[Reentrant]
internal sealed partial class BurstGrain : Grain, IBurstGrain, IBurstFeedGrain
{
    public const string StreamKind = "burst";
    private const int SnapshotEvery = 64;
    private const byte SnapshotVersion = 3;

    private readonly IEventStore store;
    private readonly TimeProvider time;
    private readonly BurstOptions options;
    private readonly FeedCounts counts;
    private readonly IReadOnlyList<string> outlets;
    private readonly NoticeMetrics metrics;
    private readonly ILogger<BurstGrain> logger;
    private readonly Inbox<BurstInput, Taken> inbox;
    private EventSourced<BurstState, BurstRecord> burst = null!;
    private Unborn unborn = null!;
    private string? feed;

    public BurstGrain(
        IEventStore store, TimeProvider time, IOptions<BurstOptions> options, FeedCounts counts, IOptions<NotificationOptions> notifications, NoticeMetrics metrics,
        ILogger<BurstGrain> logger)
    {
        (this.store, this.time, this.options, this.counts, this.metrics, this.logger) = (store, time, options.Value, counts, metrics, logger);
        outlets = notifications.Value.Outlets;
        inbox = new(CommitAsync);
    }

    /// <summary>What became of one input.</summary>
    private sealed record Taken(Refusal? Refusal, ImmutableArray<NoticeMade> Made, bool Pending);

    private string Id => this.GetPrimaryKeyString();

    private string? Session => feed is null ? null : FeedId.Parse(feed).Session;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        burst = new(
            store, new($"{StreamKind}/{Id}"), new(Id), BurstRules.Apply, new(BurstJson.Stored.BurstRecordArray), time,
            SnapshotFormat<BurstState>.Json(BurstJson.Stored.BurstState, SnapshotVersion, SnapshotEvery));
        unborn = new(this, () => burst.Version == 0);
        await burst.LoadAsync(cancellationToken);
        if (burst.Version > 0)
        {
            feed = await BurstIndex.FeedAsync(store, Id, cancellationToken); // A new one is told with its first packets.
        }
    }

    public async Task TakeAsync(BurstMessage[] messages, CancellationToken cancellationToken)
    {
        feed ??= messages[0].Feed;
        var taken = new List<Task>();
        var last = burst.State.LastPosition;
        foreach (var message in messages)
        {
            if (message.After > last)
            {
                throw new InvalidOperationException($"{Id} is at position {last} and was given what follows {message.After}: something between is still to come.");
            }

            if (message.Packets.Length > 0)
            {
                taken.Add(inbox.PutAsync(new PacketsHeard([.. message.Packets])));
                last = Math.Max(last, message.Packets[^1].Position);
            }

            if (message.Watermark is { } watermark)
            {
                taken.Add(inbox.PutAsync(new WatermarkReached(watermark)));
            }

            if (message.Link is { } link)
            {
                taken.Add(inbox.PutAsync(new LinkFound(link)));
            }
        }

        await Task.WhenAll(taken);
    }

    public Task WakeAsync(CancellationToken cancellationToken) => inbox.PutAsync(new WallClockReached(time.GetUtcNow()));

    public async Task<Outcome<BurstView>> GetAsync(CancellationToken cancellationToken) =>
        burst.Version == 0 ? Unknown() : await counts.SettleAsync(View(burst.State, burst.Version), cancellationToken);

    public Task<Outcome<ImmutableArray<TimelineEntry>>> TimelineAsync(CancellationToken cancellationToken) =>
        Task.FromResult(Known(() => burst.State.Timeline.ToImmutableArray()));

    public Task<Outcome<ImmutableArray<NoticeExplanation>>> ExplainAsync(CancellationToken cancellationToken) =>
        Task.FromResult(Known(() => BurstExplanations.Explain(burst.State, options)));

    public Task<Outcome<ImmutableArray<BurstMessageView>>> MessagesAsync(CancellationToken cancellationToken) =>
        Task.FromResult(Known(() => MessageViews.All(burst.State, options)));

    public Task<Outcome<BurstMessageParts>> MessageAsync(string kind, int number, string? observation, CancellationToken cancellationToken) =>
        Task.FromResult<Outcome<BurstMessageParts>>(burst.Version == 0 ? Unknown()
            : MessageViews.Find(burst.State, kind, number, observation, options) is { } message ? message
            : new Refusal(RefusalCode.NotFound, $"No part of {kind} {number} of {Id} was heard."));

    public async Task<Outcome<ActAnswer>> ActAsync(BurstAct act, CancellationToken cancellationToken)
    {
        if (burst.Version == 0)
        {
            return Unknown();
        }

        if (act.Preview)
        {
            if (Moved(act, burst.State, burst.Version) is { } moved)
            {
                return moved;
            }

            var decision = BurstRules.Decide(burst.State, new ActReceived(act, act.Alert), new(time.GetUtcNow(), options));
            return decision.Refusal is { } no ? no
                : await AnswerAsync([.. decision.Notices.Select(ToMade)], decision.Records.OfType<ActTaken>().Any(static taken => taken.Pending), cancellationToken);
        }

        var taken = await inbox.PutAsync(new ActReceived(act, act.Alert));
        return taken.Refusal is { } refusal ? refusal : await AnswerAsync([.. taken.Made.Select(ToMade)], taken.Pending, cancellationToken);
    }

    private async Task<Outcome<ActAnswer>> AnswerAsync(ImmutableArray<MadeNotice> made, bool pending, CancellationToken cancellationToken) =>
        new ActAnswer(await counts.SettleAsync(View(burst.State, burst.Version), cancellationToken), made, pending);

    private async Task<IReadOnlyList<Taken>> CommitAsync(IReadOnlyList<BurstInput> inputs)
    {
        IReadOnlyList<Taken> answers = [];
        await burst.CommitAsync(state => Decide(state, inputs, out answers), CancellationToken.None);
        foreach (var notice in answers.SelectMany(static answer => answer.Made))
        {
            metrics.Made(notice, BurstIndex.IsRehearsal(Id));
            LogMade(notice.Id, notice.Sent, notice.HeldBecause);
        }

        for (var n = 0; Traces.On && n < answers.Count; n++)
        {
            BurstTraces.Taken(Id, inputs[n], answers[n].Made, time.GetUtcNow());
        }

        return answers;
    }

    private Transition<BurstRecord>? Decide(BurstState state, IReadOnlyList<BurstInput> inputs, out IReadOnlyList<Taken> answers)
    {
        var context = new DecisionContext(time.GetUtcNow(), options);
        var records = ImmutableArray.CreateBuilder<BurstRecord>();
        var taken = new List<Taken>(inputs.Count);
        var (before, next) = (state, default(Decision));
        foreach (var input in inputs)
        {
            if (input is ActReceived { Act: var act } && Moved(act, state, burst.Version + (records.Count > 0 ? 1 : 0)) is { } moved)
            {
                taken.Add(new(moved, [], false));
                continue;
            }

            next = BurstRules.Decide(state, input, context);
            state = next.After;
            records.AddRange(next.Records);
            taken.Add(new(next.Refusal, [.. next.Notices], next.Records.OfType<ActTaken>().Any(static act => act.Pending) || (next.Repeat && Waits(state, input))));
        }

        answers = taken;
        return records.Count == 0 ? null : BurstCommit.Of(before, next!, records.ToImmutable(), View(state, burst.Version + 1), feed!, outlets, options);
    }

    private static bool Waits(BurstState state, BurstInput input) =>
        input is ActReceived { Act.IdempotencyKey: { } key } && state.Pending.Exists(pending => pending.Key == key);

    /// <summary>Refuses an act on a version that is no more. One that was taken before is answered again, whatever the version is now.</summary>
    private Refusal? Moved(BurstAct act, BurstState state, long version) =>
        act.IfVersion is { } expected && expected != version && !state.Acts.Exists(known => known.Key == act.IdempotencyKey)
            ? new(RefusalCode.Conflict, $"{Id} is at version {version}, not {expected}.")
            : null;

    private BurstView View(BurstState state, long version) => BurstViews.View(state, Session, version, options);

    private Outcome<T> Known<T>(Func<T> value) => burst.Version == 0 ? Unknown() : value();

    private Refusal Unknown()
    {
        unborn.LeaveSoon();
        return new(RefusalCode.NotFound, $"There is no burst '{Id}'.");
    }

    private static MadeNotice ToMade(NoticeMade notice) => new(notice.Id, notice.Type, notice.Sent, notice.XmlBytes(), notice.JsonBytes());

    [LoggerMessage(2201, LogLevel.Information, "{Notice} was made, sent: {Sent} {HeldBecause}")]
    private partial void LogMade(string notice, bool sent, string? heldBecause);
}
