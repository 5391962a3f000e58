using System.Collections.Immutable;
using Svom.Bursts;
using Svom.Notifications;
using Svom.Packets;

namespace Svom.Contracts.Gateway;

/// <summary>The feeds of the made-up platform: what a test puts there, each item with the number of its place.</summary>
public sealed class FollowedFeeds : INoticeFollowGrain, IBurstFollowGrain, ITelescopeFollowGrain, IPacketFollowGrain
{
    private readonly List<FollowedNotice> notices = [];
    private readonly List<BurstChange> changes = [];
    private readonly List<TelescopeWord> words = [];
    private readonly List<PacketSummary> packets = [];
    private TaskCompletionSource more = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Thrown by the next reads; null: none.</summary>
    public Exception? Fault { get; set; }

    public void PutInto(FakeGrains grains)
    {
        grains.Put<INoticeFollowGrain>(_ => this);
        grains.Put<IBurstFollowGrain>(_ => this);
        grains.Put<ITelescopeFollowGrain>(_ => this);
        grains.Put<IPacketFollowGrain>(_ => this);
    }

    public void Add(FollowedNotice notice) => Grow(() => notices.Add(notice));

    public void Add(BurstChange change) => Grow(() => changes.Add(change));

    public void Add(TelescopeWord word) => Grow(() => words.Add(word));

    public void Add(PacketSummary packet) => Grow(() => packets.Add(packet));

    Task<ImmutableArray<FollowedNotice>> INoticeFollowGrain.AfterAsync(long after, int most, TimeSpan atMost, CancellationToken cancellationToken) =>
        AfterAsync(notices, static notice => notice.Notice.Sequence, after, most, cancellationToken);

    Task<long> INoticeFollowGrain.HeadAsync(CancellationToken cancellationToken) => HeadAsync(notices, static notice => notice.Notice.Sequence);

    Task<ImmutableArray<BurstChange>> IBurstFollowGrain.AfterAsync(long after, int most, TimeSpan atMost, CancellationToken cancellationToken) =>
        AfterAsync(changes, static change => change.Sequence, after, most, cancellationToken);

    Task<long> IBurstFollowGrain.HeadAsync(CancellationToken cancellationToken) => HeadAsync(changes, static change => change.Sequence);

    Task<ImmutableArray<TelescopeWord>> ITelescopeFollowGrain.AfterAsync(long after, int most, TimeSpan atMost, CancellationToken cancellationToken) =>
        AfterAsync(words, static word => word.Sequence, after, most, cancellationToken);

    Task<long> ITelescopeFollowGrain.HeadAsync(CancellationToken cancellationToken) => HeadAsync(words, static word => word.Sequence);

    async Task<PacketsFollowed> IPacketFollowGrain.AfterAsync(string? session, long after, int most, TimeSpan atMost, CancellationToken cancellationToken)
    {
        var found = await AfterAsync(packets, static packet => packet.Sequence, after, most, cancellationToken);
        return new(found, found[^1].Sequence);
    }

    Task<long> IPacketFollowGrain.HeadAsync(string? session, CancellationToken cancellationToken) => HeadAsync(packets, static packet => packet.Sequence);

    private async Task<ImmutableArray<T>> AfterAsync<T>(List<T> items, Func<T, long> sequence, long after, int most, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task grown;
            lock (notices)
            {
                if (Fault is { } fault)
                {
                    throw fault;
                }

                grown = more.Task;
                if (items.Where(item => sequence(item) > after).Take(most).ToImmutableArray() is { IsEmpty: false } found)
                {
                    return found;
                }
            }

            await grown.WaitAsync(cancellationToken);
        }
    }

    private Task<long> HeadAsync<T>(List<T> items, Func<T, long> sequence)
    {
        lock (notices)
        {
            return Task.FromResult(items.Select(sequence).LastOrDefault());
        }
    }

    private void Grow(Action add)
    {
        TaskCompletionSource grown;
        lock (notices)
        {
            add();
            (grown, more) = (more, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }

        grown.SetResult();
    }
}
