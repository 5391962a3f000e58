using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Svom.Notifications;
using Svom.Packets;

namespace Svom.Documents;

/// <summary>One channel of the MQTT door.</summary>
/// <param name="Name">Its name in the document.</param>
/// <param name="Address">Topic below the root, with parameters in braces.</param>
/// <param name="Sent">True when the platform sends on it, false when it receives.</param>
/// <param name="Message">What goes over it; null: any JSON object of the sender's own.</param>
/// <param name="Quality">Quality of service at which it is sent.</param>
/// <param name="Retained">True for a present state.</param>
/// <param name="Drilled">True when it stands below <c>svom/v1/test</c> too.</param>
internal sealed record MessageChannel(string Name, string Address, bool Sent, Type? Message, string Summary, int Quality = 1, bool Retained = false, bool Drilled = true);

/// <summary>All channels: the AsyncAPI document is made of this list.</summary>
internal static class MessageChannels
{
    public static readonly ImmutableArray<MessageChannel> All =
    [
        new("alerts", "alerts/{instrument}/{noticeType}", true, typeof(AlertMessage), "Every sent notice, once for each instrument it concerns."),
        new("burstState", "bursts/{burst}/state", true, typeof(StateMessage), "Present state of a burst.", Retained: true),
        new("burstEvents", "bursts/{burst}/events", true, typeof(EventMessage), "Ordered log of a burst."),
        new("status", "system/status", true, typeof(StatusMessage), "Whether the platform is there.", Retained: true, Drilled: false),
        new("heartbeat", "system/heartbeat", true, typeof(HeartbeatMessage), "A sign of life each second.", Quality: 0, Drilled: false),
        new("packets", "packets/{station}", false, typeof(ReceptionBody), "One reception, or a binary batch; acknowledged after it is durable. Publish-only."),
        new("telescopeStatus", "telescopes/{telescope}/status", false, null, "What a telescope is doing, in words of its own; handed on to subscribers.", Retained: true),
        new("telescopeReceipt", "telescopes/{telescope}/receipt", false, typeof(ReceiptMessage), "A telescope has an alert; kept, acknowledged after it is durable, handed on."),
        new("telescopeIntent", "telescopes/{telescope}/intent", false, typeof(IntentMessage), "What a telescope does about a burst; kept, acknowledged after it is durable, handed on."),
        new("telescopeResult", "telescopes/{telescope}/result", false, null, "What a telescope found, in words of its own; handed on to subscribers, not kept."),
    ];

    private static readonly Dictionary<string, (string Description, string[] Values)> Parameters = new(StringComparer.Ordinal)
    {
        ["instrument"] = ("Whose notice it is.", ["grm", "eclairs", "mxt", "vt"]),
        ["noticeType"] = ("Notice type without quality, for example mxt-initial, or retraction.", []),
        ["burst"] = ("Id of the burst, for example sb26042105.", []),
        ["station"] = ("The station's name: that of its token, and of the reception.", []),
        ["telescope"] = ("The telescope's name: that of its token.", []),
    };

    /// <summary>Parameters of a channel as the document has them.</summary>
    public static JsonObject ParametersOf(string address)
    {
        var parameters = new JsonObject();
        foreach (var name in address.Split('/').Where(static level => level.StartsWith('{')).Select(static level => level[1..^1]))
        {
            var (description, values) = Parameters[name];
            parameters[name] = values.Length == 0 ? new JsonObject { ["description"] = description }
                : new JsonObject { ["description"] = description, ["enum"] = new JsonArray([.. values.Select(static value => JsonValue.Create(value))]) };
        }

        return parameters;
    }
}
