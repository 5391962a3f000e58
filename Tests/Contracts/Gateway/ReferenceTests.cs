using System.Text.Json;
using Svom.Outcomes;

namespace Svom.Contracts.Gateway;

public sealed class ReferenceTests(Door door) : IClassFixture<Door>
{
    [Fact]
    public async Task The_openapi_document_is_3_1_and_every_operation_is_described()
    {
        var document = await Door.JsonAsync(door.GetAsync("/openapi/v1.json"), 200);
        Assert.StartsWith("3.1", document.GetProperty("openapi").GetString(), StringComparison.Ordinal);
        var seen = new List<string>();
        var names = new HashSet<string?>(StringComparer.Ordinal);
        foreach (var path in document.GetProperty("paths").EnumerateObject())
        {
            foreach (var call in path.Value.EnumerateObject().Where(static member => member.Name is not "parameters"))
            {
                seen.Add($"{call.Name} {path.Name}");
                Assert.True(names.Add(call.Value.GetProperty("operationId").GetString()), $"{path.Name}: an operation of this name exists.");
                Described(call.Value, $"{call.Name} {path.Name}");
            }
        }

        Assert.Equal(
            [
                "delete /api/v1/tokens/{name}", "get /api/v1/access", "get /api/v1/alarms", "get /api/v1/alarms/{id}", "get /api/v1/bursts", "get /api/v1/bursts/{id}", "get /api/v1/bursts/{id}/explain",
                "get /api/v1/bursts/{id}/follow-through", "get /api/v1/bursts/{id}/intents", "get /api/v1/bursts/{id}/messages", "get /api/v1/bursts/{id}/messages/{kind}/{number}",
                "get /api/v1/bursts/{id}/notices", "get /api/v1/bursts/{id}/packets", "get /api/v1/bursts/{id}/timeline", "get /api/v1/events", "get /api/v1/notices", "get /api/v1/notices/{id}",
                "get /api/v1/notices/{id}.envelope.json", "get /api/v1/notices/{id}.json", "get /api/v1/notices/{id}.xml", "get /api/v1/notices/{id}/receipts", "get /api/v1/packets", "get /api/v1/packets/{id}",
                "get /api/v1/replays", "get /api/v1/replays/{id}", "get /api/v1/replays/{id}/differences", "get /api/v1/stations", "get /api/v1/stations/{id}",
                "post /api/v1/alarms/{id}/acknowledge", "post /api/v1/alarms/{id}/shelve", "post /api/v1/alarms/{id}/unshelve",
                "post /api/v1/bursts/{id}/acknowledge", "post /api/v1/bursts/{id}/classify", "post /api/v1/bursts/{id}/retract", "post /api/v1/bursts/{id}/validate",
                "post /api/v1/packets", "post /api/v1/replays", "post /api/v1/replays/{id}/cancel", "post /api/v1/tokens",
            ],
            seen.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_reference_names_no_inside_of_the_platform()
    {
        var text = (await Door.JsonAsync(door.GetAsync("/openapi/v1.json"), 200)).GetRawText();
        Assert.DoesNotContain("Svom.", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Grain", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_problem_type_is_readable_where_its_name_points()
    {
        var overview = await door.Client.GetStringAsync("/docs");
        foreach (var kind in ProblemTypes.All)
        {
            Assert.Contains(kind.Uri, overview, StringComparison.Ordinal);
            using var page = await door.GetAsync(kind.Uri);
            Assert.Equal("text/html", page.Content.Headers.ContentType?.MediaType);
            Assert.Contains(kind.Slug, await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        Assert.Equal(ProblemTypes.All.Length, ProblemTypes.All.Select(static kind => kind.Slug).Distinct(StringComparer.Ordinal).Count());
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/login")]
    [InlineData("/docs")]
    [InlineData("/docs/api/")]
    public async Task A_page_loads_nothing_from_elsewhere(string path)
    {
        using var page = await door.GetAsync(path);
        Assert.Equal(200, (int)page.StatusCode);
        var html = await page.Content.ReadAsStringAsync();
        Assert.DoesNotMatch("(src|href)=\"(https?:)?//", html);
        Assert.DoesNotContain("cdn.", html, StringComparison.Ordinal);
        Assert.StartsWith("default-src '", page.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        foreach (System.Text.RegularExpressions.Match asset in System.Text.RegularExpressions.Regex.Matches(html, "(?:src|href)=\"(?<file>/?[^\"#:]+\\.(?:css|js))\"", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)))
        {
            using var file = await door.GetAsync(new Uri(page.RequestMessage!.RequestUri!, asset.Groups["file"].Value).PathAndQuery);
            Assert.Equal(200, (int)file.StatusCode);
        }
    }

    [Fact]
    public async Task Every_schema_and_member_of_the_reference_is_typed_and_described()
    {
        var schemas = (await Door.JsonAsync(door.GetAsync("/openapi/v1.json"), 200)).GetProperty("components").GetProperty("schemas");
        foreach (var schema in schemas.EnumerateObject().Where(static schema => schema.Value.TryGetProperty("properties", out _)))
        {
            Assert.DoesNotContain("Body", schema.Name, StringComparison.Ordinal);
            foreach (var member in schema.Value.GetProperty("properties").EnumerateObject())
            {
                Assert.True(
                    new[] { "type", "$ref", "oneOf", "enum" }.Any(word => member.Value.TryGetProperty(word, out _)), $"{schema.Name}.{member.Name} has no type.");
            }
        }

        Assert.Equal("date-time", schemas.GetProperty("Burst").GetProperty("properties").GetProperty("firstHeard").GetProperty("format").GetString());
        Assert.Equal("Station clock.", schemas.GetProperty("Copy").GetProperty("properties").GetProperty("receivedAt").GetProperty("description").GetString());
    }

    [Theory]
    [InlineData("packets", "message Reception")]
    [InlineData("stations", "service StationService")]
    [InlineData("alarms", "service AlarmService")]
    public async Task The_protobuf_files_are_served_as_they_are(string name, string part)
    {
        using var archive = new System.IO.Compression.ZipArchive(await door.Client.GetStreamAsync("/protos.zip"));
        using var proto = new StreamReader(Assert.Single(archive.Entries, entry => entry.FullName == $"svom/v1/{name}.proto").Open());
        Assert.Contains(part, await proto.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    public async Task Health_is_told(string path) =>
        Assert.Equal("healthy", (await Door.JsonAsync(door.GetAsync(path), 200)).GetProperty("status").GetString());

    private static void Described(JsonElement call, string name)
    {
        foreach (var member in new[] { "summary", "description", "operationId" })
        {
            Assert.True(call.TryGetProperty(member, out var text) && text.GetString() is { Length: > 0 }, $"{name} has no {member}.");
        }

        var responses = call.GetProperty("responses").EnumerateObject().ToList();
        Assert.Contains(responses, static response => response.Name.StartsWith('2'));
        foreach (var problem in responses.Where(static response => response.Name[0] is '4' or '5'))
        {
            Assert.True(problem.Value.GetProperty("content").TryGetProperty("application/problem+json", out _), $"{name} answers {problem.Name} without a problem.");
            Assert.Equal("#/components/schemas/Problem", problem.Value.GetProperty("content").GetProperty("application/problem+json").GetProperty("schema").GetProperty("$ref").GetString());
            Assert.Contains("/docs/problems/", problem.Value.GetProperty("description").GetString(), StringComparison.Ordinal);
        }

        Assert.Contains(responses, static response => response.Name is "400");
        Assert.Contains(responses, static response => response.Name is "503");
        foreach (var parameter in call.TryGetProperty("parameters", out var parameters) ? parameters.EnumerateArray() : default)
        {
            Assert.True(parameter.TryGetProperty("description", out var text) && text.GetString() is { Length: > 0 }, $"{name} does not describe {parameter.GetProperty("name")}.");
        }
    }
}
