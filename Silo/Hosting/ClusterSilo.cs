using System.Globalization;
using System.Net;
using Orleans.Configuration;
using Svom.Cluster;
using Svom.EventStore;
using Svom.Notifications;
using Svom.Storage;

namespace Svom.Hosting;

/// <summary>Orleans as one of several silos that find each other in the database.</summary>
internal static class ClusterSilo
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(3);

    public static ISiloBuilder ConfigureCluster(this ISiloBuilder silo, SiloClusterOptions cluster)
    {
        var port = cluster.SiloPort == 0 ? EmbeddedSilo.FreePort() : cluster.SiloPort;
        silo.UsePostgresMembership();
        silo.ConfigureEndpoints(IPAddress.Parse(cluster.Address), port, gatewayPort: 0); // No client joins from outside: the doors stand in this process.
        silo.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (cluster.Name, "svom"));

        // Leases are held under this name: a process that starts again must not pass for the one before, which may be frozen and not dead.
        silo.Configure<SiloOptions>(options => options.SiloName = string.Create(
            CultureInfo.InvariantCulture, $"{cluster.Address}:{port}-{Guid.NewGuid().ToString("N")[..8]}"));

        // A dead silo is found out within some 7 s, a frozen one within 10 s; the defaults need a minute, and two after a power cut.
        silo.Configure<ClusterMembershipOptions>(static options =>
        {
            (options.ProbeTimeout, options.MinProbeTimeout, options.MaxProbeTimeout) = (TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3));
            options.TableRefreshTimeout = TimeSpan.FromSeconds(10);
            options.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(10);
        });
        silo.Configure<SiloMessagingOptions>(static options => options.ResponseTimeout = TimeSpan.FromSeconds(10));
        return silo;
    }

    /// <summary>The settings, for what is composed by them.</summary>
    /// <exception cref="CannotStartException">One is outside its range.</exception>
    public static SiloClusterOptions Read(IConfiguration configuration)
    {
        var cluster = configuration.GetSection(SiloClusterOptions.Section).Get<SiloClusterOptions>() ?? new();
        var valid = new SiloClusterOptionsValidator().Validate(null, cluster);
        return valid.Failed ? throw new CannotStartException(valid.FailureMessage) : cluster;
    }

    /// <summary>
    /// What a database that processes may share needs beside the silo; to be called before the grains' own registration. A process that is the
    /// whole platform has it alone. The outlets of a cluster run in one of its processes: here, and nowhere else as long as it lives, or elsewhere.
    /// </summary>
    public static IServiceCollection AddCluster(this IServiceCollection services, SiloClusterOptions cluster, StorageProvider storage)
    {
        if (cluster.Mode == ClusterMode.Postgres && storage != StorageProvider.Postgres)
        {
            throw new CannotStartException($"{SiloClusterOptions.Section}:Mode Postgres needs stores that silos can share: set {StorageOptions.Section}:Provider to Postgres, too.");
        }

        if (storage == StorageProvider.Postgres)
        {
            services.AddProcessPlaces().AddSingleton(cluster).AddHostedService<DatabaseOurs>();
        }

        if (cluster.Mode == ClusterMode.Embedded)
        {
            return services;
        }

        services.Configure<ShardOptions>(static options => options.Lease = Lease); // Before the settings are bound, which may say otherwise.
        return cluster.Outlets ? services.AddHostedService<OutletsHere>() : services.AddOutletsElsewhere("mqtt");
    }

    /// <summary>Each process that takes itself for the whole platform would decide about every burst, and tell every telescope.</summary>
    private sealed class DatabaseOurs(ProcessPlaces places, SiloClusterOptions cluster) : IHostedService
    {
        public async Task StartAsync(CancellationToken cancellationToken)
        {
            if (!await places.TryTakeAsync("platform", shared: cluster.Mode == ClusterMode.Postgres, cancellationToken))
            {
                throw new CannotStartException(cluster.Mode == ClusterMode.Postgres
                    ? $"A process that is a whole platform ({SiloClusterOptions.Section}:Mode Embedded) works on this database. Stop it, or start it with {SiloClusterOptions.Section}:Mode Postgres, too."
                    : $"Another process works on this database, and this one would be a whole platform of its own. Stop that one, or set {SiloClusterOptions.Section}:Mode to Postgres in all.");
            }
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    /// <summary>Two processes with outlets would each tell a part of the telescopes.</summary>
    private sealed class OutletsHere(ProcessPlaces places) : IHostedService
    {
        public async Task StartAsync(CancellationToken cancellationToken)
        {
            if (!await places.TryTakeAsync("outlets", shared: false, cancellationToken))
            {
                throw new CannotStartException(
                    $"Another process of this cluster runs the MQTT door and the outlets. Set {SiloClusterOptions.Section}:Outlets to false here, or stop that one.");
            }
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
