using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Svom.Access;
using Svom.Outcomes;
using Svom.Requests;

namespace Svom.Documents;

/// <summary>Completes the OpenAPI document from what the endpoints declare: query parameters, roles, problems.</summary>
internal static class ApiDescription
{
    private const string BearerScheme = "bearer";

    public static void Configure(OpenApiOptions options)
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        // HEAD is GET without a body: a second operation of the same name would not be valid.
        options.ShouldInclude = static call => call.HttpMethod is not "HEAD" && call.RelativePath?.StartsWith("api/", StringComparison.Ordinal) is true;
        options.CreateSchemaReferenceId = static type => WireSchemas.NameOf(OpenApiOptions.CreateDefaultSchemaReferenceId(type));
        options.AddSchemaTransformer(WireSchemas.CorrectAsync);
        options.AddDocumentTransformer(static (document, _, _) =>
        {
            document.Info = new()
            {
                Title = "SVOM ground segment",
                Version = "v1",
                License = new() { Name = "Apache-2.0", Identifier = "Apache-2.0" },
                Description = "Packets in, bursts followed, notices archived. Times end in Z, units stand in names. "
                    + "Problems follow RFC 9457; each `type` is readable at `/docs`. Reads are open on loopback; writes need a bearer token.",
            };
            document.Components ??= new();
            document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal);
            document.Components.SecuritySchemes[BearerScheme] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "The operator's token, as the start prints it, or one made by POST /api/v1/tokens.",
            };
            document.AddComponent(WireSchemas.Problem, WireSchemas.ProblemSchema());
            document.Servers = [new() { Url = "/", Description = "This platform." }];
            return Task.CompletedTask;
        });
        options.AddOperationTransformer(CompleteAsync);
        options.AddOperationTransformer(ExampleBodies.AddAsync);
    }

    private static Task CompleteAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var declared = context.Description.ActionDescriptor.EndpointMetadata;
        foreach (var parameter in declared.OfType<QueryDeclaration>().SelectMany(static query => query.Parameters))
        {
            (operation.Parameters ??= []).Add(new OpenApiParameter
            {
                Name = parameter.Name,
                In = ParameterLocation.Query,
                Description = parameter.Description,
                Schema = parameter.Many ? new OpenApiSchema { Type = JsonSchemaType.Array, Items = Schema(parameter) } : Schema(parameter),
                Example = parameter.Example is null ? null : parameter.Many ? new JsonArray(parameter.Example) : JsonValue.Create(parameter.Example),
            });
        }

        var roles = declared.OfType<DeedRequirement>().SelectMany(static requirement => DoorPolicy.RolesFor(requirement.Deed)).ToList();
        if (roles.Count > 0)
        {
            operation.Description += $" Needs a token with the role {string.Join(" or ", roles)}.";
            operation.Security = [new() { [new OpenApiSecuritySchemeReference(BearerScheme, context.Document)] = [] }];
        }

        var kinds = declared.OfType<ProblemDeclaration>().SelectMany(static problems => problems.Kinds)
            .Concat(roles.Count > 0 ? [ProblemTypes.Unauthenticated, ProblemTypes.Forbidden] : [])
            .Concat(operation.RequestBody is null ? [] : [ProblemTypes.Timeout]) // Whatever reads a body may wait for it in vain.
            .Concat([ProblemTypes.InvalidParameter, ProblemTypes.MisdirectedHost, ProblemTypes.Internal, ProblemTypes.Unavailable]);
        var schema = new OpenApiSchemaReference(WireSchemas.Problem, context.Document);
        foreach (var status in kinds.Distinct().GroupBy(static kind => kind.Status).OrderBy(static status => status.Key))
        {
            (operation.Responses ??= [])[status.Key.ToString(CultureInfo.InvariantCulture)] = new OpenApiResponse
            {
                Description = string.Join(" ", status.Select(static kind => $"{kind.Title} (`{kind.Uri}`).")),
                Content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal) { ["application/problem+json"] = new OpenApiMediaType { Schema = schema } },
            };
        }

        return Task.CompletedTask;
    }

    private static OpenApiSchema Schema(QueryParameter parameter) => parameter.Kind switch
    {
        QueryKind.Number => new()
        {
            Type = JsonSchemaType.Integer,
            Format = "int64",
            Minimum = parameter.Least.ToString(CultureInfo.InvariantCulture),
            Maximum = parameter.Most == long.MaxValue ? null : parameter.Most.ToString(CultureInfo.InvariantCulture),
            Default = parameter.Standard is null ? null : JsonNode.Parse(parameter.Standard),
        },
        QueryKind.Flag => new() { Type = JsonSchemaType.Boolean, Default = JsonValue.Create(false) },
        QueryKind.Time => new() { Type = JsonSchemaType.String, Format = "date-time" },
        QueryKind.Word => new() { Type = JsonSchemaType.String, Enum = [.. parameter.Words.Select(static word => (JsonNode)JsonValue.Create(word)!)] },
        QueryKind.Name => new() { Type = JsonSchemaType.String, MaxLength = 64 },
        _ => new() { Type = JsonSchemaType.String, MaxLength = 1024 },
    };
}
