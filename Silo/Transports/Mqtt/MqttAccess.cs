using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;
using MQTTnet.Protocol;
using Svom.Access;

namespace Svom.Notifications.Mqtt;

/// <summary>Who may publish and subscribe where. Pure; every refusal is one sentence for the reason string.</summary>
internal static class MqttAccess
{
    /// <summary>Largest payload a telescope may send: as large as an envelope.</summary>
    public const int MaxPayloadBytes = 8 * 1024;

    private const string Root = "svom/v1/";
    private const string Drills = "svom/v1/test/";

    /// <returns>Null when allowed, else why not.</returns>
    public static MqttRefusal? RefusePublish(MqttPeer peer, string topic, in ReadOnlySequence<byte> payload, bool retain)
    {
        if (peer.IsPlatform)
        {
            return null;
        }

        if (peer.Name is null)
        {
            return NotAllowed("Publishing needs a user name and its token.");
        }

        if (Delivery.IsMeant(topic))
        {
            // Where receptions may be delivered, they were taken out of the connection before; only a last will comes as far as this.
            return NotAllowed(Delivery.MayDeliver(peer) ? "A last will brings no receptions." : "Receptions need a token with the role station or operator.");
        }

        if (WithoutRoot(topic).Split('/') is not ["telescopes", var telescope, var channel])
        {
            return NotAllowed("Clients publish under svom/v1/telescopes/{name} and svom/v1/packets/{station} only.");
        }

        if (!peer.Is(Roles.Telescope) || !string.Equals(peer.Name, telescope, StringComparison.Ordinal))
        {
            return NotAllowed("A telescope publishes under its own name only.");
        }

        return channel switch
        {
            "status" => RefusePayload(payload, mayBeEmpty: retain),
            "receipt" or "intent" or "result" when retain => NotAllowed("Only a status may be retained."),
            "receipt" or "intent" or "result" => RefusePayload(payload, mayBeEmpty: false),
            _ => NotAllowed("A telescope says status, receipt, intent or result."),
        };
    }

    /// <summary>Reads are open; only receptions on their way in are nobody's to hear.</summary>
    /// <returns>Null when allowed, else why not.</returns>
    public static string? RefuseSubscribe(string filter) =>
        WithoutRoot(filter) is "packets" || WithoutRoot(filter).StartsWith("packets/", StringComparison.Ordinal)
            ? "svom/v1/packets is publish-only."
            : null;

    private static string WithoutRoot(string topic) =>
        topic.StartsWith(Drills, StringComparison.Ordinal) ? topic[Drills.Length..]
        : topic.StartsWith(Root, StringComparison.Ordinal) ? topic[Root.Length..]
        : string.Empty;

    /// <summary>True below <c>svom/v1/test</c>.</summary>
    public static bool IsDrill(string topic) => topic.StartsWith(Drills, StringComparison.Ordinal);

    private static MqttRefusal NotAllowed(string reason) => new(MqttPubAckReasonCode.NotAuthorized, reason);

    private static MqttRefusal? RefusePayload(in ReadOnlySequence<byte> payload, bool mayBeEmpty)
    {
        if (payload.IsEmpty && mayBeEmpty)
        {
            return null; // A telescope takes its retained status away.
        }

        if (payload.Length > MaxPayloadBytes)
        {
            return new(MqttPubAckReasonCode.PayloadFormatInvalid, "The payload is larger than 8 KiB.");
        }

        var octets = payload.ToArray();
        return IsJsonObject(octets) ? null : new(MqttPubAckReasonCode.PayloadFormatInvalid, "The payload is not a JSON object in UTF-8.");
    }

    private static bool IsJsonObject(byte[] octets)
    {
        if (!Utf8.IsValid(octets))
        {
            return false;
        }

        try
        {
            var reader = new Utf8JsonReader(octets);
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            while (reader.Read())
            {
            }

            return true;
        }
        catch (JsonException)
        {
            return false; // The reader has no way to say no without it.
        }
    }
}
