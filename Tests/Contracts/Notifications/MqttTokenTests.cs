using System.Collections.Immutable;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using MQTTnet;
using MQTTnet.Formatter;
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
        Assert.Equal(known ? user : null, holder?.Holder.Name);
        Assert.Equal(known && user != "operator" ? TokenDigest.Of(password) : null, holder?.Token); // The operator's lives as long as the process.
    }

    [Theory] // A client shows its token once and may stay for months.
    [InlineData(MqttProtocolVersion.V500), InlineData(MqttProtocolVersion.V311)]
    public async Task A_client_whose_token_is_withdrawn_is_disconnected_and_comes_in_no_more(MqttProtocolVersion version)
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var platform = await MqttPlatform.StartAsync(time);
        await using var telescope = await platform.TelescopeAsync(version);
        await using var station = await platform.ConnectAsync(MqttPlatform.Station, MqttPlatform.StationToken, version);
        await using var stranger = await platform.ConnectAsync(version: version);

        platform.Withdrawn[TokenDigest.Of(MqttPlatform.TelescopeToken)] = 0;
        time.Advance(TimeSpan.FromSeconds(2));

        var reason = await telescope.Disconnected.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.Equal(version is MqttProtocolVersion.V500 ? MqttClientDisconnectReason.NotAuthorized : MqttClientDisconnectReason.NormalDisconnection, reason);
        Assert.True(station.Client.IsConnected && stranger.Client.IsConnected && platform.Own.Connected.IsCompletedSuccessfully);
        await using var again = await platform.TelescopeAsync(version);
        Assert.Equal(MqttClientConnectResultCode.BadUserNameOrPassword, again.Connected.ResultCode);
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

        public Task<ImmutableArray<string>> WithdrawnAsync(ImmutableArray<string> digests, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<Outcome<IssuedToken>> IssueAsync(string name, ImmutableArray<string> roles, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<Outcome<TokenHolder>> RevokeAsync(string name, CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
