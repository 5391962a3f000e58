using System.Collections.Immutable;
using Svom.Outcomes;

namespace Svom.Access;

/// <summary>Machine tokens of stations, telescopes and labs. One grain; key 0. Tokens are kept as digests only.</summary>
[Alias("svom.tokens")]
public interface ITokenGrain : IGrainWithIntegerKey
{
    /// <summary>Makes a token. Its text is in this answer and nowhere else.</summary>
    /// <returns><see cref="RefusalCode.Invalid"/> for a bad name or role, <see cref="RefusalCode.Conflict"/> when the name has one.</returns>
    [Alias("issue")]
    Task<Outcome<IssuedToken>> IssueAsync(string name, ImmutableArray<string> roles, CancellationToken cancellationToken);

    /// <summary>Whose token it is; null when nobody's.</summary>
    [Alias("verify")]
    Task<TokenHolder?> VerifyAsync(string token, CancellationToken cancellationToken);

    /// <summary>For doors that ask once and serve for long: which of these tokens open nothing any more.</summary>
    /// <param name="digests">As <see cref="TokenDigest"/> makes them.</param>
    /// <returns>The digests of those.</returns>
    [Alias("withdrawn")]
    Task<ImmutableArray<string>> WithdrawnAsync(ImmutableArray<string> digests, CancellationToken cancellationToken);

    /// <summary>Withdraws a name's token.</summary>
    /// <returns><see cref="RefusalCode.NotFound"/> when the name has none.</returns>
    [Alias("revoke")]
    Task<Outcome<TokenHolder>> RevokeAsync(string name, CancellationToken cancellationToken);
}

/// <summary>Roles a token may carry.</summary>
public static class Roles
{
    /// <summary>Everything.</summary>
    public const string Operator = "operator";

    /// <summary>Acts on bursts.</summary>
    public const string Advocate = "advocate";

    /// <summary>Delivers receptions.</summary>
    public const string Station = "station";

    /// <summary>Publishes under its own telescope topics.</summary>
    public const string Telescope = "telescope";

    /// <summary>Delivers products.</summary>
    public const string Lab = "lab";

    /// <summary>All roles.</summary>
    public static readonly ImmutableArray<string> All = [Operator, Advocate, Station, Telescope, Lab];
}

/// <summary>A name and what it may do.</summary>
[GenerateSerializer, Immutable, Alias("svom.token-holder")]
public sealed record TokenHolder([property: Id(0)] string Name, [property: Id(1)] ImmutableArray<string> Roles);

/// <summary>A fresh token.</summary>
[GenerateSerializer, Immutable, Alias("svom.issued-token")]
public sealed record IssuedToken([property: Id(0)] string Name, [property: Id(1)] ImmutableArray<string> Roles, [property: Id(2)] string Token);
