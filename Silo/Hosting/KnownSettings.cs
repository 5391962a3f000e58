using Svom.Bursts;
using Svom.EventStore;
using Svom.Notifications;
using Svom.Packets.Streams;

namespace Svom.Hosting;

/// <summary>Every section of settings and what reads it: the one list that a misspelt setting is held against.</summary>
internal static class KnownSettings
{
    public static readonly IReadOnlyDictionary<string, Type> Sections = new Dictionary<string, Type>(StringComparer.OrdinalIgnoreCase)
    {
        [PortOptions.Section] = typeof(PortOptions),
        [BurstOptions.Section] = typeof(BurstOptions),
        ["Svom:Packets"] = typeof(PacketStreamOptions),
        ["Svom:Shards"] = typeof(ShardOptions),
        ["Svom:Notifications"] = typeof(NotificationOptions),
        ["Svom:Storage"] = typeof(Storage.StorageOptions),
        ["Svom:Gateway"] = typeof(Gateway.GatewayOptions),
        ["Svom:Mqtt"] = typeof(Transports.Mqtt.MqttOptions),
    };
}
