using System.Net;
using System.Security.Cryptography.X509Certificates;
using MQTTnet.Adapter;
using MQTTnet.Exceptions;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Svom.Notifications.Mqtt;

/// <summary>
/// Takes receptions out of a connection before the library sees them: the library handles one publication after the other, and each would
/// wait for a disk turn of its own. Nothing that comes this way is ever retained or handed to a subscriber.
/// </summary>
internal sealed class DeliveryAdapter(IMqttChannelAdapter inner, IReceptionIntake intake, MqttOptions settings, MqttMetrics metrics, TimeProvider time, ILogger logger)
    : IMqttChannelAdapter
{
    // A number for a topic is kept as long as the connection lives, here and in the library: 65,535 of the longest topics would be four gigabytes.
    private const ushort MostTopicAliases = 16;

    private static readonly TimeSpan SignOfLife = TimeSpan.FromSeconds(1);
    private readonly Dictionary<ushort, string> _aliases = [];
    private DeliveryQueue? _deliveries;
    private long _lastSign;

    public long BytesReceived => inner.BytesReceived;

    public long BytesSent => inner.BytesSent;

    public X509Certificate2 ClientCertificate => inner.ClientCertificate;

    public EndPoint RemoteEndPoint => inner.RemoteEndPoint;

    public EndPoint LocalEndPoint => inner.LocalEndPoint;

    public bool IsSecureConnection => inner.IsSecureConnection;

    public MqttPacketFormatterAdapter PacketFormatterAdapter => inner.PacketFormatterAdapter;

    /// <summary>Says who is at the other end, once it was let in.</summary>
    public void Admit(MqttPeer peer)
    {
        if (Delivery.MayDeliver(peer))
        {
            _deliveries = new(peer, inner, intake, settings.MaxDeliveriesInFlight, metrics, time, logger);
        }
    }

    public async Task<MqttPacket> ReceivePacketAsync(CancellationToken cancellationToken)
    {
        if (_deliveries is not { } deliveries)
        {
            return await ReadAsync(cancellationToken);
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deliveries.Ended);
        try
        {
            while (true)
            {
                var packet = await ReadAsync(either.Token);
                if (packet is not MqttPublishPacket publish || !Delivery.IsMeant(TopicOf(publish)))
                {
                    return packet;
                }

                await deliveries.TakeAsync(publish, either.Token);
                if (time.GetElapsedTime(_lastSign) >= SignOfLife)
                {
                    // The library counts what it sees: a station that only delivers would be silent to it, and be cut off when its keep alive ends.
                    _lastSign = time.GetTimestamp();
                    return MqttPingReqPacket.Instance;
                }
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new MqttCommunicationException("The connection ends: receptions can't be taken.");
        }
    }

    public Task SendPacketAsync(MqttPacket packet, CancellationToken cancellationToken)
    {
        if (packet is MqttPingRespPacket)
        {
            return Task.CompletedTask; // Was answered when it was asked, or nobody asked.
        }

        if (packet is MqttConnAckPacket accepted)
        {
            accepted.TopicAliasMaximum = MostTopicAliases;
            accepted.ReceiveMaximum = _deliveries is null ? accepted.ReceiveMaximum : (ushort)settings.MaxDeliveriesInFlight;
        }

        return inner.SendPacketAsync(packet, cancellationToken);
    }

    public Task ConnectAsync(CancellationToken cancellationToken) => inner.ConnectAsync(cancellationToken);

    public Task DisconnectAsync(CancellationToken cancellationToken) => inner.DisconnectAsync(cancellationToken);

    public void ResetStatistics() => inner.ResetStatistics();

    public void Dispose()
    {
        _deliveries?.Dispose();
        inner.Dispose();
    }

    // The library grants whatever it is asked for: quality 108, for one. Source: MQTT 3.1.1, 3.8.3-4; MQTT 5.0, 3.8.3.1.
    private static bool IsNone(MqttTopicFilter filter) =>
        filter.QualityOfServiceLevel > MqttQualityOfServiceLevel.ExactlyOnce || filter.RetainHandling > MqttRetainHandling.DoNotSendOnSubscribe;

    private async Task<MqttPacket> ReadAsync(CancellationToken cancellationToken)
    {
        var packet = await inner.ReceivePacketAsync(cancellationToken);
        if (packet is MqttPingReqPacket)
        {
            // The library sends one packet after the other, and waits with a message while its receiver has as many unacknowledged as it takes: the answer would wait behind it,
            // and a slow subscriber would take the connection for dead. Source: MQTT 5.0, 4.9.
            await inner.SendPacketAsync(MqttPingRespPacket.Instance, cancellationToken);
        }

        return packet switch
        {
            MqttPublishPacket { TopicAlias: > MostTopicAliases } => throw new MqttProtocolViolationException("The topic alias is above what CONNACK allows."),
            MqttSubscribePacket subscribe when subscribe.TopicFilters.Exists(IsNone) => throw new MqttProtocolViolationException("A subscription's options are none that there are."),
            _ => packet,
        };
    }

    // A number may stand for the topic, and the publication that gave it its meaning may be one of those that the library never sees.
    private string TopicOf(MqttPublishPacket publish)
    {
        if (publish.TopicAlias == 0)
        {
            return publish.Topic ?? string.Empty;
        }

        if (!string.IsNullOrEmpty(publish.Topic))
        {
            _aliases[publish.TopicAlias] = publish.Topic;
        }
        else if (_aliases.TryGetValue(publish.TopicAlias, out var topic))
        {
            publish.Topic = topic;
        }

        return publish.Topic ?? string.Empty;
    }
}
