using Svom.Notifications.Mqtt;

namespace Svom.Hosting;

/// <summary>A started platform: its addresses, and its end.</summary>
public sealed class RunningPlatform(WebApplication application, string dataFolder, TimeSpan startedIn) : IAsyncDisposable
{
    public WebApplication Application => application;

    public string DataFolder => dataFolder;

    /// <summary>From the first line of the start to ready.</summary>
    public TimeSpan StartedIn => startedIn;

    public OperatorToken Token => application.Services.GetRequiredService<OperatorToken>();

    /// <summary>For example <c>http://127.0.0.1:8080</c>.</summary>
    public string Http => application.Services.GetRequiredService<PublicAddress>().Root;

    /// <summary>Port of the gRPC door.</summary>
    public int GrpcPort => application.Services.GetRequiredService<GrpcEndpoint>().Port;

    /// <summary>Port of the MQTT door; 0 when another process of the cluster has it.</summary>
    public int MqttPort => application.Services.GetService<MqttEndpoint>()?.Port ?? 0;

    public async ValueTask DisposeAsync()
    {
        await application.StopAsync();
        await application.DisposeAsync();
    }
}
