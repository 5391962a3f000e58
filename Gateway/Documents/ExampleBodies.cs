using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Svom.Packets;

namespace Svom.Documents;

/// <summary>Examples of request bodies and of the ingest answer, by operation.</summary>
internal static class ExampleBodies
{
    private const string Reception = """{ "station": "KOU", "receivedAt": "2026-03-01T04:13:43.000Z", "octets": "CAHAAAAA", "signalDbm": -112.5, "session": "night-drill" }""";

    private static readonly Dictionary<string, string> Bodies = new(StringComparer.Ordinal)
    {
        ["deliverReceptions"] = $"[{Reception}]",
        ["validateBurst"] = """{ "verdict": "accept", "reason": "clear detection, no known source" }""",
        ["acknowledgeBurst"] = """{ "reason": "on shift" }""",
        ["classifyBurst"] = """{ "class": "grb", "reason": "afterglow found" }""",
        ["retractBurst"] = """{ "reason": "particle event", "notices": ["grm-trigger"] }""",
        ["acknowledgeAlarm"] = """{ "reason": "called the station keeper" }""",
        ["shelveAlarm"] = """{ "until": "2026-03-02T04:13:22.000Z", "reason": "antenna is being repaired" }""",
        ["startReplay"] = """{ "session": "night-drill", "resimulate": true, "speed": 60 }""",
        ["issueToken"] = """{ "name": "KOU", "roles": ["station"] }""",
    };

    public static Task AddAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        if (operation.OperationId is not { } id || !Bodies.TryGetValue(id, out var body) || operation.RequestBody?.Content is not { } content)
        {
            return Task.CompletedTask;
        }

        if (content.TryGetValue("application/json", out var json) && json is OpenApiMediaType media)
        {
            media.Example = JsonNode.Parse(body);
        }

        if (content.ContainsKey(IngestDoor.Binary))
        {
            content[IngestDoor.JsonLines] = new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String, Description = "One JSON object a line." }, Example = JsonValue.Create(Reception) };
            content[IngestDoor.Binary] = new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" } };
        }

        return Task.CompletedTask;
    }
}
