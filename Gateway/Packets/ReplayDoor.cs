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
    private const string IdMeaning = "Id of the replay, as its start answered it.";
    private const string FromName = "from";

    private static readonly QueryParameter From = new(FromName, QueryKind.Text, "Id of the replay that it is compared with. Required.") { Example = "20261129091500123-4f1c2a" };

    public static void MapReplays(this IEndpointRouteBuilder api)
    {
        api.MapPost("/replays", StartAsync).For(Deed.ReplayFeeds).WithName("startReplay").WithTags("Replays")
            .WithSummary("Play a feed or a burst again")
            .WithDescription("A replay takes deadlines and acts as recorded and must come out to the byte; a re-simulation decides anew by today's rules and settings. Both read what is stored and say what differs; nothing is published. With `speed` packets take their mission time, so many times faster; without, it goes as fast as possible. Two run at once.")
            .Accepts<ReplayRequestBody>("application/json").Produces<ReplayBody>(202)
            .Says(ProblemTypes.Malformed, ProblemTypes.NotFound, ProblemTypes.NotPossibleNow, ProblemTypes.TooLarge, ProblemTypes.UnsupportedMediaType, ProblemTypes.Invalid);
        api.MapGet("/replays", ListAsync).For(Deed.Read).WithName("listReplays").WithTags("Replays")
            .WithSummary("Browse replays").WithDescription("All that were ever asked for, newest first, without their reports.")
            .Takes(QueryParameters.Cursor, QueryParameters.Limit)
            .Produces<ListAnswer<ReplayBody>>().Says(ProblemTypes.InvalidParameter);
        api.MapGet("/replays/{id}", GetAsync).For(Deed.Read).WithName("getReplay").WithTags("Replays")
            .WithSummary("One replay").WithDescription("How far it is; once done, what it found: the differences, and every burst and notice as it came out.")
            .Produces<ReplayBody>().Says(ProblemTypes.NotFound);
        api.MapGet("/replays/{id}/differences", CompareAsync).For(Deed.Read).WithName("compareReplays").WithTags("Replays")
            .WithSummary("Compare two replays")
            .WithDescription("What came out otherwise in this replay than in the one named by `from`: bursts, where they stand, notices and what they say, field by field. Both are done, of the same mode, session, burst and range; their speeds may differ.")
            .Takes(From).Produces<ReplayComparisonBody>().Says(ProblemTypes.InvalidParameter, ProblemTypes.NotFound, ProblemTypes.NotPossibleNow, ProblemTypes.Invalid);
        api.MapPost("/replays/{id}/cancel", CancelAsync).For(Deed.ReplayFeeds).WithName("cancelReplay").WithTags("Replays")
            .WithSummary("End a replay").WithDescription("It stops at once, however long it would wait for its next packet, and leaves no report. Again changes nothing. Takes no body.")
            .Produces<ReplayBody>().Says(ProblemTypes.NotFound, ProblemTypes.NotPossibleNow);
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

    private static async Task<IResult> GetAsync([Description(IdMeaning)] string id, IGrainFactory grains, CancellationToken cancellationToken) =>
        IsId(id) ? Answer(await grains.GetGrain<IReplayGrain>(id).GetAsync(cancellationToken)) : NoSuchReplay();

    private static async Task<IResult> CancelAsync([Description(IdMeaning)] string id, HttpContext http, IGrainFactory grains, CancellationToken cancellationToken) =>
        IsId(id) ? Answer(await grains.GetGrain<IReplayGrain>(id).CancelAsync(http.User.Holder()?.Name ?? "unknown", cancellationToken)) : NoSuchReplay();

    private static async Task<IResult> CompareAsync([Description(IdMeaning)] string id, HttpRequest request, IGrainFactory grains, CancellationToken cancellationToken)
    {
        if (new QueryValues(request).Text(FromName) is not { } from)
        {
            return new Problem(ProblemTypes.InvalidParameter, "The query parameter 'from' is required: the id of the replay to compare with.") { Parameter = FromName };
        }

        if (!IsId(id) || !IsId(from))
        {
            return NoSuchReplay();
        }

        var outcome = await grains.GetGrain<IReplayDeskGrain>(0).CompareAsync(from, id, cancellationToken);
        return outcome.Accepted ? Results.Ok(ReplayComparisonBody.Of(outcome.Value)) : outcome.Refusal.ToProblem();
    }

    // Ids that cannot be wake no grain.
    private static bool IsId(string id) => id.Length <= LongestId && id.All(static c => char.IsAsciiHexDigit(c) || c == '-');

    private static Problem NoSuchReplay() => new(ProblemTypes.NotFound, "No replay has such an id.");

    private static IResult Answer(Outcome<ReplayView> outcome) => outcome.Accepted ? Results.Ok(ReplayBody.Of(outcome.Value)) : outcome.Refusal.ToProblem();
}
