using System.ComponentModel;
using Svom.Access;
using Svom.Bursts;
using Svom.Documents;
using Svom.Outcomes;
using Svom.Requests;

namespace Svom.Packets;

/// <summary>Plays feeds and bursts again beside the live one.</summary>
internal static class ReplayDoor
{
    private const int LongestId = 40;

    public static void MapReplays(this IEndpointRouteBuilder api)
    {
        api.MapPost("/replays", StartAsync).For(Deed.ReplayFeeds).WithName("startReplay").WithTags("Replays")
            .WithSummary("Play a feed or a burst again")
            .WithDescription("A replay takes deadlines and acts as recorded and must come out to the byte; a re-simulation decides anew by today's rules and settings. Both read what is stored and say what differs; nothing is published. Two run at once.")
            .Accepts<ReplayRequestBody>("application/json").Produces<ReplayBody>(202)
            .Says(ProblemTypes.Malformed, ProblemTypes.NotFound, ProblemTypes.NotPossibleNow, ProblemTypes.TooLarge, ProblemTypes.UnsupportedMediaType, ProblemTypes.Invalid);
        api.MapGet("/replays", ListAsync).For(Deed.Read).WithName("listReplays").WithTags("Replays")
            .WithSummary("Browse replays").WithDescription("All that were ever asked for, newest first, without their reports.")
            .Takes(QueryParameters.Cursor, QueryParameters.Limit)
            .Produces<ListAnswer<ReplayBody>>().Says(ProblemTypes.InvalidParameter);
        api.MapGet("/replays/{id}", GetAsync).For(Deed.Read).WithName("getReplay").WithTags("Replays")
            .WithSummary("One replay").WithDescription("How far it is; once done, what it found: the differences, and every burst and notice as it came out.")
            .Produces<ReplayBody>().Says(ProblemTypes.NotFound);
    }

    private static async Task<IResult> StartAsync(HttpContext http, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var (body, problem) = await StrictJson.ReadAsync<ReplayRequestBody>(http.Request, cancellationToken);
        if (body is null)
        {
            return problem!;
        }

        if (body.Burst is { } burst && !BurstDoor.IsId(burst))
        {
            return new Problem(ProblemTypes.Invalid, "No burst has such an id.");
        }

        var outcome = await grains.GetGrain<IReplayDeskGrain>(0).StartAsync(body.ToRequest(), http.User.Holder()?.Name ?? "unknown", cancellationToken);
        return outcome.Accepted ? Results.Accepted($"/api/v1/replays/{outcome.Value.Id}", ReplayBody.Of(outcome.Value)) : outcome.Refusal.ToProblem();
    }

    private static async Task<IResult> ListAsync(HttpRequest request, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var query = new QueryValues(request);
        var outcome = await grains.GetGrain<IReplayDeskGrain>(0).FindAsync(query.Cursor, query.Limit, cancellationToken);
        return outcome.Accepted
            ? Results.Ok(new ListAnswer<ReplayBody>([.. outcome.Value.Items.OrEmpty().Select(ReplayBody.Of)], outcome.Value.Next))
            : outcome.Refusal.ToProblem(invalid: ProblemTypes.InvalidParameter);
    }

    private static async Task<IResult> GetAsync([Description("Id of the replay, as its start answered it.")] string id, IGrainFactory grains, CancellationToken cancellationToken)
    {
        // Ids that cannot be wake no grain.
        if (id.Length > LongestId || id.Any(static c => !char.IsAsciiHexDigit(c) && c != '-'))
        {
            return new Problem(ProblemTypes.NotFound, "No replay has such an id.");
        }

        var outcome = await grains.GetGrain<IReplayGrain>(id).GetAsync(cancellationToken);
        return outcome.Accepted ? Results.Ok(ReplayBody.Of(outcome.Value)) : outcome.Refusal.ToProblem();
    }
}
