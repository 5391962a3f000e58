using System.Collections.Immutable;

namespace Svom.Outcomes;

/// <summary>One kind of problem, RFC 9457: what a client switches on. Slugs are promises and never change.</summary>
/// <param name="Slug">Last part of the <c>type</c>, which is readable at <c>/docs/problems/{slug}</c>.</param>
/// <param name="Status">HTTP status it comes with.</param>
/// <param name="Title">The same for every occurrence.</param>
/// <param name="Meaning">What happened, for a person.</param>
/// <param name="Remedy">What to do about it.</param>
public sealed record ProblemType(string Slug, int Status, string Title, string Meaning, string Remedy)
{
    /// <summary>The <c>type</c> member: an absolute path on this platform.</summary>
    public string Uri => $"/docs/problems/{Slug}";
}

/// <summary>Every problem this door can answer.</summary>
public static class ProblemTypes
{
    public static readonly ProblemType Malformed = new("malformed", 400, "The request cannot be read",
        "The body or a header is not what the call takes.", "Correct what the detail names and send it again; nothing was done.");

    public static readonly ProblemType InvalidParameter = new("invalid-parameter", 400, "A query parameter cannot be used",
        "A query parameter is unknown, repeated, or has a value that it cannot have; the member `parameter` names it.",
        "Correct the parameter. Times are ISO 8601 with Z or an offset; a plus sign in a query is written %2B.");

    public static readonly ProblemType UnparsableReception = new("unparsable-reception", 400, "An element is no reception",
        "One element of the batch cannot be read as a reception; the member `index` counts from zero. Nothing of the request was stored.",
        "Correct or drop the element and send the whole batch again: receptions that were stored earlier count as duplicates.");

    public static readonly ProblemType Unauthenticated = new("unauthenticated", 401, "A valid bearer token is needed",
        "The call needs a token and got none, or one that is not known.",
        "Send `Authorization: Bearer …`. The start of the platform prints the operator's token; operators make others by POST /api/v1/tokens.");

    public static readonly ProblemType Forbidden = new("forbidden", 403, "The token does not carry the role",
        "The token is known, but none of its roles allows this call; the member `roles` lists those that do.", "Use a token with one of these roles.");

    public static readonly ProblemType NotFound = new("not-found", 404, "There is no such thing",
        "The address, or the burst, notice, packet or token it names, does not exist.", "Look it up in the list it belongs to.");

    public static readonly ProblemType MethodNotAllowed = new("method-not-allowed", 405, "The address does not take this method",
        "The address exists, but not for this method; the header Allow lists those it takes.", "See the reference at /docs/api.");

    public static readonly ProblemType NotAcceptable = new("not-acceptable", 406, "None of the accepted media types can be made",
        "The header Accept excludes every form of this thing.", "Accept application/json or application/xml, or ask for a form by its suffix.");

    public static readonly ProblemType Timeout = new("request-timeout", 408, "The request did not arrive in time",
        "The body came too slowly or stopped; nothing was stored.", "Send it again.");

    public static readonly ProblemType Conflict = new("conflict", 409, "Somebody else was faster",
        "The thing changed, or exists already.", "Read it again and decide again.");

    public static readonly ProblemType NotPossibleNow = new("not-possible-now", 409, "The present state does not allow it",
        "What was asked contradicts the state of the thing: for example, retracting a retracted burst.", "Read the thing: its state says what is possible.");

    public static readonly ProblemType Gap = new("gap", 409, "Earlier inputs are missing",
        "What was sent follows something that never arrived.", "Send the earlier inputs first.");

    public static readonly ProblemType PreconditionFailed = new("precondition-failed", 412, "The thing is at another version",
        "If-Match names a version that is not the present one; nothing was done.", "Read the thing again, decide again, and send its new ETag.");

    public static readonly ProblemType TooLarge = new("too-large", 413, "The request is too large",
        "The body, after decompression, or the number of its elements is above the limit; nothing was stored.", "Send it in smaller requests.");

    public static readonly ProblemType UnsupportedMediaType = new("unsupported-media-type", 415, "The media type or encoding is not taken",
        "The call does not take this Content-Type or Content-Encoding.", "Use one that the detail names; gzip is the only encoding.");

    public static readonly ProblemType RangeNotSatisfiable = new("range-not-satisfiable", 416, "The range lies outside of the thing",
        "The header Range asks for bytes beyond the last one; the header Content-Range says how many there are.", "Ask for bytes that there are, or for all, without Range.");

    public static readonly ProblemType MisdirectedHost = new("misdirected-host", 421, "The host name is not ours",
        "The header Host names a host that this platform does not answer for. It keeps web pages of others from reaching it through a browser.",
        "Use localhost or 127.0.0.1, or let the operator add the name to Svom:Gateway:Hosts.");

    public static readonly ProblemType Invalid = new("invalid", 422, "A stated rule is broken",
        "The request can be read, but breaks a rule that the detail names.", "Correct it; nothing was done.");

    public static readonly ProblemType KeyReused = new("key-reused", 422, "The idempotency key stands for something else",
        "The Idempotency-Key was used before with another content.", "Take a fresh key for a new act, or repeat the old one unchanged.");

    public static readonly ProblemType Internal = new("internal", 500, "The platform failed",
        "A fault of the platform; its log holds the details under the trace id.", "Try again; tell the operator if it stays.");

    public static readonly ProblemType Overloaded = new("overloaded", 503, "Too much at once",
        "A bounded queue is full; nothing of the request was stored.", "Wait for the seconds in Retry-After and send the same again.");

    public static readonly ProblemType Unavailable = new("unavailable", 503, "A part of the platform does not answer",
        "Storage or a node did not answer. Whether a write was stored is not known.",
        "Wait for the seconds in Retry-After and send the same again: receptions are never stored twice, acts are repeated safely by their Idempotency-Key.");

    /// <summary>All of them, by status.</summary>
    public static readonly ImmutableArray<ProblemType> All =
    [
        Malformed, InvalidParameter, UnparsableReception, Unauthenticated, Forbidden, NotFound, MethodNotAllowed, NotAcceptable, Timeout, Conflict,
        NotPossibleNow, Gap, PreconditionFailed, TooLarge, UnsupportedMediaType, RangeNotSatisfiable, MisdirectedHost, Invalid, KeyReused, Internal, Overloaded, Unavailable,
    ];

    /// <summary>The type for a bare status that routing or the server gave.</summary>
    public static ProblemType ForStatus(int status) =>
        All.FirstOrDefault(type => type.Status == status) ?? (status < 500 ? Malformed : Internal);
}
