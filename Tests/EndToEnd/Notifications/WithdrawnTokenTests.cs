using System.Net.Http.Json;
using System.Text.Json;
using MQTTnet;
using MQTTnet.Formatter;
using Svom.Contracts.Notifications;

namespace Svom.EndToEnd.Notifications;

/// <summary>A token that opens nothing any more opens no connection that stands already either.</summary>
[Collection(PlatformCollection.Name)]
public sealed class WithdrawnTokenTests
{
    [Fact]
    public async Task A_telescope_whose_token_is_withdrawn_over_REST_is_disconnected_from_MQTT()
    {
        var none = TestContext.Current.CancellationToken;
        await using var platform = await PlayedPlatform.StartAsync();
        using var issued = await platform.Http.PostAsJsonAsync("/api/v1/tokens", new { name = "colibri", roles = new[] { "telescope" } }, none);
        var token = (await issued.Content.ReadFromJsonAsync<JsonElement>(none)).GetProperty("token").GetString()!;
        MqttClientOptions As(string user, string password) => new MqttClientOptionsBuilder()
            .WithTcpServer("127.0.0.1", platform.MqttPort).WithProtocolVersion(MqttProtocolVersion.V500).WithCredentials(user, password).Build();
        await using var telescope = new MqttListener();
        await telescope.ConnectAsync(As("colibri", token));
        Assert.Equal(MqttClientPublishReasonCode.Success, await telescope.PublishAsync("svom/v1/telescopes/colibri/result", "{}"));
        await using var person = new MqttListener();
        await person.ConnectAsync(As("operator", platform.Token));

        using var withdrawn = await platform.Http.DeleteAsync("/api/v1/tokens/colibri", none);
        withdrawn.EnsureSuccessStatusCode();

        await telescope.Disconnected.Task.WaitAsync(TimeSpan.FromSeconds(20), none); // What it is told is read from the wire in MqttTokenTests.
        await using var again = new MqttListener();
        await again.ConnectAsync(As("colibri", token));
        Assert.Equal(MqttClientConnectResultCode.BadUserNameOrPassword, again.Connected.ResultCode);
        Assert.True(person.Client.IsConnected);
    }
}
