using Microsoft.Extensions.DependencyInjection;
using Svom.EventStore;
using StreamContent = Svom.EventStore.StreamContent;
using StreamId = Svom.EventStore.StreamId;

namespace Svom.Support;

/// <summary>An event store whose next append can be held back, and of which a read can fail.</summary>
internal sealed class HeldEventStore(IEventStore store) : IEventStore
{
    private TaskCompletionSource? release;
    private TaskCompletionSource held = new();
    private bool unheard;
    private int appendsUntilFailure = -1;

    /// <summary>Completes when the append that is held back has come.</summary>
    public Task Held => held.Task;

    /// <param name="durable">It lands, and nobody hears of it until it is released.</param>
    public void HoldNextAppend(bool durable = false)
    {
        unheard = durable;
        held = new(TaskCreationOptions.RunContinuationsAsynchronously);
        release = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    public void Release() => Interlocked.Exchange(ref release, null)!.SetResult();

    /// <summary>Once so many appends have landed, the next read fails.</summary>
    public void FailReadAfter(int appends) => Volatile.Write(ref appendsUntilFailure, appends);

    public async Task<AppendResult> AppendAsync(Append append, CancellationToken cancellationToken)
    {
        var gate = release;
        var landed = gate is not null && unheard ? await store.AppendAsync(append, cancellationToken) : null;
        if (gate is not null)
        {
            held.TrySetResult();
            await gate.Task;
        }

        var result = landed ?? await store.AppendAsync(append, cancellationToken);
        if (appendsUntilFailure > 0)
        {
            Interlocked.Decrement(ref appendsUntilFailure);
        }

        return result;
    }

    public Task<IReadOnlyList<StreamRow>> ReadAsync(StreamId stream, long afterVersion, int max, CancellationToken cancellationToken) =>
        Interlocked.CompareExchange(ref appendsUntilFailure, -1, 0) == 0
            ? Task.FromException<IReadOnlyList<StreamRow>>(new IOException("The disk does not answer."))
            : store.ReadAsync(stream, afterVersion, max, cancellationToken);

    public Task<StreamContent> LoadAsync(StreamId stream, CancellationToken cancellationToken) => store.LoadAsync(stream, cancellationToken);

    public Task<IReadOnlyList<OwedRow>> OwedAsync(int fromShard, int toShard, int max, CancellationToken cancellationToken) =>
        store.OwedAsync(fromShard, toShard, max, cancellationToken);

    public Task SettleAsync(IReadOnlyList<OwedRow> delivered, CancellationToken cancellationToken) => store.SettleAsync(delivered, cancellationToken);

    public Task<IReadOnlyList<DueRow>> DueAsync(int fromShard, int toShard, DateTimeOffset until, int max, CancellationToken cancellationToken) =>
        store.DueAsync(fromShard, toShard, until, max, cancellationToken);

    public Task<IReadOnlyList<ArchivedEntry>> ArchiveAsync(string archive, long after, int max, CancellationToken cancellationToken) =>
        store.ArchiveAsync(archive, after, max, cancellationToken);

    public Task<IReadOnlyList<ArchivedEntry>> SearchArchiveAsync(string archive, ArchiveQuery query, CancellationToken cancellationToken) =>
        store.SearchArchiveAsync(archive, query, cancellationToken);

    public Task<ArchivedEntry?> ArchivedAsync(string archive, string id, CancellationToken cancellationToken) => store.ArchivedAsync(archive, id, cancellationToken);

    public Task<long> ArchiveHeadAsync(string archive, CancellationToken cancellationToken) => store.ArchiveHeadAsync(archive, cancellationToken);

    public Task<IReadOnlyList<IndexRow>> IndexAsync(string index, string fromKey, string toKey, int max, bool descending, CancellationToken cancellationToken) =>
        store.IndexAsync(index, fromKey, toKey, max, descending, cancellationToken);

    public Task<IReadOnlyList<ShardLease>> LeaseShardsAsync(string owner, int fromShard, int toShard, DateTimeOffset now, DateTimeOffset until, CancellationToken cancellationToken) =>
        store.LeaseShardsAsync(owner, fromShard, toShard, now, until, cancellationToken);

    public Task ReleaseShardsAsync(string owner, CancellationToken cancellationToken) => store.ReleaseShardsAsync(owner, cancellationToken);
}

internal static class HeldEventStoreRegistration
{
    /// <summary>Puts a <see cref="HeldEventStore"/> before the store that is registered.</summary>
    public static IServiceCollection HoldEventStore(this IServiceCollection services)
    {
        var real = services.Last(static service => service.ServiceType == typeof(IEventStore));
        return services.AddSingleton(provider => new HeldEventStore((IEventStore)real.ImplementationFactory!(provider)))
            .AddSingleton<IEventStore>(static provider => provider.GetRequiredService<HeldEventStore>());
    }
}
