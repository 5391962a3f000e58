using System.Collections.Immutable;
using System.ComponentModel;
using Svom.Documents;
using Svom.Outcomes;
using Svom.Packets;
using Svom.Requests;

namespace Svom.Access;

/// <summary>Makes and withdraws machine tokens; tells a caller who it is.</summary>
internal static class TokenDoor
{
    public static void MapTokens(this IEndpointRouteBuilder api)
    {
        api.MapPost("/tokens", IssueAsync).For(Deed.ManageTokens).WithName("issueToken").WithTags("Access")
            .WithSummary("Make a token")
            .WithDescription("Makes a token for a station, telescope or lab. Its text stands in this answer and nowhere else: the platform keeps a digest only.")
            .Accepts<TokenRequest>("application/json").Produces<TokenAnswer>(201)
            .Says(ProblemTypes.Malformed, ProblemTypes.UnsupportedMediaType, ProblemTypes.TooLarge, ProblemTypes.Invalid, ProblemTypes.Conflict);
        api.MapDelete("/tokens/{name}", RevokeAsync).For(Deed.ManageTokens).WithName("revokeToken").WithTags("Access")
            .WithSummary("Withdraw a token").WithDescription("From now on the token of this name opens nothing.")
            .Produces(204).Says(ProblemTypes.NotFound);
        api.MapGet("/access", WhoAmI).For(Deed.Read).WithName("whoAmI").WithTags("Access")
            .WithSummary("Who the token says you are").WithDescription("Name and roles of the token that came with the request; null and none without a valid one.")
            .Produces<AccessAnswer>().Says();
    }

    private static async Task<IResult> IssueAsync(HttpContext http, IGrainFactory grains, CancellationToken cancellationToken)
    {
        var (request, problem) = await StrictJson.ReadAsync<TokenRequest>(http.Request, cancellationToken);
        if (request is null)
        {
            return problem!;
        }

        if (!FeedId.IsName(request.Name) || request.Roles.IsDefaultOrEmpty || request.Roles.Any(static role => !Roles.All.Contains(role)))
        {
            return new Problem(ProblemTypes.Invalid,
                $"A token takes a name (1 to 64 letters, digits, '-', '_', '.', beginning with a letter or digit) and at least one role of {string.Join(", ", Roles.All)}.");
        }

        var outcome = await grains.GetGrain<ITokenGrain>(0).IssueAsync(request.Name, [.. request.Roles.Distinct()], cancellationToken);
        http.Response.Headers.CacheControl = "no-store";
        return outcome.Accepted
            ? Results.Created($"/api/v1/tokens/{outcome.Value.Name}", new TokenAnswer(outcome.Value.Name, outcome.Value.Roles.OrEmpty(), outcome.Value.Token))
            : outcome.Refusal.ToProblem();
    }

    private static async Task<IResult> RevokeAsync([Description("Name of the token's holder.")] string name, IGrainFactory grains, CancellationToken cancellationToken)
    {
        if (!FeedId.IsName(name))
        {
            return new Problem(ProblemTypes.NotFound, "No token has such a name.");
        }

        var outcome = await grains.GetGrain<ITokenGrain>(0).RevokeAsync(name, cancellationToken);
        return outcome.Accepted ? Results.NoContent() : outcome.Refusal.ToProblem();
    }

    private static IResult WhoAmI(HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        return Results.Ok(http.User.Holder() is { } holder ? new AccessAnswer(holder.Name, holder.Roles) : new AccessAnswer(null, []));
    }
}

/// <summary>A wish for a token.</summary>
/// <param name="Name">Station, telescope or lab: 1 to 64 letters, digits, '-', '_' or '.'.</param>
/// <param name="Roles">Of operator, advocate, station, telescope, lab.</param>
internal sealed record TokenRequest(string Name, ImmutableArray<string> Roles);

/// <summary>A fresh token.</summary>
/// <param name="Name">Its holder.</param>
/// <param name="Roles">What it may.</param>
/// <param name="Token">Its text, told only here.</param>
internal sealed record TokenAnswer(string Name, ImmutableArray<string> Roles, string Token);

/// <summary>Whom a token stands for.</summary>
/// <param name="Name">Null without a valid token.</param>
/// <param name="Roles">What it may.</param>
internal sealed record AccessAnswer(string? Name, ImmutableArray<string> Roles);
