using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json.Serialization;
using Svom.Outcomes;
using Svom.Packets;

namespace Svom.Access;

/// <summary>What happened to machine tokens.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "$type")]
[JsonDerivedType(typeof(Issued), "issued")]
[JsonDerivedType(typeof(Revoked), "revoked")]
internal abstract record TokenRecord(string Name, DateTimeOffset At)
{
    /// <summary>A token was made; only its SHA-256 is kept.</summary>
    internal sealed record Issued(string Name, DateTimeOffset At, string Digest, ImmutableArray<string> Roles) : TokenRecord(Name, At);

    /// <summary>A token was withdrawn.</summary>
    internal sealed record Revoked(string Name, DateTimeOffset At) : TokenRecord(Name, At);
}

/// <summary>Valid tokens: digest to holder.</summary>
internal sealed record TokenState(ImmutableDictionary<string, TokenHolder> ByDigest)
{
    public static readonly TokenState Empty = new(ImmutableDictionary<string, TokenHolder>.Empty);
}

/// <summary>Rules of machine tokens.</summary>
internal static class TokenRules
{
    private const int TokenOctets = 32;

    public static string NewToken() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(TokenOctets));

    public static Refusal? CheckIssue(TokenState state, string name, ImmutableArray<string> roles) =>
        !FeedId.IsName(name) ? new(RefusalCode.Invalid, "A name is 1 to 64 of a-z, A-Z, 0-9, '-', '_' and '.', beginning with a letter or digit.")
        : roles.IsDefaultOrEmpty ? new(RefusalCode.Invalid, "A token needs at least one role.")
        : roles.FirstOrDefault(static role => !Roles.All.Contains(role)) is { } unknown ? new(RefusalCode.Invalid, $"No role '{unknown}'; roles are {string.Join(", ", Roles.All)}.")
        : state.ByDigest.Values.Any(holder => string.Equals(holder.Name, name, StringComparison.Ordinal)) ? new(RefusalCode.Conflict, $"'{name}' has a token; revoke it first.")
        : null;

    public static TokenState Apply(TokenState state, TokenRecord record) => record switch
    {
        TokenRecord.Issued issued => new(state.ByDigest.SetItem(issued.Digest, new(issued.Name, issued.Roles))),
        TokenRecord.Revoked revoked => new(state.ByDigest.RemoveRange(
            state.ByDigest.Where(entry => string.Equals(entry.Value.Name, revoked.Name, StringComparison.Ordinal)).Select(static entry => entry.Key))),
        _ => state,
    };
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(TokenRecord[]))]
internal sealed partial class TokenJson : JsonSerializerContext;
