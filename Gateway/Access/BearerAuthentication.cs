using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;

namespace Svom.Access;

/// <summary>Reads <c>Authorization: Bearer …</c> and asks the desk whose token it is.</summary>
internal sealed class BearerAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, TokenDesk desk)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string SchemeName = "Bearer";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Request.Headers.Authorization is not [{ } header] || !header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            return AuthenticateResult.NoResult();
        }

        var holder = await desk.VerifyAsync(header["Bearer ".Length..].Trim(), Context.RequestAborted);
        return holder is null
            ? AuthenticateResult.Fail("The token is not known.")
            : AuthenticateResult.Success(new(Caller.Of(holder), SchemeName));
    }
}

/// <summary>A token's holder as the web framework carries it, and back.</summary>
internal static class Caller
{
    public static ClaimsPrincipal Of(TokenHolder holder) => new(new ClaimsIdentity(
        [new(ClaimTypes.Name, holder.Name), .. (holder.Roles.IsDefault ? [] : holder.Roles).Select(static role => new Claim(ClaimTypes.Role, role))],
        BearerAuthentication.SchemeName));

    /// <returns>Null for a caller without a valid token.</returns>
    public static TokenHolder? Holder(this ClaimsPrincipal caller) => caller.Identity is { IsAuthenticated: true, Name: { } name }
        ? new(name, [.. caller.FindAll(ClaimTypes.Role).Select(static claim => claim.Value)])
        : null;
}
