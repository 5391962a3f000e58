using System.Buffers;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Svom.Notifications.Mqtt;

/// <summary>What the platform says of itself under <c>svom/v1/system</c>.</summary>
internal static class SystemTopics
{
    /// <summary>Retained: up, stopping or down.</summary>
    public const string Status = "svom/v1/system/status";

    /// <summary>Each second.</summary>
    public const string Heartbeat = "svom/v1/system/heartbeat";

    private static readonly string Version =
        typeof(SystemTopics).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>Status document.</summary>
    public static byte[] StatusOf(string state, DateTimeOffset since) =>
        JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["state"] = state, ["since"] = Text(since), ["version"] = Version });

    /// <summary>Heartbeat document.</summary>
    public static byte[] HeartbeatOf(DateTimeOffset at, long sequence) =>
        JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["at"] = Text(at), ["sequence"] = sequence });

    /// <summary>
    /// A will is written at connect, long before its hour: when the broker speaks it, its time becomes the present one.
    /// </summary>
    public static ReadOnlySequence<byte> AsOf(string topic, ReadOnlySequence<byte> payload, TimeProvider time) =>
        topic == Status && payload.FirstSpan.IndexOf("\"down\""u8) >= 0 ? new ReadOnlySequence<byte>(StatusOf("down", time.GetUtcNow())) : payload;

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
