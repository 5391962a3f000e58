using System.Collections.Immutable;
using System.Globalization;
using Svom.EventStore;
using Svom.Workflows;

namespace Svom.Bursts;

/// <summary>
/// What a burst owes its follow-through after a commit: with its first one the start, later a signal when something changed that matters.
/// They stand in the burst's own append, and start and signals have request ids: however often they are brought, they count once.
/// </summary>
internal static class FollowThroughMessages
{
    private const string Identity = "burst";

    private static readonly ImmutableSortedDictionary<string, Payload> None = ImmutableSortedDictionary.Create<string, Payload>(StringComparer.Ordinal);
    private static readonly string Type = WorkflowNames.Workflow(typeof(BurstFollowThrough));
    private static readonly string Tell = WorkflowNames.Signal(typeof(BurstFollowThrough).GetMethod(nameof(BurstFollowThrough.TellAsync))!);

    /// <summary>Id of the workflow that follows a burst.</summary>
    public static string WorkflowId(string burst) => $"burst/{burst}";

    /// <param name="version">Version of the burst after the commit.</param>
    public static IEnumerable<Owed> Of(BurstState before, BurstState after, ImmutableArray<BurstRecord> records, long version, BurstOptions options)
    {
        if (before.Status is not BurstStatus.Active)
        {
            return []; // Its follow-through is over: late evidence is told by the burst itself.
        }

        var news = News(after, records, version, options);
        var address = new WorkflowAddress(WorkflowAddress.DefaultNamespace, WorkflowId(after.Id));
        return version == 1 ? [WorkflowRoute.To(address, new InputMessage(Start(after.Id, news)))]
            : news.Acts.IsEmpty && news.Standing.SameAs(BurstStanding.Of(before, options)) ? []
            : [WorkflowRoute.To(address, new InputMessage(Signal(after.Id, news)))];
    }

    /// <summary>The news that a commit brings.</summary>
    public static FollowNews News(BurstState after, ImmutableArray<BurstRecord> records, long version, BurstOptions options)
    {
        var acts = records.OfType<ActEffective>().Where(static act => act.Without is null).ToArray();
        return new(
            version, Known(after.Watermark), BurstStanding.Of(after, options), [.. acts.Select(static act => new FollowedAct(What(act.Act), act.Act.Who, At(act), act.Act.Reason))],
            acts.LastOrDefault(static act => act.Act.Kind is BurstActKind.Validate) is { } validated ? At(validated)
                : records.OfType<NoticeMade>().LastOrDefault(static notice => notice.Type is NoticeTypes.Wakeup or NoticeTypes.Catalog)?.Times.Emission,
            records.OfType<StatusChanged>().LastOrDefault()?.Why);
    }

    private static DateTimeOffset? At(ActEffective act) => act.Act.At ?? Known(act.Watermark);

    // Before its first confirmed packet a feed's clock stands at the beginning of time.
    private static DateTimeOffset? Known(DateTimeOffset? watermark) => watermark > default(DateTimeOffset) ? watermark : null;

    private static Start Start(string burst, FollowNews news) => new(new(
        burst, Type, WorkflowOptions.MissionQueue, JsonPayloadConverter.Default.ToPayloads([FollowThroughRules.Apply(FollowThroughRules.Begin(burst), news)]),
        null, null, null, WorkflowIdReusePolicy.RejectDuplicate, WorkflowIdConflictPolicy.Fail, null, null, null, Identity, None, None, None));

    private static Signal Signal(string burst, FollowNews news) =>
        new(Tell, JsonPayloadConverter.Default.ToPayloads([news]), Identity, None, string.Create(CultureInfo.InvariantCulture, $"{burst}/{news.Version}"));

    private static string What(BurstAct act) => act.Kind switch
    {
        BurstActKind.Validate => act.Accept ? "accept" : "reject",
        BurstActKind.Classify => $"classify as {act.Class}",
        BurstActKind.Retract => "retract",
        _ => "acknowledge",
    };
}
