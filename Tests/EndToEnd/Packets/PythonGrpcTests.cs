using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Svom.Simulation;
using Svom.Support;

namespace Svom.EndToEnd.Packets;

/// <summary>A client of another language, made from nothing but what the platform serves.</summary>
[Collection(PlatformCollection.Name)]
public sealed class PythonGrpcTests : IDisposable
{
    private const string Python = "/usr/bin/python3"; // The system's own: another one on the path lacks the system's packages.
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_python_client_made_from_the_served_files_delivers_a_burst_and_watches_its_notices()
    {
        var protoc = Tool.Require("protoc", "protobuf-compiler");
        Assert.SkipUnless(File.Exists(Python) && (await Tool.RunAsync(Python, ["-c", "import grpc, google.protobuf"])).Exit == 0, "no gRPC for python: install the package python3-grpcio");
        Assert.SkipUnless(File.Exists("/usr/include/google/protobuf/timestamp.proto"), "no well-known protobuf types: install the package libprotobuf-dev");
        await using var platform = await PlayedPlatform.StartAsync();
        var receptions = Path.Combine(folder.Path, "receptions.ndjson");
        PlannedReception[] planned = [.. ScenarioPlan.Make(PlayedPlatform.Bundled("eclairs-alone"), new()).Events.OfType<PlannedReception>()];
        await File.WriteAllLinesAsync(receptions, planned.Select(static reception => JsonSerializer.Serialize(new
        {
            station = reception.Station,
            receivedAt = reception.ReceivedAt.UtcDateTime.ToString("O", System.Globalization.CultureInfo.InvariantCulture),
            octets = Convert.ToBase64String(reception.Octets.Span),
        })));

        var (exit, output, errors) = await Tool.RunAsync(
            Python, [Path.Combine(SolutionFolder.Path, "Tests", "Python", "grpc_station.py"), $"{platform.GrpcPort}", platform.Token, await ModulesAsync(platform, protoc), receptions, "eclairs-wakeup"]);
        Assert.True(exit == 0, errors);
        using var told = JsonDocument.Parse(output);
        var root = told.RootElement;

        Assert.Equal(0, root.GetProperty("begins").GetInt64());
        Assert.Equal(Enumerable.Range(0, planned.Length), root.GetProperty("batches").EnumerateArray().Select(static id => id.GetInt32()));
        Assert.Equal((planned.Length, planned.Length), (root.GetProperty("accepted").GetInt32(), root.GetProperty("duplicates").GetInt32()));
        var notices = root.GetProperty("notices").EnumerateArray().ToArray();
        Assert.NotEmpty(notices);
        foreach (var notice in notices)
        {
            var id = notice.GetProperty("id").GetString();
            Assert.Equal(await DigestAsync(platform, $"/api/v1/notices/{id}.xml"), notice.GetProperty("voevent").GetString());
            Assert.Equal(await DigestAsync(platform, $"/api/v1/notices/{id}.json"), notice.GetProperty("gcn").GetString());
        }

        Assert.Equal("""{"code": "UNAUTHENTICATED", "type": "/docs/problems/unauthenticated", "details": true}""", root.GetProperty("without_token").GetRawText());
        Assert.Equal("""{"code": "NOT_FOUND", "type": "/docs/problems/not-found", "details": true}""", root.GetProperty("unknown_notice").GetRawText());
    }

    /// <summary>What the compiler makes of the platform's own files.</summary>
    private async Task<string> ModulesAsync(PlayedPlatform platform, string protoc)
    {
        var (protos, modules) = (Path.Combine(folder.Path, "protos"), Path.Combine(folder.Path, "modules"));
        Directory.CreateDirectory(modules);
        await using (var served = await platform.Http.GetStreamAsync("/protos.zip"))
        {
            await ZipFile.ExtractToDirectoryAsync(served, protos);
        }

        var files = Directory.EnumerateFiles(protos, "*.proto", SearchOption.AllDirectories);
        var (exit, _, errors) = await Tool.RunAsync(protoc, [$"-I{protos}", "-I/usr/include", $"--python_out={modules}", .. files]);
        Assert.True(exit == 0, errors);
        return modules;
    }

    private static async Task<string> DigestAsync(PlayedPlatform platform, string address) =>
        Convert.ToHexStringLower(SHA256.HashData(await platform.Http.GetByteArrayAsync(new Uri(address, UriKind.Relative))));
}
