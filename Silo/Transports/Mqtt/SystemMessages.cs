using MQTTnet;
using MQTTnet.Protocol;

namespace Svom.Notifications.Mqtt;

/// <summary>The platform's documents as messages.</summary>
internal static class SystemMessages
{
    /// <summary>Retained status.</summary>
    public static MqttApplicationMessage Status(string state, DateTimeOffset since) =>
        Json(SystemTopics.Status, SystemTopics.StatusOf(state, since), MqttQualityOfServiceLevel.AtLeastOnce, retain: true);

    /// <summary>Heartbeat, at most once: a late one says nothing.</summary>
    public static MqttApplicationMessage Heartbeat(DateTimeOffset at, long sequence) =>
        Json(SystemTopics.Heartbeat, SystemTopics.HeartbeatOf(at, sequence), MqttQualityOfServiceLevel.AtMostOnce, retain: false);

    private static MqttApplicationMessage Json(string topic, byte[] payload, MqttQualityOfServiceLevel quality, bool retain) => new()
    {
        Topic = topic,
        Payload = new(payload),
        ContentType = "application/json",
        PayloadFormatIndicator = MqttPayloadFormatIndicator.CharacterData,
        QualityOfServiceLevel = quality,
        Retain = retain,
    };
}
