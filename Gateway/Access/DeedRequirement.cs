using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Svom.Outcomes;

namespace Svom.Access;

/// <summary>Ties an endpoint to the one policy table; also the mark by which a test finds endpoints without one.</summary>
internal sealed record DeedRequirement(Deed Deed) : IAuthorizationRequirement;

/// <summary>Endpoints say what is done through them; <see cref="DoorPolicy"/> says who may.</summary>
public static class DeedDeclaration
{
    /// <summary>Declares what an endpoint does and lets through whom the policy allows.</summary>
    public static TBuilder For<TBuilder>(this TBuilder builder, Deed deed)
        where TBuilder : IEndpointConventionBuilder
    {
        var requirement = new DeedRequirement(deed);
        return builder.WithMetadata(requirement)
            .RequireAuthorization(new AuthorizationPolicyBuilder(BearerAuthentication.SchemeName).AddRequirements(requirement).Build());
    }
}

internal sealed class DeedHandler : AuthorizationHandler<DeedRequirement>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, DeedRequirement requirement)
    {
        if (DoorPolicy.Allows(requirement.Deed, context.User.Holder()))
        {
            context.Succeed(requirement);
        }

        return Task.CompletedTask;
    }
}

/// <summary>Answers 401 and 403 as problems that say what is missing.</summary>
internal sealed class AccessAnswers : IAuthorizationMiddlewareResultHandler
{
    public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (authorizeResult.Succeeded)
        {
            return next(context);
        }

        var roles = policy.Requirements.OfType<DeedRequirement>().SelectMany(static requirement => DoorPolicy.RolesFor(requirement.Deed)).ToList();
        var needed = string.Join(" or ", roles);
        var known = context.User.Holder();
        var sent = context.Request.Headers.Authorization.Count > 0;
        context.Response.Headers.WWWAuthenticate = known is not null ? "Bearer realm=\"svom\", error=\"insufficient_scope\""
            : sent ? "Bearer realm=\"svom\", error=\"invalid_token\""
            : "Bearer realm=\"svom\"";
        var problem = known is not null
            ? new Problem(ProblemTypes.Forbidden, $"The token of {known.Name} does not carry the role {needed}.") { Roles = roles }
            : new Problem(ProblemTypes.Unauthenticated, sent ? $"The token is not known; the call needs one with the role {needed}."
                : $"The call needs a bearer token with the role {needed}.")
            { Roles = roles };
        return problem.ExecuteAsync(context);
    }
}
