using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Orleans.Concurrency;
using Svom.EventStore;
using Svom.Outcomes;
using Svom.Workflows;

namespace Svom.Packets;

/// <summary>A replay as its desk and its workflow write it. Key: its id.</summary>
[Alias("svom.replay-keeper")]
internal interface IReplayKeeperGrain : IGrainWithStringKey
{
    /// <summary>Keeps the request and owes the start of its workflow, in one append.</summary>
    [Alias("ask")]
    Task<ReplayView> AskAsync(ReplayRequest request, string requestedBy, CancellationToken cancellationToken);

    /// <summary>An attempt begins.</summary>
    /// <returns>False when it shall not: the replay has ended.</returns>
    [Alias("begun")]
    Task<bool> BegunAsync(int attempt, CancellationToken cancellationToken);

    /// <summary>How far it has come: not kept.</summary>
    [OneWay, Alias("progress")]
    Task ProgressAsync(ReplayProgress progress);

    /// <summary>The end, with a report or with the reason why there is none. Counts once.</summary>
    [Alias("end")]
    Task EndAsync(ReplayReport? report, string? detail, CancellationToken cancellationToken);
}

/// <summary>What became of a replay. Names stand in stored records.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "$type")]
[JsonDerivedType(typeof(Asked), "asked")]
[JsonDerivedType(typeof(Begun), "begun")]
[JsonDerivedType(typeof(Ended), "ended")]
[JsonDerivedType(typeof(Cancelled), "cancelled")]
internal abstract record ReplayRecord
{
    internal sealed record Asked(DateTimeOffset At, ReplayRequest Request, string By) : ReplayRecord;

    internal sealed record Begun(DateTimeOffset At, int Attempt) : ReplayRecord;

    internal sealed record Ended(DateTimeOffset At, ReplayReport? Report, string? Detail) : ReplayRecord;

    internal sealed record Cancelled(DateTimeOffset At, string By) : ReplayRecord;
}

/// <param name="View">Null: nobody asked for it.</param>
internal sealed record KeptReplay(ReplayView? View);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ReplayRecord[]))]
[JsonSerializable(typeof(ReplayView))]
internal sealed partial class ReplayJson : JsonSerializerContext;

/// <summary>One replay.</summary>
internal sealed class ReplayGrain(IEventStore store, TimeProvider time) : Grain, IReplayGrain, IReplayKeeperGrain
{
    public const string StreamKind = "replay";
    private EventSourced<KeptReplay, ReplayRecord> kept = null!;
    private Unborn unborn = null!;
    private ReplayProgress? progress;

    private string Id => this.GetPrimaryKeyString();

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        kept = new(store, new($"{StreamKind}/{Id}"), new(View: null), (state, record) => new(Apply(state.View, record)), new(ReplayJson.Default.ReplayRecordArray), time);
        unborn = new(this, () => kept.State.View is null);
        return kept.LoadAsync(cancellationToken);
    }

    public Task<Outcome<ReplayView>> GetAsync(CancellationToken cancellationToken)
    {
        if (kept.State.View is { } view)
        {
            return Task.FromResult<Outcome<ReplayView>>(view.Status is ReplayStatus.Running ? view with { Progress = progress } : view);
        }

        return Task.FromResult<Outcome<ReplayView>>(Unknown());
    }

    public async Task<Outcome<ReplayView>> CancelAsync(string by, CancellationToken cancellationToken)
    {
        await CommitAsync(view => view is { Status: ReplayStatus.Running } ? new ReplayRecord.Cancelled(time.GetUtcNow(), by) : null, cancellationToken, Stop(by));
        return kept.State.View switch
        {
            null => Unknown(),
            { Status: ReplayStatus.Cancelled } view => view,
            { Status: var status } => new Refusal(RefusalCode.NotPossibleNow, $"The replay has ended by itself: it is {status.ToString().ToLowerInvariant()}."),
        };
    }

    public async Task<ReplayView> AskAsync(ReplayRequest request, string requestedBy, CancellationToken cancellationToken)
    {
        await CommitAsync(view => view is null ? new ReplayRecord.Asked(time.GetUtcNow(), request, requestedBy) : null, cancellationToken, Start(request));
        return kept.State.View!;
    }

    public async Task<bool> BegunAsync(int attempt, CancellationToken cancellationToken)
    {
        progress = null;
        await CommitAsync(view => view is { Status: ReplayStatus.Running } && view.Attempts < attempt ? new ReplayRecord.Begun(time.GetUtcNow(), attempt) : null, cancellationToken);
        return kept.State.View is { Status: ReplayStatus.Running };
    }

    public Task ProgressAsync(ReplayProgress progress)
    {
        this.progress = progress;
        return Task.CompletedTask;
    }

    public Task EndAsync(ReplayReport? report, string? detail, CancellationToken cancellationToken) =>
        CommitAsync(view => view is { Status: ReplayStatus.Running } ? new ReplayRecord.Ended(time.GetUtcNow(), report, detail) : null, cancellationToken);

    private Task CommitAsync(Func<ReplayView?, ReplayRecord?> decide, CancellationToken cancellationToken, Owed? owed = null) => kept.CommitAsync(
        state => decide(state.View) is { } record
            ? new Transition<ReplayRecord>([record]) { Owed = owed is null ? [] : [owed], Index = ReplayList.Rows(Apply(state.View, record)!) }
            : null,
        cancellationToken);

    private ReplayView? Apply(ReplayView? view, ReplayRecord record) => record switch
    {
        ReplayRecord.Asked asked => new(Id, asked.Request, asked.By, asked.At, ReplayStatus.Running, 0, null, null, null, null),
        ReplayRecord.Begun begun => view! with { Attempts = begun.Attempt },
        ReplayRecord.Ended ended => view! with
        {
            Status = ended.Report is null ? ReplayStatus.Failed : ReplayStatus.Done,
            EndedAt = ended.At,
            Report = ended.Report,
            Detail = ended.Detail,
        },
        ReplayRecord.Cancelled cancelled => view! with { Status = ReplayStatus.Cancelled, EndedAt = cancelled.At, Detail = $"Cancelled by {cancelled.By}." },
        _ => view,
    };

    private Refusal Unknown()
    {
        unborn.LeaveSoon();
        return new(RefusalCode.NotFound, $"There is no replay {Id}.");
    }

    private WorkflowAddress Workflow() => new(WorkflowAddress.DefaultNamespace, $"{StreamKind}/{Id}");

    /// <summary>Should it come before the start, the first attempt finds by itself that the replay has ended.</summary>
    private Owed Stop(string by) => WorkflowRoute.To(Workflow(), new InputMessage(new RequestCancel($"Cancelled by {by}.", "replay-desk", RequestId: $"{Id}/cancel")));

    private Owed Start(ReplayRequest request)
    {
        var none = ImmutableSortedDictionary.Create<string, Payload>(StringComparer.Ordinal);
        return WorkflowRoute.To(
            Workflow(),
            new InputMessage(new Start(new(
                Id, WorkflowNames.Workflow(typeof(ReplayWorkflow)), WorkflowOptions.MissionQueue, JsonPayloadConverter.Default.ToPayloads([Id, request]),
                null, null, null, WorkflowIdReusePolicy.RejectDuplicate, WorkflowIdConflictPolicy.Fail, null, null, null, "replay-desk", none, none, none))));
    }
}

