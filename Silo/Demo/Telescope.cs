using System.Buffers;
using System.Text.Json;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Protocol;

namespace Svom.Demo;

/// <summary>An alert as a telescope hears it.</summary>
/// <param name="Burst">Burst id.</param>
/// <param name="Notice">Type with quality.</param>
/// <param name="Text">One sentence for the terminal.</param>
internal sealed record HeardAlert(string Burst, string Notice, string Text);

/// <summary>A follow-up telescope: an ordinary MQTT client that subscribes to the drill's alerts and to the bursts' logs.</summary>
internal sealed class Telescope : IAsyncDisposable
{
    private readonly IMqttClient client = new MqttClientFactory().CreateMqttClient();

    /// <param name="alert">Called for each alert.</param>
    /// <param name="happening">Called for each line of a burst's log: kind and text.</param>
    public static async Task<Telescope> ConnectAsync(int port, Action<HeardAlert> alert, Action<string, string> happening, CancellationToken cancellationToken)
    {
        var telescope = new Telescope();
        telescope.client.ApplicationMessageReceivedAsync += message =>
        {
            using var json = JsonDocument.Parse(message.ApplicationMessage.Payload);
            if (message.ApplicationMessage.Topic.Contains("/alerts/", StringComparison.Ordinal))
            {
                alert(Read(json.RootElement));
            }
            else
            {
                happening(json.RootElement.GetProperty("kind").GetString()!, json.RootElement.GetProperty("text").GetString()!);
            }

            return Task.CompletedTask;
        };
        await telescope.client.ConnectAsync(
            new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port).WithProtocolVersion(MqttProtocolVersion.V500).WithClientId("demo-telescope").Build(), cancellationToken);
        await telescope.client.SubscribeAsync(
            new MqttClientSubscribeOptionsBuilder()
                .WithTopicFilter("svom/v1/test/alerts/#", MqttQualityOfServiceLevel.AtLeastOnce)
                .WithTopicFilter("svom/v1/test/bursts/+/events", MqttQualityOfServiceLevel.AtLeastOnce).Build(),
            cancellationToken);
        return telescope;
    }

    public async ValueTask DisposeAsync()
    {
        await client.DisconnectAsync();
        client.Dispose();
    }

    private static HeardAlert Read(JsonElement envelope)
    {
        var type = envelope.GetProperty("noticeType").GetString()!;
        var notice = envelope.TryGetProperty("quality", out var quality) ? $"{type}_qf{quality.GetInt32()}" : type;
        var data = envelope.GetProperty("data");
        var where = data.TryGetProperty("ra", out var ra) ? FormattableString.Invariant($" at RA {ra.GetDouble():0.0000}, Dec {data.GetProperty("dec").GetDouble():0.0000}") : "";
        var error = data.TryGetProperty("ra_dec_error", out var radius) ? FormattableString.Invariant($" ± {radius.GetDouble() * 60:0.0}′") : "";
        return new(envelope.GetProperty("burst").GetString()!, notice, $"{notice}{where}{error}");
    }
}
