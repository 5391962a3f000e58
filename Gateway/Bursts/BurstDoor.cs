using System.ComponentModel;
using System.Globalization;
using Svom.Access;
using Svom.Documents;
using Svom.Notifications;
using Svom.Outcomes;
using Svom.Packets;
using Svom.Requests;

namespace Svom.Bursts;

/// <summary>Reads bursts.</summary>
internal static class BurstDoor
{
    public const string IdMeaning = "Id of the burst, for example sb26042105.";

    public static void MapBursts(this IEndpointRouteBuilder api)
    {
        api.MapGet("/bursts", ListAsync).For(Deed.Read).WithName("listBursts").WithTags("Bursts")
            .WithSummary("Browse bursts").WithDescription("Bursts newest first: first heard last. Without session, live and rehearsed ones.")
            .Takes(
                new("observation", QueryKind.Text, "Only this on-board Observation ID, decimal."), QueryParameters.From("First heard"), QueryParameters.To("First heard"),
                new("status", QueryKind.Word, "Only bursts in this state.") { Words = ["active", "retracted", "closed"] },
                new("session", QueryKind.Name, "Only a rehearsal's bursts."), QueryParameters.Cursor, QueryParameters.Limit)
            .Produces<ListAnswer<BurstBody>>().Says(ProblemTypes.InvalidParameter);
        api.MapGet("/bursts/{id}", GetAsync).For(Deed.Read).WithName("getBurst").WithTags("Bursts")
            .WithSummary("One burst").WithDescription("State, ladder of positions, completeness and notices. The ETag is the burst's version: acts send it in If-Match.")
            .Produces<BurstBody>().Produces(304).Says(ProblemTypes.NotFound);
        api.MapGet("/bursts/{id}/timeline", TimelineAsync).For(Deed.Read).WithName("getBurstTimeline").WithTags("Bursts")
            .WithSummary("What happened to a burst").WithDescription("Packets, acts, deadlines and notices in sentences, oldest first.")
            .Produces<ListAnswer<TimelineBody>>().Says(ProblemTypes.NotFound);
        api.MapGet("/bursts/{id}/explain", ExplainAsync).For(Deed.Read).WithName("explainBurst").WithTags("Bursts")
            .WithSummary("Why a notice was made, or not yet").WithDescription("For each possible notice: made, or what it waits for, in sentences.")
            .Produces<ListAnswer<ExplanationBody>>().Says(ProblemTypes.NotFound);
        api.MapGet("/bursts/{id}/follow-through", FollowThroughAsync).For(Deed.Read).WithName("getBurstFollowThrough").WithTags("Bursts")
            .WithSummary("What became of a burst").WithDescription("What is awaited until when, what came after how long and how late, acts of people, and how it ended. Times are mission time.")
            .Produces<FollowThroughBody>().Says(ProblemTypes.NotFound);
        api.MapGet("/bursts/{id}/notices", NoticesAsync).For(Deed.Read).WithName("listBurstNotices").WithTags("Bursts")
            .WithSummary("Notices of a burst").WithDescription("Its part of the permanent archive, held ones too; newest first, or ascending with after.")
            .Takes(NoticeDoor.After, QueryParameters.Cursor, QueryParameters.Limit)
            .Produces<ListAnswer<NoticeBody>>().Says(ProblemTypes.InvalidParameter, ProblemTypes.NotFound);
        api.MapGet("/bursts/{id}/intents", IntentsAsync).For(Deed.Read).WithName("listBurstIntents").WithTags("Bursts")
            .WithSummary("What telescopes do about a burst").WithDescription("What telescopes published on MQTT, oldest first; `stands` marks the last word of each.")
            .Produces<ListAnswer<IntentBody>>().Says(ProblemTypes.NotFound);
        api.MapGet("/bursts/{id}/packets", PacketsAsync).For(Deed.Read).WithName("listBurstPackets").WithTags("Bursts")
            .WithSummary("Packets of a burst").WithDescription("The packets that were routed to the burst, newest first.")
            .Takes(QueryParameters.Cursor, QueryParameters.Limit)
            .Produces<ListAnswer<PacketBody>>().Says(ProblemTypes.InvalidParameter, ProblemTypes.NotFound);
    }

    /// <summary>The grain of a burst; null when no burst can have such an id, so that no grain wakes for noise.</summary>
    public static IBurstGrain? Burst(this IGrainFactory grains, string id) => IsId(id) ? grains.GetGrain<IBurstGrain>(id) : null;

    public static Problem NoSuchBurst(string id) => new(ProblemTypes.NotFound, IsId(id) ? $"There is no burst {id}." : "No burst has such an id.");

    // sbYYMMDDnn, tbYYMMDDnn; beyond 99 on a day, more digits.
    public static bool IsId(string id) =>
        id is { Length: >= 10 and <= 16 } && (id.StartsWith("sb", StringComparison.Ordinal) || id.StartsWith("tb", StringComparison.Ordinal)) && id.AsSpan(2).IndexOfAnyExceptInRange('0', '9') < 0;

    public static string ETag(long version) => string.Create(CultureInfo.InvariantCulture, $"\"{version}\"");

