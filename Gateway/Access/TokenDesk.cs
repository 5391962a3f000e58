namespace Svom.Access;

/// <summary>The token that the start of the platform prints. The composition root provides it; a cluster has none.</summary>
public interface IOperatorToken
{
    /// <summary>True when the text is the operator's token. Compares in constant time.</summary>
    bool Matches(string token);
}

/// <summary>Tells whose token it is, for every door: the operator's first, then the machine tokens.</summary>
public sealed class TokenDesk(IGrainFactory grains, IOperatorToken? operatorToken = null)
{
    private const int LongestToken = 512;

    private static readonly TokenHolder Operator = new("operator", [Roles.Operator]);

    /// <returns>The holder; null when the token is nobody's.</returns>
    public async ValueTask<TokenHolder?> VerifyAsync(string token, CancellationToken cancellationToken) =>
        token.Length is 0 or > LongestToken ? null
        : operatorToken?.Matches(token) is true ? Operator
        : await grains.GetGrain<ITokenGrain>(0).VerifyAsync(token, cancellationToken);
}
