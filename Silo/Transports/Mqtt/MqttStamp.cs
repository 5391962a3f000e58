using System.Globalization;
using MQTTnet.Packets;

namespace Svom.Notifications.Mqtt;

/// <summary>What a message must carry through the library's queues: an inner user property, always the last one, that never leaves the broker.</summary>
/// <param name="ArrivedSeconds">Unix time of its arrival, from which its expiry counts.</param>
/// <param name="Sequence">Archive sequence of an alert; 0 for everything else.</param>
internal readonly record struct MqttStamp(long ArrivedSeconds, long Sequence)
{
    private const string Name = "svom-stamp";

    public static MqttUserProperty Of(DateTimeOffset arrived, long? sequence) =>
        MqttGate.Property(Name, string.Create(CultureInfo.InvariantCulture, $"{arrived.ToUnixTimeSeconds()}/{sequence ?? 0}"));

    /// <summary>Null for a message without one.</summary>
    public static MqttStamp? Read(List<MqttUserProperty>? properties)
    {
        if (properties is not [.., { Name: Name } stamp])
        {
            return null;
        }

        var text = stamp.ValueBuffer.Span;
        var slash = text.IndexOf((byte)'/');
        return new(long.Parse(text[..slash], CultureInfo.InvariantCulture), long.Parse(text[(slash + 1)..], CultureInfo.InvariantCulture));
    }

    /// <summary>A client's own property of that name is a forgery, whatever it says.</summary>
    public static void RemoveForged(List<MqttUserProperty>? properties) => properties?.RemoveAll(static property => property.Name == Name);
}
