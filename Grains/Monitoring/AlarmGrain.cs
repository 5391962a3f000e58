using System.Text.Json;
using Orleans.Concurrency;
using Svom.EventStore;
using Svom.Outcomes;

namespace Svom.Monitoring;

/// <summary>What only the platform tells an alarm. Key: the alarm id.</summary>
[Alias("svom.alarm-news-grain")]
internal interface IAlarmNewsGrain : IGrainWithStringKey
{
    /// <summary>Takes news in order; repeats change nothing.</summary>
    [Alias("tell")]
    Task TellAsync(AlarmNews[] news, CancellationToken cancellationToken);

    /// <summary>The end of its shelving may have come.</summary>
    [Alias("wake")]
    Task WakeAsync(CancellationToken cancellationToken);
}

/// <summary>The life of one alarm, each step a durable record.</summary>
[Reentrant]
internal sealed class AlarmGrain : Grain, IAlarmGrain, IAlarmNewsGrain
{
    public const string StreamKind = "alarm";

    private const string ShelfEnds = "shelf-ends";
    private readonly IEventStore store;
    private readonly TimeProvider time;
    private readonly Inbox<Func<AlarmLife, DateTimeOffset, (IReadOnlyList<AlarmRecord> Records, Refusal? Refusal)>, Refusal?> inbox;
    private readonly Unborn unborn;
    private EventSourced<AlarmLife, AlarmRecord> alarm = null!;

    public AlarmGrain(IEventStore store, TimeProvider time)
    {
        (this.store, this.time) = (store, time);
        inbox = new(HandleAsync);
        unborn = new(this, () => alarm.Version == 0);
    }

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        alarm = new(store, new($"{StreamKind}/{this.GetPrimaryKeyString()}"), AlarmLife.Unborn, AlarmRules.Apply, new(AlarmJson.Default.AlarmRecordArray), time);
        return alarm.LoadAsync(cancellationToken);
    }

    public Task<Outcome<AlarmView>> GetAsync(CancellationToken cancellationToken) => Task.FromResult(View(null));

    public Task TellAsync(AlarmNews[] news, CancellationToken cancellationToken) => inbox.PutAsync((life, now) => (AlarmRules.Tell(life, news, now), null));

    public Task WakeAsync(CancellationToken cancellationToken) => inbox.PutAsync(static (life, now) => (AlarmRules.Wake(life, now) is { } record ? [record] : [], null));

    public Task<Outcome<AlarmView>> AcknowledgeAsync(string who, string? reason, CancellationToken cancellationToken) =>
        ActAsync((life, now) => AlarmRules.Acknowledge(life, who, reason, now));

    public Task<Outcome<AlarmView>> ShelveAsync(string who, DateTimeOffset until, string reason, CancellationToken cancellationToken) =>
        ActAsync((life, now) => AlarmRules.Shelve(life, who, until, reason, now));

    public Task<Outcome<AlarmView>> UnshelveAsync(string who, CancellationToken cancellationToken) => ActAsync((life, now) => AlarmRules.Unshelve(life, who, now));

    private async Task<Outcome<AlarmView>> ActAsync(Func<AlarmLife, DateTimeOffset, (AlarmRecord? Record, Refusal? Refusal)> act) => View(await inbox.PutAsync((life, now) =>
    {
        var (record, refusal) = act(life, now);
        return (record is null ? [] : [record], refusal);
    }));

    private async Task<IReadOnlyList<Refusal?>> HandleAsync(IReadOnlyList<Func<AlarmLife, DateTimeOffset, (IReadOnlyList<AlarmRecord> Records, Refusal? Refusal)>> inputs)
    {
        var answers = new Refusal?[inputs.Count];
        await alarm.CommitAsync(life => Decide(life, inputs, answers), CancellationToken.None);
        return answers;
    }

    private Transition<AlarmRecord>? Decide(
        AlarmLife life, IReadOnlyList<Func<AlarmLife, DateTimeOffset, (IReadOnlyList<AlarmRecord> Records, Refusal? Refusal)>> inputs, Refusal?[] answers)
    {
        var (records, now) = (new List<AlarmRecord>(), time.GetUtcNow());
        for (var n = 0; n < inputs.Count; n++)
        {
            (var more, answers[n]) = inputs[n](life, now);
            records.AddRange(more);
            life = more.Aggregate(life, AlarmRules.Apply);
        }

        return records.Count == 0 ? null : new([.. records])
        {
            Due = [new(ShelfEnds, life.Shelf?.Until)],
            Index = life.Raised is null ? [] : [AlarmIndex.Row(life.ToView(alarm.Version + 1))],
        };
    }

    private Outcome<AlarmView> View(Refusal? refusal)
    {
        if (refusal is null && alarm.State.Raised is not null)
        {
            return alarm.State.ToView(alarm.Version);
        }

        if (alarm.Version == 0)
        {
            unborn.LeaveSoon();
        }

        return refusal ?? new Refusal(RefusalCode.NotFound, $"There is no alarm '{this.GetPrimaryKeyString()}': it was never raised.");
    }
}

/// <summary>Search rows of alarms: each as it stands.</summary>
internal static class AlarmIndex
{
    // Kinds of alarms times stations: all are looked at.
    private const int Most = 10_000;
    private const string Index = "alarm";

    public static IndexChange Row(AlarmView view) => new(Index, view.Id, JsonSerializer.SerializeToUtf8Bytes(view, AlarmJson.Default.AlarmView));

    public static async Task<IReadOnlyList<AlarmView>> AllAsync(IEventStore store, CancellationToken cancellationToken) =>
        [.. (await store.IndexAsync(Index, "", "~", Most, descending: false, cancellationToken)).Select(static row => JsonSerializer.Deserialize(row.Value.Span, AlarmJson.Default.AlarmView)!)];
}
