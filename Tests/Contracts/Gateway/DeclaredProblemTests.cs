using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using Svom.Bursts;
using Svom.Outcomes;
using Svom.Support;

namespace Svom.Contracts.Gateway;

/// <summary>
/// What a call may answer stands in its reference. Each call is made as its example shows, once for every refusal that the contract of a grain on its way
/// promises; whatever problem comes out must be one that the OpenAPI document declares for the call.
/// </summary>
public sealed class DeclaredProblemTests(Door door) : IClassFixture<Door>
{
    private static readonly Dictionary<string, string> Ids = new(StringComparer.Ordinal)
    {
        ["bursts"] = Platform.Burst,
        ["notices"] = Platform.Notice,
        ["packets"] = Platform.Packet.Id,
        ["alarms"] = OneAlarm.Id,
        ["stations"] = "NCL1",
        ["replays"] = OneReplay.Id,
        ["tokens"] = "KOU",
    };

    private static readonly Dictionary<string, string> Queries = new(StringComparer.Ordinal) { ["followEvents"] = "?topic=notices,bursts", ["compareReplays"] = $"?from={OneReplay.Id}" };

    /// <summary>Stands for: what the grain itself answers.</summary>
    private static readonly object Given = new();

    [Fact]
    public async Task Every_refusal_that_a_grain_promises_is_declared_by_the_calls_that_pass_it_on()
    {
        var (gaps, passed) = (new List<string>(), 0);
        foreach (var call in await CallsAsync())
        {
            var asked = new ConcurrentQueue<MethodInfo>();
            await AnswerAsync(call, (method, _) => Note(asked, method));
            foreach (var method in asked.Distinct())
            {
                var promised = Promises(method);
                Assert.True(promised.Length > 0, $"{method.DeclaringType!.Name}.{method.Name} says of no refusal in its contract.");
                foreach (var code in promised)
                {
                    var (status, type) = await AnswerAsync(call, (other, given) => other == method ? Refused(method, code) : given);
                    passed++;
                    if (status >= 400 && !call.Declares(status, type))
                    {
                        gaps.Add($"{call.Name} answers {status} {type} when {method.DeclaringType!.Name}.{method.Name} refuses with {code}");
                    }
                }
            }
        }

        Assert.Empty(gaps);
        Assert.True(passed > 40, $"Only {passed} refusals were tried.");
    }

    [Fact]
    public async Task Every_call_with_a_body_declares_what_is_wrong_with_bodies()
    {
        foreach (var call in (await CallsAsync()).Where(static call => call.Body is not null))
        {
            foreach (var (body, type) in new[] { ("{", "application/json"), ("null", "application/json"), ("""{"nothing":1}""", "application/json"), ("{}", "text/plain"), (new string(' ', 70_000), "application/json") })
            {
                var (status, problem) = await AnswerAsync(call with { Body = body, BodyType = type }, static (_, given) => given);
                Assert.True(status < 400 || call.Declares(status, problem), $"{call.Name} answers {status} {problem} to {body[..Math.Min(20, body.Length)]}");
            }

            Assert.True(call.Declares(408, ProblemTypes.Timeout.Uri), $"{call.Name} does not say that a body may come too slowly.");
        }
    }

    [Theory]
    [InlineData("Range", "bytes=99999-", 416)]
    [InlineData("If-Match", "\"another\"", 412)]
    public async Task Exact_bytes_declare_what_conditions_and_ranges_may_answer(string header, string value, int expected)
    {
        foreach (var call in (await CallsAsync()).Where(static call => call.Name.StartsWith("get /api/v1/notices/{id}.", StringComparison.Ordinal)))
        {
            using var answer = await door.GetAsync(call.Address, (header, value));
            Assert.Equal((call.Name, expected), (call.Name, (int)answer.StatusCode));
            Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
            var type = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("type").GetString();
            Assert.True(call.Declares(expected, type), $"{call.Name} does not declare {expected} {type}");
        }
    }

    [Theory]
    [InlineData("Bursts"), InlineData("Packets"), InlineData("Notifications"), InlineData("Stations"), InlineData("Monitoring"), InlineData("Access")]
    public void Every_refusal_that_a_capability_gives_is_promised_by_its_contracts(string capability)
    {
        var given = Codes(Path.Combine(SolutionFolder.Path, "Grains", capability));
        Assert.Empty(given.Except(Codes(Path.Combine(SolutionFolder.Path, "Grains.Interfaces", capability)), StringComparer.Ordinal));
    }

