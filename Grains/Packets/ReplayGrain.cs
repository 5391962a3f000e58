using System.Collections.Immutable;
using System.Globalization;
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
    [Alias("begun")]
    Task BegunAsync(int attempt, CancellationToken cancellationToken);

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
internal abstract record ReplayRecord
{
    internal sealed record Asked(DateTimeOffset At, ReplayRequest Request, string By) : ReplayRecord;

    internal sealed record Begun(DateTimeOffset At, int Attempt) : ReplayRecord;

    internal sealed record Ended(DateTimeOffset At, ReplayReport? Report, string? Detail) : ReplayRecord;
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

        unborn.LeaveSoon();
        return Task.FromResult<Outcome<ReplayView>>(new Refusal(RefusalCode.NotFound, $"There is no replay {Id}."));
    }

    public async Task<ReplayView> AskAsync(ReplayRequest request, string requestedBy, CancellationToken cancellationToken)
    {
        await CommitAsync(view => view is null ? new ReplayRecord.Asked(time.GetUtcNow(), request, requestedBy) : null, cancellationToken, Start(request));
        return kept.State.View!;
    }

    public Task BegunAsync(int attempt, CancellationToken cancellationToken)
    {
        progress = null;
        return CommitAsync(view => view is { Status: ReplayStatus.Running } && view.Attempts < attempt ? new ReplayRecord.Begun(time.GetUtcNow(), attempt) : null, cancellationToken);
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
            ? new Transition<ReplayRecord>([record]) { Owed = owed is null ? [] : [owed], Index = [ReplayList.Row(Apply(state.View, record)!)] }
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
        _ => view,
    };

    private Owed Start(ReplayRequest request)
    {
        var none = ImmutableSortedDictionary.Create<string, Payload>(StringComparer.Ordinal);
        return WorkflowRoute.To(
            new(WorkflowAddress.DefaultNamespace, $"{StreamKind}/{Id}"),
            new InputMessage(new Start(new(
                Id, WorkflowNames.Workflow(typeof(ReplayWorkflow)), WorkflowOptions.MissionQueue, JsonPayloadConverter.Default.ToPayloads([Id, request]),
                null, null, null, WorkflowIdReusePolicy.RejectDuplicate, WorkflowIdConflictPolicy.Fail, null, null, null, "replay-desk", none, none, none))));
    }
}

/// <summary>Search rows of replays: by id, which sorts by time.</summary>
internal static class ReplayList
{
    private const string ById = "replay";

    public static IndexChange Row(ReplayView view) => new(ById, view.Id, JsonSerializer.SerializeToUtf8Bytes(view with { Report = null, Progress = null }, ReplayJson.Default.ReplayView));

    /// <summary>Replays before an id, newest first.</summary>
    public static async Task<ImmutableArray<ReplayView>> BeforeAsync(IEventStore store, string? id, int max, CancellationToken cancellationToken) =>
        [.. (await store.IndexAsync(ById, "", id ?? "~", max, descending: true, cancellationToken)).Select(static row => JsonSerializer.Deserialize(row.Value.Span, ReplayJson.Default.ReplayView)!)];
}

/// <summary>Begins replays, no more at once than leave the night its machine.</summary>
internal sealed class ReplayDeskGrain(IEventStore store, ReplayRunner runner, TimeProvider time) : Grain, IReplayDeskGrain
{
    private const int MostRunning = 2;
    private const int LookBack = 200;

    public async Task<Outcome<ReplayView>> StartAsync(ReplayRequest request, string requestedBy, CancellationToken cancellationToken)
    {
        if ((await runner.FeedAsync(request, cancellationToken)).Refusal is { } refusal)
        {
            return refusal;
        }

        var running = (await ReplayList.BeforeAsync(store, null, LookBack, cancellationToken)).Count(static replay => replay.Status is ReplayStatus.Running);
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
}
