using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using Svom.Packets;
using Svom.Requests;

namespace Svom.Documents;

/// <summary>The AsyncAPI 3 document of the MQTT door, made of the channels and the types of their messages.</summary>
internal static class MessageDescription
{
    private const string Anything = "AnyObject";

    private static readonly JsonSchemaExporterOptions Exporting = new() { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Complete };

    /// <summary>The document, the same octets at every start.</summary>
    public static readonly byte[] Octets = JsonSerializer.SerializeToUtf8Bytes(Make());

    private static JsonObject Make()
    {
        var (channels, operations, messages, schemas) = (new JsonObject(), new JsonObject(), new JsonObject(), new JsonObject());
        foreach (var channel in MessageChannels.All)
        {
            var message = channel.Message is null ? Anything : NameOf(channel.Message);
            messages[message] ??= Message(message, channel.Message == typeof(ReceptionBody) ? "ReceptionBatch" : null);
            schemas[message] ??= channel.Message is null
                ? new JsonObject { ["type"] = "object", ["description"] = "Any JSON object of at most 8 KiB." }
                : StrictJson.SchemaOf(channel.Message, Exporting);
            Add(channel, channel.Name, "svom/v1/", message);
            if (channel.Drilled)
            {
                Add(channel, "test" + char.ToUpperInvariant(channel.Name[0]) + channel.Name[1..], "svom/v1/test/", message);
            }
        }

        messages["ReceptionBatch"] = new JsonObject
        {
            ["name"] = "ReceptionBatch",
            ["contentType"] = ReceptionPayload.Binary,
            ["summary"] = "For each reception a 4-byte big-endian length and a protobuf svom.v1.Reception (/protos.zip).",
            ["payload"] = new JsonObject { ["type"] = "string", ["format"] = "binary" },
        };
        return new()
        {
            ["asyncapi"] = "3.0.0",
            ["info"] = new JsonObject
            {
                ["title"] = "SVOM ground segment, MQTT",
                ["version"] = "v1",
                ["license"] = new JsonObject { ["name"] = "Apache-2.0" },
                ["description"] = "Alerts, states and logs of bursts out; receptions of stations and words of telescopes in. Rehearsals stand under svom/v1/test. "
                    + "Readers need no token on loopback; who publishes comes with its name as user name and its token as password.",
            },
            ["defaultContentType"] = "application/json",
            ["servers"] = new JsonObject
            {
                ["mqtt"] = Server("mqtt", "1883", null, "MQTT 3.1.1 and 5 over TCP; the port is printed at the start."),
                ["webSocket"] = Server("ws", "8080", "/mqtt", "The same over WebSocket, sub-protocol mqtt."),
            },
            ["channels"] = channels,
            ["operations"] = operations,
            ["components"] = new JsonObject { ["messages"] = messages, ["schemas"] = schemas },
        };

        void Add(MessageChannel channel, string name, string root, string message)
        {
            var carried = new JsonObject { [message] = Reference($"#/components/messages/{message}") };
            var answered = new JsonArray(Reference($"#/channels/{name}/messages/{message}"));
            if (channel.Message == typeof(ReceptionBody))
            {
                carried["ReceptionBatch"] = Reference("#/components/messages/ReceptionBatch");
                answered.Add(Reference($"#/channels/{name}/messages/ReceptionBatch"));
            }

            channels[name] = new JsonObject { ["address"] = root + channel.Address, ["summary"] = channel.Summary, ["messages"] = carried, ["parameters"] = MessageChannels.ParametersOf(channel.Address) };
            operations[(channel.Sent ? "send" : "receive") + char.ToUpperInvariant(name[0]) + name[1..]] = new JsonObject
            {
                ["action"] = channel.Sent ? "send" : "receive", // As the platform sees it.
                ["channel"] = Reference($"#/channels/{name}"),
                ["summary"] = channel.Summary,
                ["messages"] = answered,
                ["bindings"] = new JsonObject { ["mqtt"] = new JsonObject { ["qos"] = channel.Quality, ["retain"] = channel.Retained, ["bindingVersion"] = "0.2.0" } },
            };
        }
    }

    private static JsonObject Server(string protocol, string port, string? path, string description)
    {
        var server = new JsonObject
        {
            ["host"] = "127.0.0.1:{port}",
            ["protocol"] = protocol,
            ["description"] = description,
            ["variables"] = new JsonObject { ["port"] = new JsonObject { ["default"] = port } },
        };
        if (path is not null)
        {
            server["pathname"] = path;
        }

        return server;
    }

    private static JsonObject Message(string name, string? otherwise) => new()
    {
        ["name"] = name,
        ["contentType"] = "application/json",
        ["payload"] = Reference($"#/components/schemas/{name}"),
        ["summary"] = otherwise is null ? $"{name} as JSON." : $"{name} as JSON; {otherwise} by content type.",
    };

    private static JsonObject Reference(string to) => new() { ["$ref"] = to };

    private static string NameOf(Type message) => message.Name.Replace("Message", "", StringComparison.Ordinal).Replace("Body", "", StringComparison.Ordinal);

    // The exporter does not see what our converter for times writes, nor what stands beside a member for people.
    private static JsonNode Complete(JsonSchemaExporterContext context, JsonNode schema)
    {
        var node = schema as JsonObject ?? [];
        var member = context.PropertyInfo?.PropertyType ?? context.TypeInfo.Type;
        if (context.TypeInfo.Type == typeof(DateTimeOffset) || context.TypeInfo.Type == typeof(DateTimeOffset?))
        {
            node["type"] = member == typeof(DateTimeOffset?) ? new JsonArray("string", "null") : "string";
            node["format"] = "date-time";
        }
        else if (context.TypeInfo.Type == typeof(JsonObject))
        {
            node["type"] = "object";
        }

        var description = (context.PropertyInfo?.AttributeProvider ?? context.TypeInfo.Type).GetCustomAttributes(typeof(DescriptionAttribute), inherit: false);
        if (description is [DescriptionAttribute { Description: var words }])
        {
            node["description"] = words;
        }

        return node.Count == 0 ? schema : node;
    }
}
