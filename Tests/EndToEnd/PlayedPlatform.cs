using System.Net.Http.Headers;
using Microsoft.Extensions.Logging;
using Svom.Hosting;
using Svom.Simulation;
using Svom.Support;

namespace Svom.EndToEnd;

/// <summary>A whole platform in this process, in a folder of its own on free ports, and the simulator at its HTTP door.</summary>
internal sealed class PlayedPlatform : IAsyncDisposable
{
    // And a wait for envelopes that no slow machine outlasts.
    private static readonly Dictionary<string, string?> FreePorts = new(StringComparer.Ordinal) { ["Svom:Notifications:EnvelopeWithin"] = "00:01:00", ["Svom:Ports:Http"] = "0", ["Svom:Ports:Grpc"] = "0", ["Svom:Ports:Mqtt"] = "0" };
    private readonly TemporaryFolder folder;
    private readonly RunningPlatform platform;

    private PlayedPlatform(TemporaryFolder folder, RunningPlatform platform)
    {
        (this.folder, this.platform) = (folder, platform);
        Http = new() { BaseAddress = new(platform.Http) };
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        Archive = new(Http);
    }

    public HttpClient Http { get; }

    public PlatformArchive Archive { get; }

    public string Address => platform.Http;

    public int GrpcPort => platform.GrpcPort;

    public int MqttPort => platform.MqttPort;

    public string Token => platform.Token.Text;

    /// <param name="settings">More than free ports.</param>
    public static async Task<PlayedPlatform> StartAsync(IReadOnlyDictionary<string, string?>? settings = null)
    {
        var data = new TemporaryFolder();
        var started = await Platform.StartAsync(data.Path, [.. FreePorts, .. settings ?? new Dictionary<string, string?>(StringComparer.Ordinal)], CancellationToken.None, static builder => builder.Logging.AddFilter("Svom", LogLevel.Warning));
        return new(data, started);
    }

    public static Scenario Bundled(string name) => ScenarioReader.Read(BundledScenarios.Find(name)!);

    /// <summary>Plays at the story's own times as fast as the platform takes it.</summary>
    /// <param name="session">Null plays as if it were real.</param>
    public Task<PlaySummary> PlayAsync(Scenario scenario, NetworkFaults? faults = null, string? session = null) =>
        new ScenarioPlayer(new PlatformClient(Http, Token, TimeProvider.System), TimeProvider.System)
            .PlayAsync(scenario, new(double.PositiveInfinity, PlayAt.Original, session, faults ?? new()), null, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await platform.DisposeAsync();
        folder.Dispose();
    }
}
