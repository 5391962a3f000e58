using System.Buffers;
using System.Collections.Immutable;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using Svom.Access;
using Svom.Packets;

namespace Svom.Notifications.Mqtt;

/// <summary>One publication of receptions, judged as it came.</summary>
/// <param name="PacketId">By which the sender is answered.</param>
/// <param name="Quality">0 is not answered.</param>
/// <param name="Receptions">To be stored, all or none; empty when refused.</param>
/// <param name="Code">Success, or why not.</param>
/// <param name="Reason">The same in a sentence; null when it is taken.</param>
internal sealed record Delivery(
    ushort PacketId, MqttQualityOfServiceLevel Quality, ImmutableArray<Reception> Receptions, MqttPubAckReasonCode Code = MqttPubAckReasonCode.Success, string? Reason = null)
{
    private const string Live = "svom/v1/packets";
    private const string Drills = "svom/v1/test/packets";

    /// <summary>True for topics on which receptions come in, well-formed or not.</summary>
    public static bool IsMeant(string topic) => IsUnder(topic, Live) || IsUnder(topic, Drills);

    /// <summary>True when the peer's token delivers receptions at all.</summary>
    public static bool MayDeliver(MqttPeer peer) => peer is { Name: { } name, IsPlatform: false } && DoorPolicy.Allows(Deed.DeliverReceptions, new TokenHolder(name, peer.Roles));

    /// <summary>Judges a publication by topic, sender and content. Pure.</summary>
    public static Delivery Judge(MqttPeer peer, MqttPublishPacket publish)
    {
        var drill = IsUnder(publish.Topic, Drills);
        var station = publish.Topic.Length > (drill ? Drills : Live).Length ? publish.Topic[((drill ? Drills : Live).Length + 1)..] : string.Empty;
        if (!FeedId.IsName(station))
        {
            return Refuse(MqttPubAckReasonCode.TopicNameInvalid, $"Receptions go to {(drill ? Drills : Live)}/{{station}}.");
        }

        // The operator may stand in for any station, as over REST.
        if (!peer.Is(Roles.Operator) && !string.Equals(station, peer.Name, StringComparison.Ordinal))
        {
            return Refuse(MqttPubAckReasonCode.NotAuthorized, "A station delivers under its own name only.");
        }

        if (publish.Retain)
        {
            return Refuse(MqttPubAckReasonCode.ImplementationSpecificError, "Receptions are not retained: publish without the flag.");
        }

        var (receptions, fault) = ReceptionPayload.Read(
            string.IsNullOrEmpty(publish.ContentType) ? null : publish.ContentType, publish.Payload.IsSingleSegment ? publish.Payload.FirstSpan : publish.Payload.ToArray(), int.MaxValue); // As many as a packet holds.
        fault ??= receptions.FirstOrDefault(reception => !string.Equals(reception.Station, station, StringComparison.Ordinal)) is { } other
            ? $"The topic says station {station}, a reception {other.Station}. Nothing of the message was stored." : null;
        fault ??= drill && receptions.Any(static reception => reception.Session is null) ? "Under svom/v1/test each reception names its session." : null;
        return fault is null ? new(publish.PacketIdentifier, publish.QualityOfServiceLevel, receptions) : Refuse(MqttPubAckReasonCode.PayloadFormatInvalid, fault);

        Delivery Refuse(MqttPubAckReasonCode code, string reason) => new(publish.PacketIdentifier, publish.QualityOfServiceLevel, [], code, reason);
    }

    /// <summary>What the sender is told; null when it asked for no answer.</summary>
    public MqttPacket? Answer(bool speaksV5) => Quality switch
    {
        MqttQualityOfServiceLevel.AtLeastOnce => new MqttPubAckPacket { PacketIdentifier = PacketId, ReasonCode = Code, ReasonString = speaksV5 ? Reason : null },
        MqttQualityOfServiceLevel.ExactlyOnce => new MqttPubRecPacket { PacketIdentifier = PacketId, ReasonCode = (MqttPubRecReasonCode)(int)Code, ReasonString = speaksV5 ? Reason : null },
        _ => null,
    };

    private static bool IsUnder(string topic, string root) =>
        topic.StartsWith(root, StringComparison.Ordinal) && (topic.Length == root.Length || topic[root.Length] == '/');
}
