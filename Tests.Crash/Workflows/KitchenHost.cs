using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Svom.Cluster;
using Svom.EventStore;
using Svom.GrainState;
using Svom.Packets.Streams;
using Svom.Sqlite;
using Svom.Storage;
using Svom.Workflows;

namespace Svom.Crash;

/// <summary>A silo that runs scenarios on a data folder, or on a database.</summary>
internal sealed class KitchenHost(IHost host, Wall wall) : IAsyncDisposable
{
    // Of a cluster: none begins before all are there, so that workflows live on each.
    private const int Silos = 2;

    public WorkflowClient Client => host.Services.GetRequiredService<WorkflowClient>();

    public IGrainFactory Grains => host.Services.GetRequiredService<IGrainFactory>();

    public PayloadPipeline Payloads => host.Services.GetRequiredService<PayloadPipeline>();

    public Wall Wall => wall;

    public static async Task<KitchenHost> StartAsync(KitchenPlan plan)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders().AddConsole().AddFilter(static (_, level) => level >= LogLevel.Error);
        builder.Configuration.AddInMemoryCollection(plan.Settings);
        builder.UseOrleans(silo =>
        {
            _ = plan.Cluster is { } cluster ? Join(silo, cluster) : silo.UseLocalhostClustering(FreePort(), gatewayPort: 0);
            _ = plan.Database is null ? silo.UseSqliteGrainState() : silo.UsePostgresGrainState();
            silo.AddPacketStream();
        });
        EffectFile.ReadTokens(plan.Effects);
        var folder = DataFolder.Open(plan.Folder);
        _ = plan.Database is null ? builder.Services.AddSqliteStorage(folder) : builder.Services.AddPostgresStorage(folder);
        var store = builder.Services.Last(static service => service.ServiceType == typeof(IEventStore)).ImplementationFactory!;
        builder.Services.AddSingleton(provider => new Wall((IEventStore)store(provider), plan.WallAt, plan.Side));
        builder.Services.AddSingleton<IEventStore>(static provider => provider.GetRequiredService<Wall>());
        builder.Services.AddSvomGrains();
        builder.Services.AddOutsideWorld();
        builder.Services.AddSingleton(_ => new EffectFile(plan.Effects));
        builder.Services.AddSingleton<IPayloadCodec, TurnedOctets>();
        builder.Services.AddWorkflow<Kitchen>().AddActivities<KitchenWork>();
        KitchenTypes.Add(builder.Services);
        var built = builder.Build();
        _ = built.Services.GetRequiredService<WorkflowClient>(); // With the content store, whose tables are made once: not by hundreds of scripts that wait for each other.
        await built.StartAsync();
        while (plan.Cluster is not null && (await built.Services.GetRequiredService<IGrainFactory>().GetGrain<IManagementGrain>(0).GetHosts(onlyActive: true)).Count < Silos)
        {
            await Task.Delay(100);
        }

        return new(built, built.Services.GetRequiredService<Wall>());
    }

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        if (host is IAsyncDisposable disposable)
        {
            await disposable.DisposeAsync();
        }
    }

    /// <summary>As the platform joins a cluster, without its doors.</summary>
    private static ISiloBuilder Join(ISiloBuilder silo, string cluster)
    {
        silo.UsePostgresMembership();
        silo.ConfigureEndpoints(IPAddress.Loopback, FreePort(), gatewayPort: 0);
        silo.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (cluster, "svom"));
        silo.Configure<SiloOptions>(static options => options.SiloName = Guid.NewGuid().ToString("N"));
        silo.Configure<ClusterMembershipOptions>(static options =>
        {
            (options.ProbeTimeout, options.MinProbeTimeout, options.MaxProbeTimeout) = (TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3));
            options.TableRefreshTimeout = TimeSpan.FromSeconds(10);
        });
        return silo.Configure<SiloMessagingOptions>(static options => options.ResponseTimeout = TimeSpan.FromSeconds(25));
    }

    internal static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}

/// <summary>How a process runs the scenarios.</summary>
/// <param name="Folder">Data folder.</param>
/// <param name="Database">Connection string; null: the folder alone.</param>
/// <param name="WallAt">Append at which each workflow stops; 0: none.</param>
/// <param name="Cluster">Silos of one name on one database find each other; null: it is alone.</param>
/// <param name="Shared">Folder of the effects, where another process writes them too; null: its own.</param>
/// <param name="Evicts">Workflows leave memory after every task.</param>
internal sealed record KitchenPlan(string Folder, string? Database = null, int WallAt = 0, WallSide Side = WallSide.Before, bool Evicts = false, string? Cluster = null, string? Shared = null)
{
    public string Effects => Path.Combine(Shared ?? Folder, "effects");

    public IReadOnlyDictionary<string, string?> Settings
    {
        get
        {
            var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["Svom:Workflows:SuggestContinueAsNew"] = "40",
                ["Svom:Workflows:Activities"] = "1000",
                ["Svom:Shards:Scan"] = "00:00:01",
                ["Svom:Shards:Lease"] = "00:00:03",
            };
            if (Evicts)
            {
                (settings["Svom:Workflows:Warm"], settings["Svom:Workflows:WarmFor"]) = ("0", "00:00:00");
            }

            if (Database is not null)
            {
                (settings["Svom:Storage:Provider"], settings["Svom:Storage:ConnectionString"]) = ("Postgres", Database);
            }

            return settings;
        }
    }
}
