using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Svom.Bursts;
using Svom.EventStore;
using Svom.Monitoring;
using Svom.Notifications;
using Svom.Packets;
using Svom.Packets.Recovery;
using Svom.Packets.Streams;
using Svom.Products;
using Svom.Stations;
using Svom.Workflows;

namespace Svom;

/// <summary>Everything that the grains need, beside the stores and the transports.</summary>
public static class GrainsRegistration
{
    /// <summary>Name under which the way of packets and notices is traced.</summary>
    public const string TraceSource = Traces.SourceName;

    public static IServiceCollection AddSvomGrains(this IServiceCollection services)
    {
        PacketDefinitions.EnsureReadable();
        services.AddOptions<PacketStreamOptions>().BindConfiguration(PacketStreamOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<PacketStreamOptions>, PacketStreamOptionsValidator>();
        services.AddOptions<ShardOptions>().BindConfiguration(ShardOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<ShardOptions>, ShardOptionsValidator>();
        services.AddOptions<NotificationOptions>().BindConfiguration(NotificationOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<NotificationOptions>, NotificationOptionsValidator>();
        services.AddSingleton<IValidateOptions<NotificationOptions>, KnownOutlets>().AddSingleton<IPostConfigureOptions<NotificationOptions>, KnownOutlets>();
        services.AddOptions<BurstOptions>().BindConfiguration(BurstOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<BurstOptions>, BurstOptionsValidator>();

        services.AddOptions<WorkflowEngineOptions>().BindConfiguration(WorkflowEngineOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<WorkflowEngineOptions>, WorkflowEngineOptionsValidator>();
        services.AddSingleton(static provider => new PayloadPipeline(
            provider.GetRequiredService<IContentStore>(), provider.GetRequiredService<IOptions<WorkflowEngineOptions>>(), provider.GetService<IPayloadCodec>()));

        services.AddWorkflowEngine();
        services.AddWorkflow<BurstFollowThrough>().AddActivities<FollowThroughActivities>();
        services.AddWorkflow<ReplayWorkflow>().AddActivities<ReplayActivities>();

        services.AddSingleton<OwedDispatcher>();
        services.AddSingleton<IOwedRoute, BurstRoute>().AddSingleton<IOwedRoute, SequencerRoute>().AddSingleton<IOwedRoute, OutletRoute>();
        services.AddSingleton<IDueRoute, BurstDueRoute>();
        services.AddStations();
        services.AddShards();
        services.AddSingleton<LandedAppends>().AddSingleton<IAppendObserver>(static provider => provider.GetRequiredService<LandedAppends>());
        services.AddSingleton<ArchiveWatch>().AddSingleton<IAppendObserver>(static provider => provider.GetRequiredService<ArchiveWatch>());
        services.AddSingleton<FeedCatchUp>().AddSingleton<ILifecycleParticipant<ISiloLifecycle>, FeedStart>();
        services.AddSingleton<FeedCounts>().AddSingleton<FeedReplay>().AddSingleton<ReplayRunner>();
        services.AddOptions<RecoveryOptions>().BindConfiguration(RecoveryOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<RecoveryOptions>, RecoveryOptionsValidator>();
        services.AddSingleton<IOwedRoute, RecoveryRoute>().AddSingleton<ILifecycleParticipant<ISiloLifecycle>, RecoveryStart>();
        services.AddHostedService<OutletStart>();
        services.AddFigures();
        return services;
    }

    /// <summary>Figures for whoever scrapes them.</summary>
    private static void AddFigures(this IServiceCollection services)
    {
        services.AddMetrics();
        services.AddSingleton<PacketMetrics>().AddSingleton<NoticeMetrics>();
        services.AddSingleton(static provider => new StandingFigures(
            provider.GetRequiredService<IMeterFactory>(), provider.GetRequiredService<IEventStore>(), provider.GetRequiredService<IPacketLog>(),
            provider.GetRequiredService<PacketMetrics>(), provider.GetRequiredService<IOptions<NotificationOptions>>(), provider.GetRequiredService<TimeProvider>()));
    }

    /// <summary>The station network and its watch.</summary>
    private static void AddStations(this IServiceCollection services)
    {
        services.AddOptions<StationWatchOptions>().BindConfiguration(StationWatchOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<StationWatchOptions>, StationWatchOptionsValidator>().AddSingleton<IValidateOptions<StationWatchOptions>, ReadableNetworkList>();
        services.AddSingleton<NetworkList>();
        services.AddSingleton<IOwedRoute, StationRoute>().AddSingleton<IOwedRoute, AlarmRoute>().AddSingleton<IDueRoute, AlarmDueRoute>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, StationWatchStart>();
    }

    /// <summary>Leases, scans and the taking up of what dead silos left.</summary>
    private static void AddShards(this IServiceCollection services)
    {
        services.AddSingleton<ISiloRoll, ClusterRoll>().AddSingleton<ShardsHeld>();
        services.AddSingleton<ShardWatch>().AddSingleton<IShardListener>(static provider => provider.GetRequiredService<ShardWatch>());
        services.AddSingleton<ShardRecoveries>().AddSingleton<IShardListener>(static provider => provider.GetRequiredService<ShardRecoveries>());
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(static provider => provider.GetRequiredService<ShardWatch>());
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(static provider => provider.GetRequiredService<ShardRecoveries>());
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, ShardLeasing>();
    }
}
