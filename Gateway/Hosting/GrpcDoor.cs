using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using Svom.Access;
using Svom.Bursts;
using Svom.Feeds;
using Svom.Monitoring;
using Svom.Notifications;
using Svom.Packets;
using Svom.Stations;

namespace Svom.Hosting;

/// <summary>The gRPC door: the services of package <c>svom.v1</c>, reflection and health. It stands behind the same guards as REST.</summary>
internal static class GrpcDoor
{
    // Requests of reads and acts are small; only batches of receptions need room.
    private const int SmallMessage = 64 * 1024;

    private static readonly string[] Services =
        ["svom.v1.PacketService", "svom.v1.BurstService", "svom.v1.NoticeService", "svom.v1.StationService", "svom.v1.AlarmService"];

    public static void AddGrpcDoor(this IServiceCollection services, IConfiguration? configuration)
    {
        var options = services.AddOptions<GrpcOptions>().ValidateOnStart();
        _ = configuration is null ? options.BindConfiguration(GrpcOptions.Section) : options.Bind(configuration.GetSection(GrpcOptions.Section));
        services.AddSingleton<IValidateOptions<GrpcOptions>, GrpcOptionsValidator>();
        services.AddSingleton<Watches>().AddSingleton<IngestStreams>();
        services.AddSingleton<StateWatches>().AddSingleton<StationStates>().AddSingleton<AlarmStates>();
        services.AddSingleton<OpenStreams>().AddHostedService(static provider => provider.GetRequiredService<OpenStreams>());
        services.AddGrpc(static grpc =>
        {
            grpc.EnableDetailedErrors = false;
            grpc.MaxReceiveMessageSize = SmallMessage;
            grpc.MaxSendMessageSize = null; // A page of a thousand bursts is ours to send.
            grpc.Interceptors.Add<CallGuard>();
            grpc.CompressionProviders = [new BoundedGzip(SmallMessage)];
        }).AddServiceOptions<PacketCalls>(static _ => { });
        services.AddOptions<GrpcServiceOptions<PacketCalls>>().Configure<IOptions<GatewayOptions>>(static (grpc, gateway) =>
        {
            grpc.MaxReceiveMessageSize = gateway.Value.MaxBatchOctets;
            grpc.CompressionProviders = [new BoundedGzip(gateway.Value.MaxBatchOctets)];
        });
        services.AddSingleton<CallGuard>();
        services.AddGrpcReflection();
        services.AddGrpcHealthChecks(static health =>
        {
            foreach (var service in Services)
            {
                health.Services.Map(service, static _ => true);
            }
        });
        services.AddOptions<KestrelServerOptions>().Configure<IOptions<GrpcOptions>>(static (server, grpc) =>
        {
            server.Limits.Http2.MaxStreamsPerConnection = grpc.Value.CallsPerConnection;
            server.Limits.Http2.KeepAlivePingDelay = grpc.Value.KeepAliveDelay;
            server.Limits.Http2.KeepAlivePingTimeout = grpc.Value.KeepAliveTimeout;
        });
    }

    public static void MapGrpcDoor(this IEndpointRouteBuilder routes)
    {
        routes.MapGrpcService<PacketCalls>().ForItsDeeds();
        routes.MapGrpcService<BurstCalls>().ForItsDeeds();
        routes.MapGrpcService<NoticeCalls>().ForItsDeeds();
        routes.MapGrpcService<StationCalls>().ForItsDeeds();
        routes.MapGrpcService<AlarmCalls>().ForItsDeeds();
        routes.MapGrpcReflectionService().For(Deed.Look);
        routes.MapGrpcHealthChecksService().For(Deed.Look);
    }
}
