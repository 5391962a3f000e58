using System.Globalization;
using Svom.Bursts;
using Svom.EventStore;
using Svom.Outcomes;

namespace Svom.Packets;

/// <summary>Does one replay or re-simulation from what is stored. Reads only.</summary>
public sealed class ReplayRunner
{
    private readonly IEventStore store;
    private readonly Microsoft.Extensions.Options.IOptions<BurstOptions> options;
    private readonly TimeProvider time;
    private readonly FeedReplay replay;
    private readonly FeedResimulations resimulations;

    /// <summary>Over stores that nobody needs to serve.</summary>
    /// <param name="time">Clock of paced replays.</param>
    public ReplayRunner(IPacketLog log, IEventStore store, Microsoft.Extensions.Options.IOptions<BurstOptions> options, TimeProvider time) =>
        (this.store, this.options, this.time, replay, resimulations) = (store, options, time, new(log, store, options, time), new(log, store, options, time));

    /// <summary>What is wrong with a request by itself; null when nothing is.</summary>
    public static string? Fault(ReplayRequest request) =>
        !Enum.IsDefined(request.Mode) ? "The mode is replay or resimulate."
        : request is { Session: not null, Burst: not null } ? "Name a session or a burst, not both: a burst has its session."
        : request.Session is { } session && !FeedId.IsName(session) ? "A session is a name of 1 to 64 letters, digits, '-', '_' and '.'."
        : request is { Burst: not null, From: not null } or { Burst: not null, To: not null } ? "A burst is played whole: from and to go with a feed."
        : request.From >= request.To ? "The range ends before it begins."
        : request.Speed is { } speed && !(speed is >= ReplayRequest.Slowest and <= ReplayRequest.Fastest)
            ? string.Create(CultureInfo.InvariantCulture, $"The speed is a number from {ReplayRequest.Slowest} to {ReplayRequest.Fastest}, times mission time, not {speed}; without one it goes as fast as possible.")
        : null;

    /// <summary>The feed that a request means; refused when its burst does not exist.</summary>
    public async Task<Outcome<FeedId>> FeedAsync(ReplayRequest request, CancellationToken cancellationToken)
    {
        if (Fault(request) is { } fault)
        {
            return new Refusal(RefusalCode.Invalid, fault);
        }

        if (request.Burst is not { } burst)
        {
            return new FeedId(PacketDefinitions.Current.SpacecraftName, request.Session);
        }

        return await BurstIndex.FeedAsync(store, burst, cancellationToken) is { } feed ? FeedId.Parse(feed) : new Refusal(RefusalCode.NotFound, $"There is no burst {burst}.");
    }

    /// <summary>Runs it to its end.</summary>
    /// <param name="after">Position up to which an earlier run was at the pace: that far it goes as fast as possible.</param>
    public async Task<Outcome<ReplayReport>> RunAsync(ReplayRequest request, IProgress<ReplayProgress>? progress, CancellationToken cancellationToken, long after = 0)
    {
        var feed = await FeedAsync(request, cancellationToken);
        if (feed.Refusal is { } refusal)
        {
            return refusal;
        }

        var scope = new ReplayScope(request.Burst, request.From, request.To);
        Func<PacedPart, ReplayPace>? pace = request.Speed is { } speed ? part => new(speed, part with { After = after }) : null;
        return request switch
        {
            { Mode: ReplayMode.Resimulation } => await resimulations.RunAsync(feed.Value, scope, pace, progress, cancellationToken),
            { Burst: { } burst } => await BurstReplays.OneAsync(store, burst, options.Value, pace?.Invoke(new()), progress, time, cancellationToken),
            _ => await replay.RunAsync(feed.Value, scope, pace?.Invoke(new(From: request.From, To: request.To)), progress, cancellationToken),
        };
    }
}
