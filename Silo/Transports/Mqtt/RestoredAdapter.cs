using System.Net;
using System.Security.Cryptography.X509Certificates;
using MQTTnet.Adapter;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;

namespace Svom.Notifications.Mqtt;

/// <summary>
/// A connection without a line: says to the library what the client of a kept session once said, CONNECT and its SUBSCRIBEs, and is gone.
/// What stays is an ordinary session of an absent client. No client from outside can be one of these, so no password is asked.
/// </summary>
internal sealed class RestoredAdapter(MqttSession session) : IMqttChannelAdapter
{
    /// <summary>Where it comes from.</summary>
    public static readonly EndPoint Nowhere = new IPEndPoint(IPAddress.None, 0);

    private readonly Queue<MqttPacket> _said = new(Packets(session));

    /// <summary>The session to restore.</summary>
    public MqttSession Session => session;

    public long BytesReceived => 0;

    public long BytesSent => 0;

    public X509Certificate2 ClientCertificate => null!;

    public EndPoint RemoteEndPoint => Nowhere;

    public EndPoint LocalEndPoint => Nowhere;

    public bool IsSecureConnection => false;

    public MqttPacketFormatterAdapter PacketFormatterAdapter { get; } = new(MqttProtocolVersion.V500, new MqttBufferWriter(256, 256));

    public Task<MqttPacket> ReceivePacketAsync(CancellationToken cancellationToken) => Task.FromResult(_said.Count > 0 ? _said.Dequeue() : null!);

    public Task SendPacketAsync(MqttPacket packet, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task ConnectAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task DisconnectAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void ResetStatistics()
    {
    }

    public void Dispose()
    {
    }

    private static IEnumerable<MqttPacket> Packets(MqttSession session)
    {
        yield return new MqttConnectPacket
        {
            ClientId = session.ClientId,
            Username = session.Peer.Name,
            CleanSession = false,
            SessionExpiryInterval = (uint)Math.Max(1, session.Expiry.TotalSeconds),
        };
        ushort packet = 0;
        foreach (var filters in session.Filters.GroupBy(static filter => filter.Identifier))
        {
            yield return new MqttSubscribePacket { PacketIdentifier = ++packet, SubscriptionIdentifier = filters.Key, TopicFilters = [.. filters.Select(ToTopicFilter)] };
        }
    }

    private static MqttTopicFilter ToTopicFilter(SubscriberFilter filter) => new()
    {
        Topic = filter.Filter,
        QualityOfServiceLevel = (MqttQualityOfServiceLevel)filter.Quality,
        NoLocal = filter.NoLocal,
        RetainAsPublished = filter.RetainAsPublished,
        RetainHandling = (MqttRetainHandling)filter.RetainHandling,
    };
}
