using System.ComponentModel;
using Microsoft.Net.Http.Headers;
using Svom.Access;
using Svom.Documents;
using Svom.Outcomes;
using Svom.Packets;
using Svom.Requests;

namespace Svom.Notifications;

/// <summary>Reads the permanent archive: what was sent stays readable, byte for byte, for ever.</summary>
internal static class NoticeDoor
{
    private const string IdMeaning = "Id of the notice, for example sb26042105_mxt-initial_qf2.";

    private const string Route = "/notices/{id:notice}";

    private static readonly string[] Reads = ["GET", "HEAD"];

    public static readonly QueryParameter After =
        new("after", QueryKind.Number, "Ascending after this sequence; then `next` is always set.") { Least = 0 };

    public static void MapNotices(this IEndpointRouteBuilder api)
    {
        api.MapGet("/notices", ListAsync).For(Deed.Read).WithName("listNotices").WithTags("Notices")
            .WithSummary("Browse the notice archive").WithDescription("Newest first; with after, ascending from that sequence, for readers that follow the archive.")
            .Takes(
                After, QueryParameters.From("Decided"), QueryParameters.To("Decided"), new("type", QueryKind.Name, "Only this type, without quality.") { Example = "mxt-initial" },
                new("burst", QueryKind.Name, "Only notices of this burst.") { Example = "sb26042105" }, QueryParameters.Cursor, QueryParameters.Limit)
            .Produces<ListAnswer<NoticeBody>>().Says(ProblemTypes.InvalidParameter);
        api.MapMethods(Route, Reads, GetAsync).For(Deed.Read).WithName("getNotice").WithTags("Notices")
            .WithSummary("One notice")
            .WithDescription("Accept decides: application/json (also without Accept) is the archive's view with links to each form; application/xml is the VOEvent, exact bytes.")
            .Produces<NoticeBody>().Produces<string>(200, "application/xml").Says(ProblemTypes.NotFound, ProblemTypes.NotAcceptable);
        api.MapGet(Route + "/receipts", ReceiptsAsync).For(Deed.Read).WithName("listNoticeReceipts").WithTags("Notices")
            .WithSummary("Telescopes that have a notice").WithDescription("Receipts that telescopes published on MQTT, in the order of their saying so; the first of each counts.")
            .Produces<ListAnswer<ReceiptBody>>().Says(ProblemTypes.NotFound);
        api.MapForm(".xml", NoticeForm.VoEvent, "application/xml", "The notice as VOEvent 2.0", "VOEvent");
        api.MapForm(".json", NoticeForm.Gcn, "application/json", "The notice as GCN JSON", "Gcn");
        api.MapForm(".envelope.json", NoticeForm.Envelope, "application/json", "The notice's envelope as published on MQTT", "Envelope");
    }

    private static void MapForm(this IEndpointRouteBuilder api, string suffix, NoticeForm form, string type, string summary, string name) =>
        api.MapMethods(Route + suffix, Reads, ([Description(IdMeaning)] string id, HttpContext http, IGrainFactory grains, CancellationToken cancellationToken) =>
                ContentAsync(id, form, http, grains, cancellationToken))
            .For(Deed.Read).WithName($"getNotice{name}").WithTags("Notices")
            .WithSummary(summary).WithDescription("Exact bytes as sent; they never change. The ETag is their SHA-256.")
            .Produces<string>(200, type).Produces<string>(206, type).Produces(304).Says(ProblemTypes.NotFound, ProblemTypes.PreconditionFailed, ProblemTypes.RangeNotSatisfiable);

    private static Task<IResult> ListAsync(HttpRequest request, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var query = new QueryValues(request);
        return FindAsync(grains, new(
            query.Number("after"), query.Time("from"), query.Time("to"), query.Text("type"), query.Text("burst"), query.Cursor, query.Limit), cancellationToken);
    }

    /// <summary>A page of the archive, also for the notices of one burst.</summary>
    public static async Task<IResult> FindAsync(IGrainFactory grains, NoticeSearch search, CancellationToken cancellationToken)
    {
        var outcome = await grains.GetGrain<INoticeArchiveGrain>(0).FindAsync(search, cancellationToken);
        return outcome.Accepted
            ? Results.Ok(new ListAnswer<NoticeBody>([.. outcome.Value.Items.OrEmpty().Select(NoticeBody.Of)], outcome.Value.Next))
            : outcome.Refusal.ToProblem(invalid: ProblemTypes.InvalidParameter);
    }

    private static async Task<IResult> GetAsync([Description(IdMeaning)] string id, HttpContext http, IGrainFactory grains, CancellationToken cancellationToken)
    {
        http.Response.Headers.Vary = "Accept";
        switch (AcceptedForm.Of(http.Request.GetTypedHeaders().Accept, "application/json", "application/xml"))
        {
            case "application/xml":
                return await ContentAsync(id, NoticeForm.VoEvent, http, grains, cancellationToken);
            case null:
                return new Problem(ProblemTypes.NotAcceptable, "A notice is application/json or application/xml.");
        }

        var outcome = await grains.GetGrain<INoticeArchiveGrain>(0).GetAsync(id, cancellationToken);
        http.Response.Headers.CacheControl = "no-cache"; // A notice may still be on its way out.
        return outcome.Accepted ? Results.Ok(NoticeBody.Of(outcome.Value)) : outcome.Refusal.ToProblem();
    }

    private static async Task<IResult> ReceiptsAsync([Description(IdMeaning)] string id, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var outcome = await grains.GetGrain<ITelescopeDeskGrain>(0).ReceiptsAsync(id, cancellationToken);
        return outcome.Refusal is { } refusal ? refusal.ToProblem()
            : Results.Ok(new ListAnswer<ReceiptBody>(
                [.. outcome.Value.OrEmpty().Select(static receipt => new ReceiptBody(receipt.Telescope, receipt.Envelope, receipt.ReceivedAt, receipt.ToldAt))], null));
    }

    private static async Task<IResult> ContentAsync(string id, NoticeForm form, HttpContext http, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var outcome = await grains.GetGrain<INoticeArchiveGrain>(0).ContentAsync(id, form, cancellationToken);
        if (!outcome.Accepted)
        {
            return outcome.Refusal.ToProblem();
        }

        var content = outcome.Value;
        // Bytes never change, but a rehearsal's numbers begin anew with each data folder.
        http.Response.Headers.CacheControl = id.StartsWith("tb", StringComparison.Ordinal) ? "no-cache" : "public, max-age=31536000, immutable";
        http.Response.Headers["Repr-Digest"] = $"sha-256=:{Convert.ToBase64String(Convert.FromHexString(content.Sha256))}:";
        return new ExactBytes(Results.Bytes(content.Bytes, content.ContentType, enableRangeProcessing: true, entityTag: new EntityTagHeaderValue($"\"{content.Sha256}\"")));
    }

    /// <summary>Bytes with their ranges; a range that lies outside of them is told as every refusal is.</summary>
    private sealed record ExactBytes(IResult Bytes) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            await Bytes.ExecuteAsync(httpContext);
            var response = httpContext.Response;
            if (response.StatusCode == ProblemTypes.RangeNotSatisfiable.Status && !response.HasStarted)
            {
                response.ContentLength = null;
                response.Headers.Remove("Repr-Digest");
                await new Problem(ProblemTypes.RangeNotSatisfiable, ProblemTypes.RangeNotSatisfiable.Meaning).ExecuteAsync(httpContext);
            }
        }
    }
}
