using System.Diagnostics.Metrics;

namespace Svom.Notifications.Mqtt;

/// <summary>Figures of the broker, meter <c>Svom.Mqtt</c>.</summary>
internal sealed class MqttMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "Svom.Mqtt";

    private readonly Counter<long> _published;
    private readonly Counter<long> _delivered;
    private readonly Counter<long> _received;
    private readonly Counter<long> _expired;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _overflows;
    private int _clients;

    public MqttMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        meter.CreateObservableGauge("svom.mqtt.clients", () => Volatile.Read(ref _clients), "{client}", "Open connections.");
        _published = meter.CreateCounter<long>("svom.mqtt.published", "{message}", "Messages accepted by the broker.");
        _delivered = meter.CreateCounter<long>("svom.mqtt.delivered", "{message}", "Messages written to subscribers.");
        _received = meter.CreateCounter<long>("svom.mqtt.receptions", "{reception}", "Receptions that came in, copies too, and are durable.");
        _expired = meter.CreateCounter<long>("svom.mqtt.expired", "{message}", "Messages whose expiry passed before their subscriber came.");
        _refused = meter.CreateCounter<long>("svom.mqtt.refused", "{request}", "Connections, publications and subscriptions refused, by kind.");
        _overflows = meter.CreateCounter<long>("svom.mqtt.overflow_disconnects", "{client}", "Clients cut off because their queue was full.");
    }

    /// <summary>Open connections.</summary>
    public int Clients => Volatile.Read(ref _clients);

    public int Connected() => Interlocked.Increment(ref _clients);

    public void Disconnected() => Interlocked.Decrement(ref _clients);

    public void Published() => _published.Add(1);

    public void Delivered() => _delivered.Add(1);

    public void Received(int receptions) => _received.Add(receptions);

    public void Expired() => _expired.Add(1);

    public void Refused(string kind) => _refused.Add(1, new KeyValuePair<string, object?>("kind", kind));

    public void Overflowed() => _overflows.Add(1);
}
