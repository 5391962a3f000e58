using Svom.Outcomes;
using Svom.Packets;

namespace Svom.Contracts.Gateway;

/// <summary>Made-up replays: one that is done, and one that runs at a pace.</summary>
internal sealed class OneReplay(string id) : IReplayGrain, IReplayDeskGrain
{
    public const string Id = "20261129091500123-4f1c2a";
    public const string Running = "20261129091500123-4f1c2b";

    private static readonly DateTimeOffset Time = new(2026, 3, 1, 4, 13, 22, 7, TimeSpan.Zero);
    private static readonly Refusal Unknown = new(RefusalCode.NotFound, "There is no such replay.");

    private static readonly ReplayView Done = new(
        Id, new(ReplayMode.Replay), "tester", Time, ReplayStatus.Done, 1, Time.AddSeconds(9), null, new(4, 1, 2, [], 0, [new("sb26042105", "active", [])]), null);

    private static readonly ReplayView Paced = new(
        Running, new(ReplayMode.Replay, Speed: 60), "tester", Time, ReplayStatus.Running, 1, null, new(7, 9, 3, Time), null, null);

    public Task<Outcome<ReplayView>> GetAsync(CancellationToken cancellationToken) => Task.FromResult<Outcome<ReplayView>>(id switch { Id => Done, Running => Paced, _ => Unknown });

    public Task<Outcome<ReplayView>> CancelAsync(string by, CancellationToken cancellationToken) => Task.FromResult<Outcome<ReplayView>>(id switch
    {
        Running => Paced with { Status = ReplayStatus.Cancelled, Progress = null, EndedAt = Time, Detail = $"Cancelled by {by}." },
        Id => new Refusal(RefusalCode.NotPossibleNow, "The replay has ended by itself: it is done."),
        _ => Unknown,
    });

    public Task<Outcome<ReplayView>> StartAsync(ReplayRequest request, string requestedBy, CancellationToken cancellationToken) =>
        Task.FromResult<Outcome<ReplayView>>(Paced with { Request = request, RequestedBy = requestedBy, Progress = null });

    public Task<Outcome<Page<ReplayView>>> FindAsync(string? cursor, int limit, CancellationToken cancellationToken) =>
        Task.FromResult<Outcome<Page<ReplayView>>>(new Page<ReplayView>([Paced, Done], null));

    public Task<Outcome<ReplayComparison>> CompareAsync(string from, string to, CancellationToken cancellationToken) => Task.FromResult<Outcome<ReplayComparison>>(
        from == Running || to == Running ? new Refusal(RefusalCode.NotPossibleNow, "One of them runs.")
        : from != Id || to != Id ? Unknown
        : new ReplayComparison(from, to, [new("sb26042105", "sb26042105_grm-trigger", "xml/VOEvent/Who/Author/title", "SVOM", "Another centre", "It differs.")], 1));
}
