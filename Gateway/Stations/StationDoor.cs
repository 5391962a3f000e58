using System.ComponentModel;
using Svom.Access;
using Svom.Documents;
using Svom.Outcomes;
using Svom.Packets;
using Svom.Requests;

namespace Svom.Stations;

/// <summary>Looks at the station network.</summary>
internal static class StationDoor
{
    private static readonly QueryParameter Session = new("session", QueryKind.Name, "What was delivered in this rehearsal; absent: live.");

    public static void MapStations(this IEndpointRouteBuilder api)
    {
        api.MapGet("/stations", ListAsync).For(Deed.Read).WithName("listStations").WithTags("Stations")
            .WithSummary("The station network").WithDescription("All stations of the network list and those that delivered without standing in it, by id. Counts follow the receptions by some seconds.")
            .Takes(
                new("status", QueryKind.Word, "Only stations that stand so.") { Words = ["never-heard", "hearing", "silent", "degraded", "unlisted"] },
                Session, QueryParameters.Cursor, QueryParameters.Limit)
            .Produces<ListAnswer<StationBody>>().Says(ProblemTypes.InvalidParameter);
        api.MapGet("/stations/{id}", GetAsync).For(Deed.Read).WithName("getStation").WithTags("Stations")
            .WithSummary("One station").WithDescription("Its place and owner, what it delivered, how well and how late, and when it hears the satellite next.")
            .Takes(Session).Produces<StationBody>().Says(ProblemTypes.NotFound);
    }

    private static async Task<IResult> ListAsync(HttpRequest request, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var query = new QueryValues(request);
        var status = query.Text("status") is { } word ? Enum.Parse<StationStatus>(word.Replace("-", "", StringComparison.Ordinal), ignoreCase: true) : (StationStatus?)null;
        var outcome = await grains.GetGrain<IStationQueryGrain>(0).FindAsync(new(query.Text("session"), status, query.Cursor, query.Limit), cancellationToken);
        return outcome.Accepted
            ? Results.Ok(new ListAnswer<StationBody>([.. outcome.Value.Items.OrEmpty().Select(StationBody.Of)], outcome.Value.Next))
            : outcome.Refusal.ToProblem(invalid: ProblemTypes.InvalidParameter);
    }

    private static async Task<IResult> GetAsync([Description("Id of the station, for example NCL1.")] string id, HttpRequest request, IGrainFactory grains, CancellationToken cancellationToken)
    {
        if (!FeedId.IsName(id))
        {
            return NoSuchStation();
        }

        var outcome = await grains.GetGrain<IStationQueryGrain>(0).GetAsync(id, new QueryValues(request).Text("session"), cancellationToken);
        return outcome.Accepted ? Results.Ok(StationBody.Of(outcome.Value)) : outcome.Refusal.ToProblem();
    }

    public static Problem NoSuchStation() => new(ProblemTypes.NotFound, "No station has such an id.");
}
