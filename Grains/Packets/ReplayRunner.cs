using Svom.Bursts;
using Svom.EventStore;
using Svom.Outcomes;

namespace Svom.Packets;

/// <summary>Does one replay or re-simulation from what is stored. Reads only.</summary>
public sealed class ReplayRunner
{
    private readonly IEventStore store;
    private readonly Microsoft.Extensions.Options.IOptions<BurstOptions> options;
    private readonly FeedReplay replay;
    private readonly FeedResimulations resimulations;

    /// <summary>Over stores that nobody needs to serve.</summary>
    public ReplayRunner(IPacketLog log, IEventStore store, Microsoft.Extensions.Options.IOptions<BurstOptions> options) =>
        (this.store, this.options, replay, resimulations) = (store, options, new(log, store, options), new(log, store, options));

    /// <summary>What is wrong with a request by itself; null when nothing is.</summary>
    public static string? Fault(ReplayRequest request) =>
        !Enum.IsDefined(request.Mode) ? "The mode is replay or resimulate."
        : request is { Session: not null, Burst: not null } ? "Name a session or a burst, not both: a burst has its session."
        : request.Session is { } session && !FeedId.IsName(session) ? "A session is a name of 1 to 64 letters, digits, '-', '_' and '.'."
        : request is { Burst: not null, From: not null } or { Burst: not null, To: not null } ? "A burst is played whole: from and to go with a feed."
        : request.From >= request.To ? "The range ends before it begins."
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
    public async Task<Outcome<ReplayReport>> RunAsync(ReplayRequest request, IProgress<ReplayProgress>? progress, CancellationToken cancellationToken)
    {
        var feed = await FeedAsync(request, cancellationToken);
        if (feed.Refusal is { } refusal)
        {
            return refusal;
        }

        var scope = new ReplayScope(request.Burst, request.From, request.To);
        return request switch
        {
            { Mode: ReplayMode.Resimulation } => await resimulations.RunAsync(feed.Value, scope, progress, cancellationToken),
            { Burst: { } burst } => await BurstReplays.OneAsync(store, burst, options.Value, cancellationToken),
            _ => await replay.RunAsync(feed.Value, scope, progress, cancellationToken),
        };
    }
}
