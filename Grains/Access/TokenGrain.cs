using System.Collections.Immutable;
using Svom.EventStore;
using Svom.Outcomes;

namespace Svom.Access;

/// <summary>Keeps who holds which token.</summary>
internal sealed class TokenGrain(IEventStore store, TimeProvider time) : Grain, ITokenGrain
{
    private readonly EventSourced<TokenState, TokenRecord> tokens =
        new(store, new("tokens/0"), TokenState.Empty, TokenRules.Apply, new(TokenJson.Default.TokenRecordArray), time);

    public override Task OnActivateAsync(CancellationToken cancellationToken) => tokens.LoadAsync(cancellationToken);

    public async Task<Outcome<IssuedToken>> IssueAsync(string name, ImmutableArray<string> roles, CancellationToken cancellationToken)
    {
        Refusal? refusal = null;
        var token = TokenRules.NewToken();
        await tokens.CommitAsync(
            state => (refusal = TokenRules.CheckIssue(state, name, roles)) is null
                ? new([new TokenRecord.Issued(name, time.GetUtcNow(), TokenDigest.Of(token), roles)])
                : null,
            cancellationToken);
        return refusal is null ? new IssuedToken(name, roles, token) : refusal;
    }

    public Task<TokenHolder?> VerifyAsync(string token, CancellationToken cancellationToken) =>
        Task.FromResult(tokens.State.ByDigest.GetValueOrDefault(TokenDigest.Of(token)));

    public Task<ImmutableArray<string>> WithdrawnAsync(ImmutableArray<string> digests, CancellationToken cancellationToken) =>
        Task.FromResult(digests.RemoveAll(tokens.State.ByDigest.ContainsKey));

    public async Task<Outcome<TokenHolder>> RevokeAsync(string name, CancellationToken cancellationToken)
    {
        TokenHolder? holder = null;
        await tokens.CommitAsync(
            state =>
            {
                holder = state.ByDigest.Values.FirstOrDefault(candidate => string.Equals(candidate.Name, name, StringComparison.Ordinal));
                return holder is null ? null : new([new TokenRecord.Revoked(name, time.GetUtcNow())]);
            },
            cancellationToken);
        return holder is null ? new Refusal(RefusalCode.NotFound, $"'{name}' has no token.") : holder;
    }
}
