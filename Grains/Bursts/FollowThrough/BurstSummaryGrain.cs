using System.Text.Json.Serialization;
using Svom.EventStore;
using Svom.Outcomes;

namespace Svom.Bursts;

/// <summary>The summary of a burst as its follow-through writes it. Key: the burst id.</summary>
[Alias("svom.burst-summary-keeper")]
internal interface IBurstSummaryKeeperGrain : IGrainWithStringKey
{
    /// <summary>Keeps a summary; one whose number is not above that of the kept one changes nothing.</summary>
    [Alias("keep")]
    Task KeepAsync(FollowThroughSummary summary, CancellationToken cancellationToken);
}

/// <summary>A summary was kept.</summary>
/// <param name="At">Wall time.</param>
internal sealed record SummaryKept(DateTimeOffset At, FollowThroughSummary Summary);

/// <param name="Summary">Null: none was written yet.</param>
internal sealed record KeptSummary(FollowThroughSummary? Summary);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SummaryKept[]))]
internal sealed partial class SummaryJson : JsonSerializerContext;

/// <summary>One row a summary: what a burst was thought to be at any time can be read again.</summary>
internal sealed class BurstSummaryGrain(IEventStore store, TimeProvider time) : Grain, IBurstSummaryGrain, IBurstSummaryKeeperGrain
{
    public const string StreamKind = "follow-through";
    private EventSourced<KeptSummary, SummaryKept> kept = null!;
    private Unborn unborn = null!;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        kept = new(
            store, new($"{StreamKind}/{this.GetPrimaryKeyString()}"), new(Summary: null), static (_, record) => new(record.Summary), new(SummaryJson.Default.SummaryKeptArray), time);
        unborn = new(this, () => kept.State.Summary is null);
        return kept.LoadAsync(cancellationToken);
    }

    public Task<Outcome<FollowThroughSummary>> GetAsync(CancellationToken cancellationToken)
    {
        if (kept.State.Summary is { } summary)
        {
            return Task.FromResult<Outcome<FollowThroughSummary>>(summary);
        }

        unborn.LeaveSoon();
        return Task.FromResult<Outcome<FollowThroughSummary>>(new Refusal(RefusalCode.NotFound, $"Nothing is written yet of what became of burst {this.GetPrimaryKeyString()}."));
    }

    public Task KeepAsync(FollowThroughSummary summary, CancellationToken cancellationToken) =>
        kept.CommitAsync(state => state.Summary?.Number >= summary.Number ? null : new Transition<SummaryKept>([new(time.GetUtcNow(), summary)]), cancellationToken);
}
