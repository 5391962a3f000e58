using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;
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
    public static string? RefusePublish(MqttPeer peer, string topic, in ReadOnlySequence<byte> payload, bool retain)
    {
        if (peer.IsPlatform)
        {
            return null;
        }

        if (peer.Name is null)
        {
            return "Publishing needs a user name and its token.";
        }

        if (Delivery.IsMeant(topic))
        {
            // Where receptions may be delivered, they were taken out of the connection before; only a last will comes as far as this.
            return Delivery.MayDeliver(peer) ? "A last will brings no receptions." : "Receptions need a token with the role station or operator.";
        }

        if (WithoutRoot(topic).Split('/') is not ["telescopes", var telescope, var channel])
        {
            return "Clients publish under svom/v1/telescopes/{name} and svom/v1/packets/{station} only.";
        }

        if (!peer.Is(Roles.Telescope) || !string.Equals(peer.Name, telescope, StringComparison.Ordinal))
        {
            return "A telescope publishes under its own name only.";
        }

        return channel switch
        {
            "status" => RefusePayload(payload, mayBeEmpty: retain),
            "receipt" or "intent" or "result" when retain => "Only a status may be retained.",
            "receipt" or "intent" or "result" => RefusePayload(payload, mayBeEmpty: false),
            _ => "A telescope says status, receipt, intent or result.",
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

    private static string? RefusePayload(in ReadOnlySequence<byte> payload, bool mayBeEmpty)
    {
        if (payload.IsEmpty && mayBeEmpty)
        {
            return null; // A telescope takes its retained status away.
        }

        if (payload.Length > MaxPayloadBytes)
        {
            return "The payload is larger than 8 KiB.";
        }

        var octets = payload.ToArray();
        return IsJsonObject(octets) ? null : "The payload is not a JSON object in UTF-8.";
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
