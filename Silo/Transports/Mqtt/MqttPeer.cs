using System.Collections.Immutable;
using Svom.Access;

namespace Svom.Notifications.Mqtt;

/// <summary>Who stands behind a connection.</summary>
/// <param name="Name">Station or telescope name; null when anonymous.</param>
/// <param name="Roles">What its token carries.</param>
/// <param name="IsPlatform">The platform's own connection.</param>
/// <param name="SpeaksV5">Protocol 5: it understands reason codes.</param>
internal sealed record MqttPeer(string? Name, ImmutableArray<string> Roles, bool IsPlatform, bool SpeaksV5)
{
    /// <summary>True when the peer's token carries the role.</summary>
    public bool Is(string role) => Roles.Contains(role, StringComparer.Ordinal);
}

/// <summary>Says whose password it is. The broker asks it once for each connection that gives a user name.</summary>
internal interface IMqttAuthenticator
{
    /// <returns>The holder; null when the pair is nobody's.</returns>
    ValueTask<TokenHolder?> AuthenticateAsync(string userName, string password, CancellationToken cancellationToken);
}

/// <summary>True when the text is the operator's token. Registered beside the broker, since the token's file belongs to the door.</summary>
internal delegate bool OperatorTokenCheck(string presented);

/// <summary>Names and tokens as the platform issues them; the user name <c>operator</c> goes with the operator's token.</summary>
internal sealed class TokenMqttAuthenticator(IGrainFactory grains, IServiceProvider services) : IMqttAuthenticator
{
    public async ValueTask<TokenHolder?> AuthenticateAsync(string userName, string password, CancellationToken cancellationToken)
    {
        if (string.Equals(userName, Roles.Operator, StringComparison.Ordinal) && services.GetService<OperatorTokenCheck>() is { } isOperator && isOperator(password))
        {
            return new TokenHolder(Roles.Operator, [Roles.Operator]);
        }

        var holder = await grains.GetGrain<ITokenGrain>(0).VerifyAsync(password, cancellationToken);
        return string.Equals(holder?.Name, userName, StringComparison.Ordinal) ? holder : null;
    }
}
