using Svom.Access;

namespace Svom.Notifications.Mqtt;

/// <summary>Whose password it is.</summary>
/// <param name="Token">Digest of the token; null for one that cannot be withdrawn while the process lives.</param>
internal sealed record MqttHolder(TokenHolder Holder, string? Token);

/// <summary>Says whose password it is, when a client comes, and whether it still is, while the client stays.</summary>
internal interface IMqttAuthenticator
{
    /// <returns>The holder; null when the pair is nobody's.</returns>
    ValueTask<MqttHolder?> AuthenticateAsync(string userName, string password, CancellationToken cancellationToken);

    /// <returns>Those of the tokens that open nothing any more.</returns>
    ValueTask<IReadOnlyCollection<string>> WithdrawnAsync(IReadOnlyCollection<string> tokens, CancellationToken cancellationToken);
}

/// <summary>True when the text is the operator's token. Registered beside the broker, since the token's file belongs to the door.</summary>
internal delegate bool OperatorTokenCheck(string presented);

/// <summary>Names and tokens as the platform issues them; the user name <c>operator</c> goes with the operator's token.</summary>
internal sealed class TokenMqttAuthenticator(IGrainFactory grains, IServiceProvider services) : IMqttAuthenticator
{
    public async ValueTask<MqttHolder?> AuthenticateAsync(string userName, string password, CancellationToken cancellationToken)
    {
        if (string.Equals(userName, Roles.Operator, StringComparison.Ordinal) && services.GetService<OperatorTokenCheck>() is { } isOperator && isOperator(password))
        {
            return new(new(Roles.Operator, [Roles.Operator]), null);
        }

        var holder = await grains.GetGrain<ITokenGrain>(0).VerifyAsync(password, cancellationToken);
        return holder is not null && string.Equals(holder.Name, userName, StringComparison.Ordinal) ? new(holder, TokenDigest.Of(password)) : null;
    }

    public async ValueTask<IReadOnlyCollection<string>> WithdrawnAsync(IReadOnlyCollection<string> tokens, CancellationToken cancellationToken) =>
        await grains.GetGrain<ITokenGrain>(0).WithdrawnAsync([.. tokens], cancellationToken);
}
