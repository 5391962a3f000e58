using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Console;
using Orleans.Configuration;
using Orleans.Dashboard;
using Svom.GrainState;
using Svom.Packets.Streams;
using Svom.Storage;

namespace Svom.Hosting;

/// <summary>Orleans in this process: by itself, or as one of several silos. What is durable lies in the data folder or the database.</summary>
internal static class EmbeddedSilo
{
    private const string CallHandler = "Grpc.AspNetCore.Server.ServerCallHandler";

    public static ISiloBuilder ConfigureSilo(this ISiloBuilder silo, SiloClusterOptions cluster, StorageProvider storage)
    {
        _ = cluster.Mode == ClusterMode.Postgres ? silo.ConfigureCluster(cluster) : silo.ConfigureEmbedded();
        silo.Configure<GrainCollectionOptions>(static options => options.CollectionAge = TimeSpan.FromMinutes(15));

        // Idle workers are looked for twice a second otherwise, by a timer for each kind of them: an idle platform was kept awake by it.
        silo.Configure<StatelessWorkerOptions>(static options => options.IdleWorkersInspectionPeriod = TimeSpan.FromSeconds(10));
        _ = storage == StorageProvider.Postgres ? silo.UsePostgresGrainState() : silo.UseSqliteGrainState();
        silo.AddPacketStream();
        silo.AddDashboard(static options =>
        {
            options.CounterUpdateIntervalMs = 5_000;
            options.HideTrace = true; // It streams the log to every reader, and the log may say what answers must not.
        });
        return silo;
    }

    /// <summary>One silo, no fixed port.</summary>
    private static ISiloBuilder ConfigureEmbedded(this ISiloBuilder silo)
    {
        silo.UseLocalhostClustering(siloPort: FreePort(), gatewayPort: 0, serviceId: "svom", clusterId: "embedded");
        silo.Configure<SiloOptions>(static options => options.SiloName = "embedded");

        // Room for a million addresses is for a cluster: here every grain is local, and the dashboard's meter walks the whole table.
        silo.Configure<GrainDirectoryOptions>(static options => options.CacheSize = 4_096);
        return silo;
    }

    public static ILoggingBuilder ConfigureEmbedded(this ILoggingBuilder logging)
    {
        logging.ClearProviders();
        logging.AddSimpleConsole(static console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "HH:mm:ss.fff ";
            console.ColorBehavior = LoggerColorBehavior.Disabled;
        });
        logging.SetMinimumLevel(LogLevel.Warning);
        logging.AddFilter("Svom", LogLevel.Information);
        logging.AddFilter("Orleans", LogLevel.Error);

        // A stack for each broken message of a stranger; the door logs its own faults. Once more for the console: a level set for it alone would outweigh the first.
        logging.AddFilter(CallHandler, LogLevel.None);
        logging.AddFilter<ConsoleLoggerProvider>(CallHandler, LogLevel.None);
        return logging;
    }

    /// <summary>Orleans wants a port of its own even for itself alone; any free one does.</summary>
    public static int FreePort()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }
}
