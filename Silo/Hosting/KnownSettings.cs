using Svom.Bursts;
using Svom.EventStore;
using Svom.Notifications;
using Svom.Notifications.Mqtt;
using Svom.Packets.Recovery;
using Svom.Packets.Streams;
using Svom.Stations;
using Svom.Storage;
using Svom.Workflows;

namespace Svom.Hosting;

/// <summary>Every section of settings and what reads it: the one list that a misspelt setting is held against.</summary>
internal static class KnownSettings
{
    public static readonly IReadOnlyDictionary<string, Type> Sections = new Dictionary<string, Type>(StringComparer.OrdinalIgnoreCase)
    {
        [PortOptions.Section] = typeof(PortOptions),
        [SiloClusterOptions.Section] = typeof(SiloClusterOptions),
        [BurstOptions.Section] = typeof(BurstOptions),
        [PacketStreamOptions.Section] = typeof(PacketStreamOptions),
        [StationWatchOptions.Section] = typeof(StationWatchOptions),
        [RecoveryOptions.Section] = typeof(RecoveryOptions),
        [ShardOptions.Section] = typeof(ShardOptions),
        [NotificationOptions.Section] = typeof(NotificationOptions),
        [WorkflowEngineOptions.Section] = typeof(WorkflowEngineOptions),
        [StorageOptions.Section] = typeof(StorageOptions),
        [TelemetryOptions.Section] = typeof(TelemetryOptions),
        [GatewayOptions.Section] = typeof(GatewayOptions),
        [GrpcOptions.Section] = typeof(GrpcOptions),
        [MqttOptions.Section] = typeof(MqttOptions),
    };
}
