using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Svom.Access;
using Svom.Documents;
using Svom.Hosting;
using Svom.Outcomes;

namespace Svom.Packets;

/// <summary>Takes receptions in: reads the whole batch, then hands it on in one call, so that all or none is stored.</summary>
internal static class IngestDoor
{
    public const string JsonArray = "application/json";
    public const string JsonLines = "application/x-ndjson";
    public const string Binary = "application/vnd.svom.receptions";

    public static void MapIngest(this IEndpointRouteBuilder api) =>
        api.MapPost("/packets", IngestAsync).For(Deed.DeliverReceptions).WithName("deliverReceptions").WithTags("Packets")
            .WithSummary("Deliver receptions")
            .WithDescription(
                "Stores a batch of receptions, all or none, and answers after the data are durable. The same reception again counts as a duplicate and stores nothing, "
                + "so a request whose answer was lost is simply sent again. `application/vnd.svom.receptions` is, for each reception, a 4-byte big-endian length and a "
                + "protobuf `svom.v1.Reception`. Content-Encoding gzip is taken. Times are kept to the millisecond.")
            .Accepts<ReceptionBody[]>(JsonArray, JsonLines, Binary).Produces<IngestBody>()
            .Says(ProblemTypes.UnparsableReception, ProblemTypes.Malformed, ProblemTypes.Timeout, ProblemTypes.TooLarge, ProblemTypes.UnsupportedMediaType, ProblemTypes.Overloaded);

    private static async Task<IResult> IngestAsync(
        HttpContext http, IngestTurns turns, IGrainFactory grains, IOptions<GatewayOptions> options, CancellationToken cancellationToken)
    {
        if (Reader(http.Request.ContentType) is not { } read)
        {
            http.Response.Headers["Accept-Post"] = $"{JsonArray}, {JsonLines}, {Binary}";
            return new Problem(ProblemTypes.UnsupportedMediaType, $"Receptions come as {JsonArray}, {JsonLines} or {Binary}.");
        }

        using var turn = await turns.TakeAsync(cancellationToken);
        if (!turn.IsAcquired)
        {
            return TooMany;
        }

        using var body = new RequestBody();
        if (await body.FillAsync(http.Request, options.Value.MaxBatchOctets, cancellationToken) is { } problem)
        {
            return problem;
        }

        var batch = read(body.Octets, options.Value.MaxBatchReceptions);
        return batch.Fault is { } fault ? Answer(fault)
            : batch.Receptions.IsEmpty ? Results.Ok(new IngestBody(0, 0, 0, null, null))
            : Answer(await grains.GetGrain<IPacketIngestGrain>(0).IngestAsync(new(batch.Receptions), cancellationToken));
    }

    /// <summary>All turns are taken and all waiting places, too.</summary>
    public static Problem TooMany { get; } = new(ProblemTypes.Overloaded, "Too many batches are under way.") { RetryAfterSeconds = 1 };

    private delegate ReceptionsRead Read(ReadOnlySpan<byte> body, int most);

    private static Read? Reader(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var media) && (!media.Charset.HasValue || media.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase))
            ? media.MediaType.Value?.ToLowerInvariant() switch
            {
                JsonArray => ReceptionJson.ReadArray,
                JsonLines => ReceptionJson.ReadLines,
                Binary => ReceptionBinary.Read,
                _ => null,
            }
            : null;

    /// <summary>Why a batch is none, at whatever door.</summary>
    public static Problem Answer(ReceptionFault fault) => fault.TooMany
        ? new(ProblemTypes.TooLarge, $"{fault.Reason}.") { Index = fault.Index }
        : new(ProblemTypes.UnparsableReception, $"Element {fault.Index}: {fault.Reason}. Nothing of the request was stored.") { Index = fault.Index };

    private static IResult Answer(Outcome<IngestAnswer> outcome) => outcome.Accepted
        ? Results.Ok(new IngestBody(outcome.Value.Accepted, outcome.Value.Duplicates, outcome.Value.Invalid, outcome.Value.FirstSequence, outcome.Value.LastSequence))
        : outcome.Refusal.ToProblem(invalid: ProblemTypes.UnparsableReception);
}

/// <summary>One frame as one station delivered it.</summary>
/// <param name="Station">The station that heard it.</param>
/// <param name="ReceivedAt">Station clock, ISO 8601 with Z or an offset.</param>
/// <param name="Octets">The frame as received, 1 to 4096 octets, base64.</param>
/// <param name="SignalDbm">Signal at the antenna in dBm, where measured.</param>
/// <param name="Session">Name of a rehearsal; absent is live.</param>
internal sealed record ReceptionBody(string Station, DateTimeOffset ReceivedAt, byte[] Octets, double? SignalDbm = null, string? Session = null);

/// <summary>What became of a batch: accepted + duplicates = receptions sent.</summary>
/// <param name="Accepted">Receptions stored.</param>
/// <param name="Duplicates">Receptions stored before.</param>
/// <param name="Invalid">The part of accepted that was diverted as no packet of this spacecraft.</param>
/// <param name="FirstSequence">Position of the first accepted one; null when none, or when the batch spans live and rehearsal.</param>
/// <param name="LastSequence">Position of the last accepted one; null likewise.</param>
internal sealed record IngestBody(int Accepted, int Duplicates, int Invalid, long? FirstSequence, long? LastSequence);