    private static async Task<IResult> ListAsync(HttpRequest request, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var query = new QueryValues(request);
        var status = query.Text("status") is { } word ? Enum.Parse<BurstStatus>(word, ignoreCase: true) : (BurstStatus?)null;
        var outcome = await grains.GetGrain<IBurstQueryGrain>(0).FindAsync(
            new(query.Text("observation"), query.Time("from"), query.Time("to"), status, query.Text("session"), query.Cursor, query.Limit), cancellationToken);
        return outcome.Accepted
            ? Results.Ok(new ListAnswer<BurstBody>([.. outcome.Value.Items.OrEmpty().Select(BurstBody.Of)], outcome.Value.Next))
            : outcome.Refusal.ToProblem(invalid: ProblemTypes.InvalidParameter);
    }

    private static async Task<IResult> GetAsync([Description(IdMeaning)] string id, HttpContext http, IGrainFactory grains, CancellationToken cancellationToken)
    {
        if (grains.Burst(id) is not { } burst)
        {
            return NoSuchBurst(id);
        }

        var outcome = await burst.GetAsync(cancellationToken);
        if (!outcome.Accepted)
        {
            return outcome.Refusal.ToProblem();
        }

        var tag = ETag(outcome.Value.Version);
        http.Response.Headers.ETag = tag;
        http.Response.Headers.CacheControl = "no-cache";
        return http.Request.Headers.IfNoneMatch.Contains(tag) ? Results.StatusCode(304) : Results.Ok(BurstBody.Of(outcome.Value));
    }

    private static async Task<IResult> TimelineAsync([Description(IdMeaning)] string id, IGrainFactory grains, CancellationToken cancellationToken)
    {
        if (grains.Burst(id) is not { } burst)
        {
            return NoSuchBurst(id);
        }

        var outcome = await burst.TimelineAsync(cancellationToken);
        if (outcome.Refusal is { } refusal)
        {
            return refusal.ToProblem();
        }

        // Telescopes are heard beside the burst, whose own record has one order already: theirs are put between by the time they were heard.
        var intents = await grains.GetGrain<ITelescopeDeskGrain>(0).IntentsAsync(id, cancellationToken);
        var lines = outcome.Value.OrEmpty().Select(static entry => new TimelineBody(entry.At, entry.Mission, entry.Kind, entry.Text)).ToList();
        foreach (var line in intents.OrEmpty().Select(IntentBody.Line))
        {
            var before = lines.FindIndex(known => known.At > line.At);
            lines.Insert(before < 0 ? lines.Count : before, line);
        }

        return Results.Ok(new ListAnswer<TimelineBody>([.. lines], null));
    }

    private static async Task<IResult> IntentsAsync([Description(IdMeaning)] string id, IGrainFactory grains, CancellationToken cancellationToken)
    {
        if (grains.Burst(id) is not { } burst)
        {
            return NoSuchBurst(id);
        }

        var known = await burst.GetAsync(cancellationToken);
        return known.Refusal is { } refusal ? refusal.ToProblem()
            : Results.Ok(new ListAnswer<IntentBody>(IntentBody.Of((await grains.GetGrain<ITelescopeDeskGrain>(0).IntentsAsync(id, cancellationToken)).OrEmpty()), null));
    }

    private static async Task<IResult> ExplainAsync([Description(IdMeaning)] string id, IGrainFactory grains, CancellationToken cancellationToken)
    {
        if (grains.Burst(id) is not { } burst)
        {
            return NoSuchBurst(id);
        }

        var outcome = await burst.ExplainAsync(cancellationToken);
        return outcome.Refusal is { } refusal ? refusal.ToProblem()
            : Results.Ok(new ListAnswer<ExplanationBody>([.. outcome.Value.OrEmpty().Select(static notice => new ExplanationBody(notice.Type, notice.State, notice.Why.OrEmpty()))], null));
    }

    private static async Task<IResult> FollowThroughAsync([Description(IdMeaning)] string id, IGrainFactory grains, CancellationToken cancellationToken)
    {
        if (grains.Burst(id) is not { } burst)
        {
            return NoSuchBurst(id);
        }

        var known = await burst.GetAsync(cancellationToken);
        if (!known.Accepted)
        {
            return known.Refusal.ToProblem();
        }

        var outcome = await grains.GetGrain<IBurstSummaryGrain>(id).GetAsync(cancellationToken);
        return outcome.Accepted ? Results.Ok(FollowThroughBody.Of(outcome.Value)) : outcome.Refusal.ToProblem();
    }

    private static async Task<IResult> NoticesAsync([Description(IdMeaning)] string id, HttpRequest request, IGrainFactory grains, CancellationToken cancellationToken)
    {
        if (grains.Burst(id) is not { } burst)
        {
            return NoSuchBurst(id);
        }

        var known = await burst.GetAsync(cancellationToken); // An unknown burst is a 404, not an empty list.
        var query = new QueryValues(request);
        return known.Accepted
            ? await NoticeDoor.FindAsync(grains, new(query.Number("after"), Burst: id, Cursor: query.Cursor, Limit: query.Limit), cancellationToken)
            : known.Refusal.ToProblem();
    }

    private static async Task<IResult> PacketsAsync([Description(IdMeaning)] string id, HttpRequest request, IGrainFactory grains, CancellationToken cancellationToken)
    {
        if (grains.Burst(id) is not { } burst)
        {
            return NoSuchBurst(id);
        }

        var known = await burst.GetAsync(cancellationToken);
        var query = new QueryValues(request);
        return known.Accepted
            ? await PacketDoor.FindAsync(grains, new(known.Value.Session, Burst: id, Cursor: query.Cursor, Limit: query.Limit), cancellationToken)
            : known.Refusal.ToProblem();
    }
}
