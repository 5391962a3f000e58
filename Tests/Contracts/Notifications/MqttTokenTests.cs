using System.Collections.Immutable;
using System.Net.Sockets;
using System.Reflection;
using System.Text;
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

        await telescope.Disconnected.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.True(station.Client.IsConnected && stranger.Client.IsConnected && platform.Own.Connected.IsCompletedSuccessfully);
        await using var again = await platform.TelescopeAsync(version);
        Assert.Equal(MqttClientConnectResultCode.BadUserNameOrPassword, again.Connected.ResultCode);
    }

    [Fact] // By octets: the client library reports the end of the connection or the packet before it, whichever its threads see first.
    public async Task Who_speaks_MQTT_5_is_told_why()
    {
        const byte Disconnect = 0xE0;
        const byte NotAuthorized = 0x87;
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var platform = await MqttPlatform.StartAsync(time);
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", platform.Port, TestContext.Current.CancellationToken);
        await client.GetStream().WriteAsync(Connect(MqttPlatform.Telescope, MqttPlatform.TelescopeToken), TestContext.Current.CancellationToken);
        Assert.Equal(0x20, (await PacketAsync(client.GetStream()))[0]);

        platform.Withdrawn[TokenDigest.Of(MqttPlatform.TelescopeToken)] = 0;
        time.Advance(TimeSpan.FromSeconds(2));

        byte[] packet;
        do
        {
            packet = await PacketAsync(client.GetStream());
        }
        while (packet[0] != Disconnect);

        Assert.Equal(NotAuthorized, packet[1]);
    }

    private static byte[] Connect(string user, string password)
    {
        byte[] body = [.. Text("MQTT"), 5, 0xC2, 0, 0, 0, .. Text("raw"), .. Text(user), .. Text(password)];
        return [0x10, (byte)body.Length, .. body];

        static byte[] Text(string text) => [0, (byte)text.Length, .. Encoding.ASCII.GetBytes(text)];
    }

    /// <summary>The next packet without its length.</summary>
    private static async Task<byte[]> PacketAsync(NetworkStream stream)
    {
        var header = new byte[2];
        await stream.ReadExactlyAsync(header, TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(20));
        Assert.InRange(header[1], 0, 127); // All that is awaited here is short.
        var body = new byte[header[1]];
        await stream.ReadExactlyAsync(body, TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(20));
        return [header[0], .. body];
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
