using System.ComponentModel;
using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Mvc;
using Svom.Access;
using Svom.Documents;
using Svom.Outcomes;
using Svom.Requests;

namespace Svom.Bursts;

/// <summary>Acts of experts and advocates: each becomes a record of the burst, under the name behind the token.</summary>
internal static class BurstActDoor
{
    private const int LongestReason = 1000;
    private const int LongestKey = 128;

    private static readonly QueryParameter Preview =
        new("preview", QueryKind.Flag, "True: answers what would be made, with its bytes as text, and does nothing.") { Standard = "false" };

    public static void MapBurstActs(this IEndpointRouteBuilder api)
    {
        api.MapAct<ValidateBody>("validate", "Accept or reject an alert", "An expert's word on the alert: it decides the wakeup notice.");
        api.MapAct<AcknowledgeBody>("acknowledge", "Take charge of a burst", "Says who looks after the burst.");
        api.MapAct<ClassifyBody>("classify", "Say what a burst is", "Sets the classification; the last one counts.");
        api.MapAct<RetractBody>("retract", "Withdraw a burst's notices", "Makes a retraction that withdraws all made notices, or those that are named.");
    }

    private static void MapAct<TBody>(this IEndpointRouteBuilder api, string act, string summary, string description)
        where TBody : class, IActBody =>
        api.MapPost($"/bursts/{{id}}/{act}", ActAsync<TBody>).For(Deed.ActOnBursts).WithName($"{act}Burst").WithTags("Bursts")
            .WithSummary(summary)
            .WithDescription(description + " Idempotency-Key: the same key again does nothing and answers the burst as it stands. If-Match: refused when the burst is at another version, unless the key was taken before.")
            .Accepts<TBody>("application/json").Takes(Preview).Produces<ActAnswerBody>()
            .Says(ProblemTypes.Malformed, ProblemTypes.NotFound, ProblemTypes.Conflict, ProblemTypes.NotPossibleNow, ProblemTypes.PreconditionFailed,
                ProblemTypes.TooLarge, ProblemTypes.UnsupportedMediaType, ProblemTypes.Invalid, ProblemTypes.KeyReused, ProblemTypes.Overloaded);

    private static async Task<IResult> ActAsync<TBody>(
        [Description(BurstDoor.IdMeaning)] string id, HttpContext http, IGrainFactory grains,
        [FromHeader(Name = "Idempotency-Key"), Description("1 to 128 printable characters of the caller's choice, one for each act.")] string? idempotencyKey,
        [FromHeader(Name = "If-Match"), Description("The burst's version as its ETag says it, or *.")] string? ifMatch,
        CancellationToken cancellationToken)
        where TBody : class, IActBody
    {
        if (grains.Burst(id) is not { } burst)
        {
            return BurstDoor.NoSuchBurst(id);
        }

        var (body, problem) = await StrictJson.ReadAsync<TBody>(http.Request, cancellationToken);
        if (body is null)
        {
            return problem!;
        }

        var preview = new QueryValues(http.Request).Flag("preview");
        if (!TryVersion(ifMatch, out var version))
        {
            return new Problem(ProblemTypes.Malformed, "If-Match takes the burst's ETag, such as \"7\", or *.");
        }

        var (act, fault) = Compose(body, http.User, idempotencyKey, version);
        if (act is null)
        {
            return fault!;
        }

        var outcome = await burst.ActAsync(act with { Preview = preview }, cancellationToken);
        if (!outcome.Accepted)
        {
            return Refused(act, outcome.Refusal);
        }

        http.Response.Headers.ETag = BurstDoor.ETag(outcome.Value.Burst.Version);
        http.Response.Headers.CacheControl = "no-store";
        return Results.Ok(ActAnswerBody.Of(outcome.Value, preview));
    }

    /// <summary>The act that a caller asks for, at whatever door, or why it is none.</summary>
    public static (BurstAct? Act, Problem? Problem) Compose(IActBody body, ClaimsPrincipal caller, string? idempotencyKey, long? version)
    {
        if (string.IsNullOrWhiteSpace(body.Reason) || body.Reason.Length > LongestReason)
        {
            return (null, new(ProblemTypes.Invalid, $"The reason has 1 to {LongestReason} characters."));
        }

        if (idempotencyKey is not null && (idempotencyKey.Length is 0 or > LongestKey || idempotencyKey.Any(static c => c is < ' ' or > '~')))
        {
            return (null, new(ProblemTypes.Malformed, $"The Idempotency-Key has 1 to {LongestKey} printable ASCII characters."));
        }

        var (act, fault) = body.ToAct(caller.Holder()?.Name ?? "unknown");
        return act is null ? (null, new(ProblemTypes.Invalid, fault!)) : (act with { IdempotencyKey = idempotencyKey, IfVersion = version }, null);
    }

    /// <summary>The burst's no. A conflict is one with the version that the caller named, where it named one.</summary>
    public static Problem Refused(BurstAct act, Refusal refusal) =>
        refusal.ToProblem(conflict: act.IfVersion is null ? ProblemTypes.Conflict : ProblemTypes.PreconditionFailed);

    // A star asks only that the burst exists, which the act does anyway.
    private static bool TryVersion(string? ifMatch, out long? version)
    {
        version = null;
        if (ifMatch is null or "*")
        {
            return true;
        }

        if (ifMatch is ['"', _, .., '"'] && long.TryParse(ifMatch.AsSpan(1, ifMatch.Length - 2), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            version = number;
        }

        return version is not null;
    }
}
