using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Svom.EventStore;
using Svom.GrainState;
using Svom.Packets;
using Svom.Packets.Streams;
using Svom.Sqlite;
using Svom.Storage;

namespace Svom.Crash;

/// <summary>
/// A silo that takes receptions in and lets broken copies vote until it dies: <c>recovery FOLDER RECEPTIONS WHERE STEP</c>. Each line of the file is a reception
/// (<c>station milliseconds hex</c>), each empty line ends a call. What was acknowledged is said.
/// </summary>
internal static class RecoveryWork
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static async Task<int> RunAsync(string folder, string receptions, string where, string step)
    {
        var calls = Read(await File.ReadAllLinesAsync(receptions));
        using var host = await StartAsync(folder, new(where, step), calls.Sum(static call => call.Length));
        foreach (var call in calls)
        {
            var outcome = await host.Services.GetRequiredService<IGrainFactory>().GetGrain<IPacketIngestGrain>(0).IngestAsync(new([.. call]), CancellationToken.None);
            Said.Line(outcome.Accepted ? $"acknowledged {call.Length}" : $"refused {outcome.Refusal.Detail}");
        }

        await Task.Delay(Patience);
        return 3; // It passed by where it should have died.
    }

    private static async Task<IHost> StartAsync(string path, RecoveryDeath death, int receptions)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders().AddConsole().AddFilter(static (_, level) => level >= LogLevel.Error);
        builder.Configuration.AddInMemoryCollection([new("Svom:Shards:Lease", "00:00:01")]); // Who comes after takes over what this process held.
        builder.UseOrleans(static silo =>
        {
            silo.UseLocalhostClustering(KitchenHost.FreePort(), gatewayPort: 0);
            silo.UseSqliteGrainState();
            silo.AddPacketStream();
        });
        var (folder, options) = (DataFolder.Open(path), new StorageOptions { LazyDelay = TimeSpan.FromMilliseconds(1) });
        builder.Services.AddSqliteStorage(folder);
        builder.Services.AddSingleton(provider => new SqliteEventStore(
            folder, options, TimeProvider.System, provider.GetServices<IAppendObserver>(), provider.GetRequiredService<ILogger<SqliteEventStore>>(), death));
        builder.Services.AddSingleton(_ => new SqlitePacketLog(folder, options, TimeProvider.System, death));
        builder.Services.AddSingleton(provider => death.Watched(provider.GetRequiredService<SqlitePacketLog>(), receptions));
        builder.Services.AddSvomGrains();
        builder.Services.AddOutsideWorld();
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    private static Reception[][] Read(IReadOnlyList<string> lines)
    {
        var calls = new List<List<Reception>> { new() };
        foreach (var line in lines)
        {
            if (line.Split(' ') is [var station, var milliseconds, var octets])
            {
                calls[^1].Add(new(station, DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(milliseconds, CultureInfo.InvariantCulture)), Convert.FromHexString(octets)));
            }
            else
            {
                calls.Add([]);
            }
        }

        return [.. calls.Where(static call => call.Count > 0).Select(static call => call.ToArray())];
    }
}
