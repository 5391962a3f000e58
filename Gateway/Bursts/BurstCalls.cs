using System.Collections.Immutable;
using Grpc.Core;
using Svom.Access;
using Svom.Feeds;
using Svom.Outcomes;
using Svom.Requests;

namespace Svom.Bursts;

/// <summary>Bursts to read and to watch, and the acts of people, over gRPC.</summary>
internal sealed class BurstCalls(IGrainFactory grains, FeedReader feeds, Watches watches) : V1.BurstService.BurstServiceBase
{
    [Does(Deed.Read)]
    public override async Task<V1.ListBurstsResponse> List(V1.ListBurstsRequest request, ServerCallContext context)
    {
        var search = new BurstSearch(
            CallFields.Text(request.HasObservation, request.Observation, "observation"), CallFields.Time(request.From, "from"), CallFields.Time(request.To, "to"),
            Status(request.Status), CallFields.Name(request.HasSession, request.Session, "session"), CallFields.Token(request.PageToken), CallFields.Page(request.PageSize));
        var outcome = await grains.GetGrain<IBurstQueryGrain>(0).FindAsync(search, context.CancellationToken);
        return outcome.Accepted
            ? new() { Bursts = { outcome.Value.Items.OrEmpty().Select(BurstWire.Of) }, NextPageToken = outcome.Value.Next ?? "" }
            : throw outcome.Refusal.ToProblem(invalid: ProblemTypes.InvalidParameter).ToRpcException();
    }

    [Does(Deed.Read)]
    public override async Task<V1.Burst> Get(V1.GetBurstRequest request, ServerCallContext context)
    {
        var outcome = await Burst(request.Id).GetAsync(context.CancellationToken);
        return outcome.Accepted ? BurstWire.Of(outcome.Value) : throw outcome.Refusal.ToProblem().ToRpcException();
    }

    [Does(Deed.Read)]
    public override Task Watch(V1.WatchBurstsRequest request, IServerStreamWriter<V1.WatchBurstsResponse> responseStream, ServerCallContext context)
    {
        var session = CallFields.Name(request.HasSession, request.Session, "session");
        var burst = CallFields.Name(request.HasBurst, request.Burst, "burst");
        return watches.RunAsync(
            context, responseStream, request.HasAfter ? request.After : null, feeds.BurstHeadAsync, exact: true, feeds.BurstsAsync,
            (part, cancellationToken) => TellAsync(
                [
                    .. part.Items.Where(change => (burst is null || change.Burst == burst)
                        && (session is null ? change.Session is null || request.Rehearsals || burst is not null : change.Session == session)),
                ],
                cancellationToken),
            static sequence => new() { Bookmark = new() { Sequence = sequence } });
    }

    [Does(Deed.ActOnBursts)]
    public override Task<V1.ActResponse> Validate(V1.ValidateRequest request, ServerCallContext context) => ActAsync(
        request.BurstId, request.Terms, context,
        (reason, at) => new ValidateBody(
            reason, request.Verdict switch { V1.ValidationVerdict.Accept => "accept", V1.ValidationVerdict.Reject => "reject", _ => "" }, at,
            (int?)CallFields.Number(request.HasAlert, request.Alert, 0, 255, "alert")));

    [Does(Deed.ActOnBursts)]
    public override Task<V1.ActResponse> Acknowledge(V1.AcknowledgeRequest request, ServerCallContext context) =>
        ActAsync(request.BurstId, request.Terms, context, static (reason, at) => new AcknowledgeBody(reason, at));

    [Does(Deed.ActOnBursts)]
    public override Task<V1.ActResponse> Classify(V1.ClassifyRequest request, ServerCallContext context) => ActAsync(
        request.BurstId, request.Terms, context,
        (reason, at) => new ClassifyBody(
            reason,
            request.Class switch
            {
                V1.BurstClass.Grb => "grb",
                V1.BurstClass.KnownSource => "known-source",
                V1.BurstClass.Noise => "noise",
                V1.BurstClass.Particle => "particle",
                V1.BurstClass.Solar => "solar",
                V1.BurstClass.Test => "test",
                _ => "",
            },
            at));

    [Does(Deed.ActOnBursts)]
    public override Task<V1.ActResponse> Retract(V1.RetractRequest request, ServerCallContext context) => ActAsync(
        request.BurstId, request.Terms, context, (reason, at) => new RetractBody(reason, request.Notices.Count == 0 ? null : [.. request.Notices], at));

    // The state goes with the last change of each burst in a part: a reader that catches up is not told the same burst a hundred times.
    private async Task<IReadOnlyList<V1.WatchBurstsResponse>> TellAsync(ImmutableArray<BurstChange> changes, CancellationToken cancellationToken)
    {
        var last = changes.GroupBy(static change => change.Burst, StringComparer.Ordinal).ToDictionary(static of => of.Key, static of => of.Last().Sequence, StringComparer.Ordinal);
        var told = new List<V1.WatchBurstsResponse>(changes.Length);
        foreach (var change in changes)
        {
            var state = last[change.Burst] == change.Sequence ? (await grains.GetGrain<IBurstGrain>(change.Burst).GetAsync(cancellationToken)).Value : null;
            told.Add(new() { Change = BurstWire.Of(change, state) });
        }

        return told;
    }

    private async Task<V1.ActResponse> ActAsync(string id, V1.ActTerms? terms, ServerCallContext context, Func<string, DateTimeOffset?, IActBody> body)
    {
        var burst = Burst(id);
        terms ??= new();
        var (act, fault) = BurstActDoor.Compose(
            body(terms.Reason, CallFields.Time(terms.At, "at")), context.GetHttpContext().User, terms.HasIdempotencyKey ? terms.IdempotencyKey : null,
            terms.HasIfVersion ? terms.IfVersion : null);
        if (act is null)
        {
            throw fault!.ToRpcException();
        }

        var outcome = await burst.ActAsync(act with { Preview = terms.Preview }, context.CancellationToken);
        return outcome.Accepted ? BurstWire.Of(outcome.Value, terms.Preview) : throw BurstActDoor.Refused(act, outcome.Refusal).ToRpcException();
    }

    private IBurstGrain Burst(string id) => grains.Burst(id) ?? throw BurstDoor.NoSuchBurst(id).ToRpcException();

    private static BurstStatus? Status(V1.BurstStatus status) => status switch
    {
        V1.BurstStatus.Unspecified => null,
        V1.BurstStatus.Active => BurstStatus.Active,
        V1.BurstStatus.Retracted => BurstStatus.Retracted,
        V1.BurstStatus.Closed => BurstStatus.Closed,
        _ => throw new Problem(ProblemTypes.InvalidParameter, "The field 'status' is active, retracted, closed, or unspecified.") { Parameter = "status" }.ToRpcException(),
    };
}
