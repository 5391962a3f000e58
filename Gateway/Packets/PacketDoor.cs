using System.ComponentModel;
using Svom.Access;
using Svom.Documents;
using Svom.Outcomes;
using Svom.Requests;

namespace Svom.Packets;

/// <summary>Browses packets.</summary>
internal static class PacketDoor
{
    public static void MapPackets(this IEndpointRouteBuilder api)
    {
        api.MapGet("/packets", ListAsync).For(Deed.Read).WithName("listPackets").WithTags("Packets")
            .WithSummary("Browse packets").WithDescription("Packets by their first copy, newest first; with invalid=true the receptions that were diverted, with recovered=true the packets that came out of broken copies. "
                + "Looks at no more than 500 000 receptions: items may be few or none and next still lead to more.")
            .Takes(
                new("apid", QueryKind.Number, "Only this application process.") { Least = 0, Most = 2047 },
                new("burst", QueryKind.Name, "Only packets of this burst.") { Example = "sb26042105" },
                new("station", QueryKind.Name, "Only first heard by this station."),
                new("session", QueryKind.Name, "A rehearsal's packets; absent: the live ones."),
                QueryParameters.From("Received"), QueryParameters.To("Received"),
                new("invalid", QueryKind.Flag, "True: only diverted receptions.") { Standard = "false" },
                new("recovered", QueryKind.Flag, "True: only packets recovered from broken copies, also those that were heard whole later.") { Standard = "false" }, QueryParameters.Cursor, QueryParameters.Limit)
            .Produces<ListAnswer<PacketBody>>().Says(ProblemTypes.InvalidParameter, ProblemTypes.NotFound);
        api.MapGet("/packets/{id}", GetAsync).For(Deed.Read).WithName("getPacket").WithTags("Packets")
            .WithSummary("One packet with every field")
            .WithDescription("Every field with bit offset, raw and engineering value, the version of the definitions that read it, and all receptions of the packet.")
            .Takes(new QueryParameter("session", QueryKind.Name, "Only as this rehearsal heard it; absent: the live feed first, then rehearsals."))
            .Produces<PacketDetailBody>().Says(ProblemTypes.InvalidParameter, ProblemTypes.NotFound);
    }

    private static Task<IResult> ListAsync(HttpRequest request, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var query = new QueryValues(request);
        return FindAsync(grains, new(
            query.Text("session"), (int?)query.Number("apid"), query.Text("burst"), query.Text("station"), query.Time("from"), query.Time("to"),
            query.Flag("invalid"), query.Cursor, query.Limit, query.Flag("recovered")), cancellationToken);
    }

    /// <summary>A page of packets, also for the packets of one burst.</summary>
    public static async Task<IResult> FindAsync(IGrainFactory grains, PacketSearch search, CancellationToken cancellationToken)
    {
        var outcome = await grains.GetGrain<IPacketQueryGrain>(0).FindAsync(search, cancellationToken);
        return outcome.Accepted
            ? Results.Ok(new ListAnswer<PacketBody>([.. outcome.Value.Items.OrEmpty().Select(PacketBody.Of)], outcome.Value.Next))
            : outcome.Refusal.ToProblem(invalid: ProblemTypes.InvalidParameter);
    }

    private static async Task<IResult> GetAsync(
        [Description("32 hex digits: the beginning of the content's SHA-256.")] string id, HttpRequest request, IGrainFactory grains, CancellationToken cancellationToken)
    {
        if (!PacketId.TryParse(id, out var packet))
        {
            return new Problem(ProblemTypes.NotFound, "A packet's id is 32 hex digits.");
        }

        var outcome = await grains.GetGrain<IPacketQueryGrain>(0).GetAsync(packet, new QueryValues(request).Text("session"), cancellationToken);
        return outcome.Accepted ? Results.Ok(PacketDetailBody.Of(outcome.Value)) : outcome.Refusal.ToProblem();
    }
}
