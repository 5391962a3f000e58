using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Svom.EventStore;
using Svom.GrainState;
using Svom.Notifications;
using Svom.Packets.Streams;
using Svom.Sqlite;
using Svom.Storage;
using Svom.Workflows;

namespace Svom.Crash;

/// <summary>A silo that runs scenarios on a data folder, or on a database.</summary>
internal sealed class KitchenHost(IHost host, Wall wall) : IAsyncDisposable
{
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
            silo.UseLocalhostClustering(FreePort(), gatewayPort: 0);
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
        builder.Services.AddSingleton<IAlertTransport, NoTransport>().AddSingleton<IPublicAddress, NoAddress>();
        builder.Services.AddSingleton(_ => new EffectFile(plan.Effects));
        builder.Services.AddSingleton<IPayloadCodec, TurnedOctets>();
        builder.Services.AddWorkflow<Kitchen>().AddActivities<KitchenWork>();
        KitchenTypes.Add(builder.Services);
        var built = builder.Build();
        await built.StartAsync();
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

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private sealed class NoAddress : IPublicAddress
    {
        public string Root => "http://127.0.0.1";
    }

    private sealed class NoTransport : IAlertTransport
    {
        public string Name => "mqtt";

        public Task PublishAsync(Publication publication, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}

/// <summary>How a process runs the scenarios.</summary>
/// <param name="Folder">Data folder.</param>
/// <param name="Database">Connection string; null: the folder alone.</param>
/// <param name="WallAt">Append at which each workflow stops; 0: none.</param>
/// <param name="Evicts">Workflows leave memory after every task.</param>
internal sealed record KitchenPlan(string Folder, string? Database = null, int WallAt = 0, WallSide Side = WallSide.Before, bool Evicts = false)
{
    public string Effects => Path.Combine(Folder, "effects");

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
