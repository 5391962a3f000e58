using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Svom.Outcomes;

namespace Svom.Documents;

/// <summary>What the schema maker cannot see by itself: our times, our problems, and names without our suffixes.</summary>
internal static class WireSchemas
{
    public const string Problem = "Problem";

    /// <summary>The name of a schema: a client's word, not a class of ours.</summary>
    public static string? NameOf(string? type) =>
        type?.Replace("ListAnswerOf", "ListOf", StringComparison.Ordinal).Replace("Body", "", StringComparison.Ordinal);

    // A converter of ours writes times, so the maker knows only their format.
    public static Task CorrectAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        if (context.JsonTypeInfo.Type == typeof(DateTimeOffset) || context.JsonTypeInfo.Type == typeof(DateTimeOffset?))
        {
            schema.Type = context.JsonTypeInfo.Type == typeof(DateTimeOffset) ? JsonSchemaType.String : JsonSchemaType.String | JsonSchemaType.Null;
            schema.Format = "date-time";
        }

        return Task.CompletedTask;
    }

    public static OpenApiSchema ProblemSchema() => new()
    {
        Type = JsonSchemaType.Object,
        Description = "RFC 9457 problem details.",
        Required = new HashSet<string>(StringComparer.Ordinal) { "type", "title", "status", "detail", "traceId" },
        Properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal)
        {
            ["type"] = new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                Description = "Kind of problem: an address with an explanation.",
                Enum = [.. ProblemTypes.All.Select(static kind => (JsonNode)JsonValue.Create(kind.Uri)!)],
            },
            ["title"] = Member(JsonSchemaType.String, "The same for every occurrence of the type."),
            ["status"] = Member(JsonSchemaType.Integer, "The HTTP status."),
            ["detail"] = Member(JsonSchemaType.String, "This occurrence, in a sentence."),
            ["index"] = Member(JsonSchemaType.Integer, "Zero-based index of the element that caused it."),
            ["parameter"] = Member(JsonSchemaType.String, "The query parameter that caused it."),
            ["refusal"] = Member(JsonSchemaType.Integer, "Stable number of the refusal behind it."),
            ["roles"] = new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.String }, Description = "Roles that would be allowed." },
            ["traceId"] = Member(JsonSchemaType.String, "Finds the log of this request."),
        },
    };

    private static OpenApiSchema Member(JsonSchemaType type, string description) => new() { Type = type, Description = description };
}