/// <summary>Search rows of replays: by id, which sorts by time, and those that run.</summary>
internal static class ReplayList
{
    private const string ById = "replay";
    private const string Running = "replay-running";

    public static IReadOnlyList<IndexChange> Rows(ReplayView view) =>
    [
        new(ById, view.Id, JsonSerializer.SerializeToUtf8Bytes(view with { Report = null, Progress = null }, ReplayJson.Default.ReplayView)),
        new(Running, view.Id, view.Status is ReplayStatus.Running ? new ReadOnlyMemory<byte>(Encoding.UTF8.GetBytes(view.Id)) : default(ReadOnlyMemory<byte>?)),
    ];

    /// <summary>How many run; one at a slow pace may be older than any number of others.</summary>
    public static async Task<int> RunningAsync(IEventStore store, int most, CancellationToken cancellationToken) =>
        (await store.IndexAsync(Running, "", "~", most, descending: false, cancellationToken)).Count;

    /// <summary>Replays before an id, newest first.</summary>
    public static async Task<ImmutableArray<ReplayView>> BeforeAsync(IEventStore store, string? id, int max, CancellationToken cancellationToken) =>
        [.. (await store.IndexAsync(ById, "", id ?? "~", max, descending: true, cancellationToken)).Select(static row => JsonSerializer.Deserialize(row.Value.Span, ReplayJson.Default.ReplayView)!)];
}

/// <summary>Begins replays, no more at once than leave the night its machine.</summary>
internal sealed class ReplayDeskGrain(IEventStore store, ReplayRunner runner, TimeProvider time) : Grain, IReplayDeskGrain
{
    private const int MostRunning = 2;

    public async Task<Outcome<ReplayView>> StartAsync(ReplayRequest request, string requestedBy, CancellationToken cancellationToken)
    {
        if ((await runner.FeedAsync(request, cancellationToken)).Refusal is { } refusal)
        {
            return refusal;
        }

        var running = await ReplayList.RunningAsync(store, MostRunning, cancellationToken);
        if (running >= MostRunning)
        {
            return new Refusal(RefusalCode.NotPossibleNow, string.Create(CultureInfo.InvariantCulture, $"{running} replays run already, as many as may at once."));
        }

        var now = time.GetUtcNow();
        var id = string.Create(CultureInfo.InvariantCulture, $"{now.UtcDateTime:yyyyMMddHHmmssfff}-{Guid.NewGuid().ToString("N")[..6]}");
        return await GrainFactory.GetGrain<IReplayKeeperGrain>(id).AskAsync(request, requestedBy, cancellationToken);
    }

    public async Task<Outcome<Page<ReplayView>>> FindAsync(string? cursor, int limit, CancellationToken cancellationToken)
    {
        if (cursor is { } at && (at.Length > 64 || at.Any(static c => !char.IsAsciiLetterOrDigit(c) && c != '-')))
        {
            return new Refusal(RefusalCode.Invalid, "The cursor is none of this list's.");
        }

        var found = await ReplayList.BeforeAsync(store, cursor, limit + 1, cancellationToken);
        return found.Length > limit ? new Page<ReplayView>(found[..limit], found[limit - 1].Id) : new Page<ReplayView>(found, null);
    }

    public async Task<Outcome<ReplayComparison>> CompareAsync(string from, string to, CancellationToken cancellationToken)
    {
        var first = await GrainFactory.GetGrain<IReplayGrain>(from).GetAsync(cancellationToken);
        var second = await GrainFactory.GetGrain<IReplayGrain>(to).GetAsync(cancellationToken);
        return (first.Refusal ?? second.Refusal ?? RunComparison.Fault(first.Value!, second.Value!)) is { } refusal ? refusal : RunComparison.Of(first.Value!, second.Value!);
    }
}