    private static HashSet<string> Codes(string folder) =>
    [
        .. Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories).SelectMany(File.ReadLines)
            .SelectMany(static line => System.Text.RegularExpressions.Regex.Matches(line, @"RefusalCode\.(?<code>\w+)", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)).Select(static code => code.Groups["code"].Value)),
    ];

    private static object? Note(ConcurrentQueue<MethodInfo> asked, MethodInfo method)
    {
        asked.Enqueue(method);
        return Given;
    }

    /// <summary>The refusals that a method's documentation names.</summary>
    private static RefusalCode[] Promises(MethodInfo method)
    {
        const string Cref = "F:Svom.Outcomes.RefusalCode.";
        var name = $"M:{method.DeclaringType!.FullName}.{method.Name}(";
        return
        [
            .. XDocument.Load(Path.ChangeExtension(typeof(IBurstGrain).Assembly.Location, ".xml")).Descendants("member").Where(member => member.Attribute("name")!.Value.StartsWith(name, StringComparison.Ordinal))
                .Descendants("see").Select(static see => see.Attribute("cref")?.Value).Where(static cref => cref?.StartsWith(Cref, StringComparison.Ordinal) is true)
                .Select(static cref => Enum.Parse<RefusalCode>(cref![Cref.Length..])).Distinct(),
        ];
    }

    private static object Refused(MethodInfo method, RefusalCode code)
    {
        var outcome = method.ReturnType.GetGenericArguments()[0];
        var refused = outcome.GetMethod("op_Implicit", [typeof(Refusal)])!.Invoke(null, [new Refusal(code, "It is refused.")]);
        return typeof(Task).GetMethod(nameof(Task.FromResult))!.MakeGenericMethod(outcome).Invoke(null, [refused])!;
    }

    /// <param name="answer">What a grain's method answers, given the method and the grain's own answer.</param>
    private async Task<(int Status, string? Type)> AnswerAsync(Call call, Func<MethodInfo, object, object?> answer)
    {
        door.Grains.Before = (type, grain) => RefusingGrain.Before(type, grain, method => answer(method, Given) is { } said && !ReferenceEquals(said, Given) ? said : null);
        try
        {
            using var request = new HttpRequestMessage(new HttpMethod(call.Method), call.Address);
            request.Headers.Authorization = new("Bearer", Door.OperatorToken);
            if (call.Body is { } body)
            {
                request.Content = new StringContent(body, Encoding.UTF8);
                request.Content.Headers.ContentType = new MediaTypeHeaderValue(call.BodyType);
            }

            using var answered = await door.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            var problem = answered.Content.Headers.ContentType?.MediaType == "application/problem+json";
            return ((int)answered.StatusCode, problem ? JsonDocument.Parse(await answered.Content.ReadAsStringAsync()).RootElement.GetProperty("type").GetString() : null);
        }
        finally
        {
            door.Grains.Before = null;
        }
    }

    private async Task<List<Call>> CallsAsync()
    {
        var calls = new List<Call>();
        foreach (var path in (await Door.JsonAsync(door.GetAsync("/openapi/v1.json"), 200)).GetProperty("paths").EnumerateObject())
        {
            var kind = path.Name.Split('/')[3];
            var address = path.Name.Replace("{id}", Ids.GetValueOrDefault(kind), StringComparison.Ordinal).Replace("{name}", Ids.GetValueOrDefault(kind), StringComparison.Ordinal)
                .Replace("{kind}", Platform.MessageView.Kind, StringComparison.Ordinal).Replace("{number}", "0", StringComparison.Ordinal);
            Assert.DoesNotContain('{', address);
            foreach (var operation in path.Value.EnumerateObject().Where(static member => member.Name is not "parameters"))
            {
                var body = operation.Value.TryGetProperty("requestBody", out var taken) ? taken.GetProperty("content").GetProperty("application/json").GetProperty("example").GetRawText() : null;
                calls.Add(new(
                    $"{operation.Name} {path.Name}", operation.Name.ToUpperInvariant(), address + Queries.GetValueOrDefault(operation.Value.GetProperty("operationId").GetString()!), body, "application/json",
                    operation.Value.GetProperty("responses")));
            }
        }

        return calls;
    }

    private sealed record Call(string Name, string Method, string Address, string? Body, string BodyType, JsonElement Responses)
    {
        public bool Declares(int status, string? type) =>
            type is not null && Responses.TryGetProperty(status.ToString(System.Globalization.CultureInfo.InvariantCulture), out var response)
            && response.GetProperty("description").GetString()!.Contains($"`{type}`", StringComparison.Ordinal);
    }
}

/// <summary>Stands before a grain and answers some of its methods in its place.</summary>
public class RefusingGrain : DispatchProxy
{
    private object grain = null!;
    private Func<MethodInfo, object?> answer = null!;

    /// <param name="answer">What a method that may refuse answers; null: what the grain does.</param>
    public static object Before(Type type, object grain, Func<MethodInfo, object?> answer)
    {
        var proxy = Create(type, typeof(RefusingGrain));
        ((RefusingGrain)proxy).grain = grain;
        ((RefusingGrain)proxy).answer = answer;
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        var mayRefuse = targetMethod!.ReturnType is { IsGenericType: true } task && task.GetGenericArguments()[0] is { IsGenericType: true } result && result.GetGenericTypeDefinition() == typeof(Outcome<>);
        return (mayRefuse ? answer(targetMethod) : null) ?? targetMethod.Invoke(grain, args);
    }
}
