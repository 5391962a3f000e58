using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Svom.Access;
using Svom.Outcomes;

namespace Svom.Contracts.Gateway;

public sealed class AccessMatrixTests(Door door) : IClassFixture<Door>
{
    // Written out by hand, from the contract: the code's own table must not be its own judge.
    private static readonly Dictionary<string, string[]> NeedsToken = new(StringComparer.Ordinal)
    {
        ["POST /api/v1/packets"] = ["station", "operator"],
        ["POST /api/v1/bursts/{id}/validate"] = ["advocate", "operator"],
        ["POST /api/v1/bursts/{id}/acknowledge"] = ["advocate", "operator"],
        ["POST /api/v1/bursts/{id}/classify"] = ["advocate", "operator"],
        ["POST /api/v1/bursts/{id}/retract"] = ["advocate", "operator"],
        ["POST /api/v1/alarms/{id}/acknowledge"] = ["operator"],
        ["POST /api/v1/alarms/{id}/shelve"] = ["operator"],
        ["POST /api/v1/alarms/{id}/unshelve"] = ["operator"],
        ["POST /api/v1/replays"] = ["operator"],
        ["POST /api/v1/replays/{id}/cancel"] = ["operator"],
        ["POST /api/v1/tokens"] = ["operator"],
        ["DELETE /api/v1/tokens/{name}"] = ["operator"],
    };

    // The same for gRPC methods.
    private static readonly Dictionary<string, string[]> CallNeedsToken = new(StringComparer.Ordinal)
    {
        ["svom.v1.PacketService/Ingest"] = ["station", "operator"],
        ["svom.v1.BurstService/Validate"] = ["advocate", "operator"],
        ["svom.v1.BurstService/Acknowledge"] = ["advocate", "operator"],
        ["svom.v1.BurstService/Classify"] = ["advocate", "operator"],
        ["svom.v1.BurstService/Retract"] = ["advocate", "operator"],
        ["svom.v1.AlarmService/Acknowledge"] = ["operator"],
        ["svom.v1.AlarmService/Shelve"] = ["operator"],
        ["svom.v1.AlarmService/Unshelve"] = ["operator"],
    };

    // Every other method reads.
    private static readonly string[] OpenCalls =
    [
        "svom.v1.PacketService/List", "svom.v1.PacketService/Get", "svom.v1.PacketService/Watch",
        "svom.v1.BurstService/List", "svom.v1.BurstService/Get", "svom.v1.BurstService/Watch",
        "svom.v1.NoticeService/List", "svom.v1.NoticeService/Get", "svom.v1.NoticeService/Watch",
        "svom.v1.StationService/List", "svom.v1.StationService/Get", "svom.v1.StationService/Watch",
        "svom.v1.AlarmService/List", "svom.v1.AlarmService/Get", "svom.v1.AlarmService/Watch",
        "grpc.health.v1.Health/Check", "grpc.health.v1.Health/Watch", "grpc.health.v1.Health/List",
        "grpc.reflection.v1.ServerReflection/ServerReflectionInfo", "grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
    ];

    private static readonly string?[] Callers = [null, "unknown-token", .. Roles.All];

    [Fact]
    public void Every_endpoint_says_what_is_done_through_it() =>
        Assert.All(Endpoints(), static endpoint => Assert.True(endpoint.Metadata.GetMetadata<DeedRequirement>() is not null, $"{endpoint.DisplayName} declares no deed."));

    [Fact]
    public void Every_writing_endpoint_needs_a_token() =>
        Assert.Equal(
            NeedsToken.Keys.Order(StringComparer.Ordinal),
            Calls().Where(static call => call.Method is not ("GET" or "HEAD")).Select(static call => $"{call.Method} {call.Pattern}").Order(StringComparer.Ordinal));

    [Fact]
    public async Task Every_call_lets_in_whom_the_contract_names_and_nobody_else()
    {
        foreach (var (method, pattern) in Calls())
        {
            var roles = NeedsToken.GetValueOrDefault($"{method} {pattern}");
            foreach (var caller in Callers)
            {
                using var request = new HttpRequestMessage(new HttpMethod(method), pattern.Replace("{id}", "nobody", StringComparison.Ordinal).Replace("{name}", "gone", StringComparison.Ordinal));
                request.Headers.Authorization = caller is null ? null : new("Bearer", Platform.TokenOf(caller));
                using var answer = await door.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
                var expected = roles is null || roles.Contains(caller) ? "let in" : caller is not null && Roles.All.Contains(caller) ? "403" : "401";
                var got = (int)answer.StatusCode is 401 or 403 ? $"{(int)answer.StatusCode}" : "let in";
                Assert.True(expected == got, $"{method} {pattern} as {caller ?? "nobody"}: {got} instead of {expected}");
                Assert.Equal(got != "let in", answer.Headers.WwwAuthenticate.Count > 0);
            }
        }
    }

