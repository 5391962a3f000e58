using System.Collections.Immutable;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Svom.Access;
using Svom.Notifications.Mqtt;
using Svom.Outcomes;

namespace Svom.Contracts.Notifications;

public sealed class MqttTokenTests
{
    [Theory]
    [InlineData("kourou", "good", true)]
    [InlineData("other", "good", false)]
    [InlineData("kourou", "bad", false)]
    [InlineData("operator", "of-the-operator", true)]
    [InlineData("operator", "good", false)]
    [InlineData("kourou", "of-the-operator", false)]
    public async Task A_password_is_the_token_of_the_user_name(string user, string password, bool known)
    {
        using var services = new ServiceCollection().AddSingleton<OperatorTokenCheck>(presented => presented == "of-the-operator").BuildServiceProvider();
        var authenticator = new TokenMqttAuthenticator(DispatchProxy.Create<IGrainFactory, OneGrain>(), services);
        var holder = await authenticator.AuthenticateAsync(user, password, TestContext.Current.CancellationToken);
        Assert.Equal(known ? user : null, holder?.Name);
    }

    /// <summary>A grain factory that knows the token grain only.</summary>
    public class OneGrain : DispatchProxy
    {
        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => new Tokens();
    }

    private sealed class Tokens : ITokenGrain
    {
        public Task<TokenHolder?> VerifyAsync(string token, CancellationToken cancellationToken) =>
            Task.FromResult(token == "good" ? new TokenHolder("kourou", [Roles.Station]) : null);

        public Task<Outcome<IssuedToken>> IssueAsync(string name, ImmutableArray<string> roles, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<Outcome<TokenHolder>> RevokeAsync(string name, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
