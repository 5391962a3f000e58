using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using Svom.Outcomes;

namespace Svom.Requests;

/// <summary>Reads small JSON bodies, refusing what it does not know: a misspelt member must not vanish.</summary>
internal static class StrictJson
{
    /// <summary>Longest body of an act or a token request, in octets.</summary>
    public const int MaxOctets = 64 * 1024;

    private static readonly JsonSerializerOptions Options = Make();

    /// <returns>The value, or the problem to answer.</returns>
    public static async Task<(T? Value, Problem? Problem)> ReadAsync<T>(HttpRequest request, CancellationToken cancellationToken)
        where T : class
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var media) || !media.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase) || request.Headers.ContentEncoding.Count > 0)
        {
            return (null, new(ProblemTypes.UnsupportedMediaType, "The call takes application/json without content encoding."));
        }

        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = MaxOctets;
        }

        try
        {
            var value = await JsonSerializer.DeserializeAsync<T>(request.Body, Options, cancellationToken);
            return value is null ? (null, new(ProblemTypes.Malformed, "The body is null.")) : (value, null);
        }
        catch (JsonException fault)
        {
            return (null, new(ProblemTypes.Malformed, Explain<T>(fault)));
        }
    }

    /// <summary>Reads a message's payload.</summary>
    /// <returns>The value, or a sentence that says what is wrong.</returns>
    public static (T? Value, string? Fault) Read<T>(ReadOnlySpan<byte> json)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json, Options) is { } value ? (value, null) : (null, "The payload is null.");
        }
        catch (JsonException fault)
        {
            return (null, Explain<T>(fault).Replace("The body is not the JSON object that the call takes", "The payload is not the JSON object that belongs here", StringComparison.Ordinal));
        }
    }

    /// <summary>JSON schema of what <see cref="Read{T}"/> takes.</summary>
    public static JsonNode SchemaOf(Type type, JsonSchemaExporterOptions exporting) => Options.GetJsonSchemaAsNode(type, exporting);

    // Own words: the exception's would name types of ours.
    private static string Explain<T>(JsonException fault)
    {
        var members = string.Join(", ", Options.GetTypeInfo(typeof(T)).Properties.Select(static member => member.IsRequired ? member.Name : member.Name + "?"));
        var where = fault.Path is { Length: > 2 and <= 80 } path ? $" at {path}" : "";
        return $"The body is not the JSON object that the call takes: see line {(fault.LineNumber ?? 0) + 1}{where}. Its members are: {members}; each once, no other.";
    }

    private static JsonSerializerOptions Make()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            PropertyNameCaseInsensitive = false,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            AllowDuplicateProperties = false,
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
            MaxDepth = 8,
            TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
        };
        DoorJson.Apply(options);
        options.MakeReadOnly();
        return options;
    }
}