    [Fact]
    public void Every_gRPC_method_is_one_that_the_contract_knows() =>
        Assert.Empty(GrpcMethods().Except(CallNeedsToken.Keys.Concat(OpenCalls), StringComparer.Ordinal));

    [Fact]
    public async Task Every_gRPC_call_lets_in_whom_the_contract_names_and_nobody_else()
    {
        var methods = GrpcMethods().ToArray();
        Assert.Superset(new HashSet<string>(CallNeedsToken.Keys, StringComparer.Ordinal), new HashSet<string>(methods, StringComparer.Ordinal));
        using var http = new HttpClient { BaseAddress = new($"http://{door.Channel.Target}") };
        foreach (var method in methods)
        {
            foreach (var caller in Callers)
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, method)
                {
                    Version = new(2, 0),
                    VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                    Content = new ByteArrayContent([0, 0, 0, 0, 0]),
                };
                request.Content.Headers.ContentType = new("application/grpc");
                request.Headers.TE.Add(new("trailers"));
                request.Headers.Authorization = caller is null ? null : new("Bearer", Platform.TokenOf(caller));
                using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
                using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
                Assert.Equal(200, (int)answer.StatusCode);
                var status = answer.Headers.TryGetValues("grpc-status", out var values) ? values.Single() : "";
                var expected = !CallNeedsToken.TryGetValue(method, out var roles) || roles.Contains(caller) ? "let in" : caller is not null && Roles.All.Contains(caller) ? "7" : "16";
                var got = status is "7" or "16" ? status : "let in";
                Assert.True(expected == got, $"{method} as {caller ?? "nobody"}: {got} instead of {expected}");
            }
        }
    }

    [Fact]
    public async Task A_missing_role_is_named()
    {
        var problem = await Door.ProblemAsync(door.PostJsonAsync("/api/v1/packets", "[]", Platform.TokenOf("lab")), ProblemTypes.Forbidden);
        Assert.Equal(["station", "operator"], problem.GetProperty("roles").EnumerateArray().Select(static role => role.GetString()));
    }

    [Theory]
    [InlineData("localhost", true)]
    [InlineData("LOCALHOST:8080", true)]
    [InlineData("127.8.9.10:1", true)]
    [InlineData("[::1]:8080", true)]
    [InlineData("evil.example", false)]
    [InlineData("localhost.evil.example", false)]
    [InlineData("127.0.0.1.evil.example", false)]
    [InlineData("192.168.1.4", false)]
    [InlineData("2130706433", true)] // Another way to write 127.0.0.1: still this machine, and no page's own name.
    public async Task Only_loopback_names_are_answered_for(string host, bool ours)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/bursts");
        request.Headers.Host = host;
        if (ours)
        {
            await Door.JsonAsync(door.Client.SendAsync(request), 200);
        }
        else
        {
            await Door.ProblemAsync(door.Client.SendAsync(request), ProblemTypes.MisdirectedHost);
        }
    }

    [Fact]
    public async Task No_other_origin_is_let_in()
    {
        using var answer = await door.GetAsync("/api/v1/bursts", ("Origin", "http://evil.example"));
        Assert.DoesNotContain(answer.Headers, static header => header.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
    }

    private IEnumerable<RouteEndpoint> Endpoints() => door.Services.GetRequiredService<IEnumerable<EndpointDataSource>>().SelectMany(static source => source.Endpoints).OfType<RouteEndpoint>().Distinct();

    private IEnumerable<string> GrpcMethods() => Endpoints().Where(IsGrpc)
        .Select(static endpoint => endpoint.RoutePattern.RawText!.TrimStart('/')).Where(static pattern => !pattern.Contains("unimplemented", StringComparison.Ordinal));

    // Known by their metadata, or, where they only say "no such method", by their pattern.
    private static bool IsGrpc(RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<Grpc.AspNetCore.Server.GrpcMethodMetadata>() is not null || endpoint.RoutePattern.RawText!.Contains("grpcunimplemented", StringComparison.Ordinal);

    private IEnumerable<(string Method, string Pattern)> Calls() =>
        from endpoint in Endpoints()
        where !IsGrpc(endpoint)
        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["GET"]
        select (method, System.Text.RegularExpressions.Regex.Replace("/" + endpoint.RoutePattern.RawText!.TrimStart('/'), "{(?<name>\\w+)[^}]*}", "{${name}}", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)));
}
