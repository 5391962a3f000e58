using System.Globalization;
using Svom.EndToEnd;
using Svom.Support;
using Svom.Support.Hostile;

namespace Svom.Faults;

/// <summary>
/// Mutated frames, JSON bodies, gRPC calls and MQTT packets into a platform in a process of its own. <c>SVOM_SEED</c> repeats a run, <c>SVOM_FUZZ_INPUTS</c> makes it longer; a million of each is
/// <c>dotnet run -c Release --project Benchmarks -- fuzz</c>.
/// </summary>
[Collection(PlatformCollection.Name)]
public sealed class HostileInputTests(ITestOutputHelper output) : IDisposable
{
    private const long Standard = 3_000;
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Thousands_of_hostile_inputs_at_every_door_break_nothing_and_leave_nothing_half_done()
    {
        var (seed, inputs) = (Number("SVOM_SEED", Random.Shared.Next(1, 1_000_000)), Number("SVOM_FUZZ_INPUTS", Standard));
        output.WriteLine($"seed {seed}");
        var grpc = PlatformProcess.FreePort();
        await using var process = await PlatformProcess.StartAsync(
            folder.Path, PlatformProcess.FreePort(), PlatformProcess.FreePort(), "--Svom:Ports:Grpc", grpc.ToString(CultureInfo.InvariantCulture));
        using var platform = new AttackedPlatform(process.HttpPort, grpc, process.MqttPort, process.Token, process.ProcessId, () => process.Output.Split('\n'));
        var stages = await new HostileCampaign(platform, seed, output.WriteLine).RunAsync(Enum.GetValues<HostileKind>(), inputs, TestContext.Current.CancellationToken);
        Assert.Empty(stages.SelectMany(static stage => stage.Tally.Faults));

        // What an answer said is stored lies on the disk, and nothing else.
        var stored = await platform.StoredAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, await process.StopAsync());
        Assert.Equal(stored, await StoredOnDisk.CountAsync(folder.Path, TestContext.Current.CancellationToken));
    }

    private static long Number(string variable, long standard) =>
        long.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var given) ? given : standard;
}
