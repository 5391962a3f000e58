using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Svom.EndToEnd.Monitoring;

/// <summary>Orleans' dashboard is no door of ours, but it stands behind the same threshold and tells no secret.</summary>
[Collection(PlatformCollection.Name)]
public sealed class DashboardTests
{
    private static readonly string[] Pages = ["/dashboard/", "/dashboard/index.min.js", "/dashboard/GrainTypes", "/dashboard/DashboardCounters", "/dashboard/Trace"];

    [Fact]
    public async Task The_dashboard_answers_for_loopback_names_alone_and_lets_no_other_origin_in()
    {
        await using var platform = await PlayedPlatform.StartAsync();
        foreach (var page in Pages)
        {
            using var ours = await AskAsync(platform, page, ("Host", "localhost:8080"), ("Origin", "http://evil.example"));
            Assert.True(ours.IsSuccessStatusCode || page == "/dashboard/Trace", $"{page} answers {(int)ours.StatusCode}");
            Assert.DoesNotContain(ours.Headers, static header => header.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
            Assert.Equal(["same-origin"], ours.Headers.GetValues("Cross-Origin-Resource-Policy"));
            foreach (var host in new[] { "evil.example", "localhost.evil.example", "192.168.1.4" })
            {
                using var foreign = await AskAsync(platform, page, ("Host", host));
                Assert.Equal(HttpStatusCode.MisdirectedRequest, foreign.StatusCode);
            }
        }
    }

    [Fact]
    public async Task The_dashboard_shows_neither_a_token_nor_what_is_kept_of_it()
    {
        await using var platform = await PlayedPlatform.StartAsync();
        using var issued = await platform.Http.PostAsJsonAsync("/api/v1/tokens", new { name = "KOU", roles = new[] { "station" } }, TestContext.Current.CancellationToken);
        var token = (await issued.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty("token").GetString()!;
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
        var types = await platform.Http.GetFromJsonAsync<string[]>("/dashboard/GrainTypes", TestContext.Current.CancellationToken);
        Assert.Contains("Svom.Access.TokenGrain", types!);
        foreach (var type in types!.Where(static type => type.StartsWith("Svom.", StringComparison.Ordinal)))
        {
            using var state = await AskAsync(platform, $"/dashboard/GrainState?grainId=0&grainType={type}");
            var shown = await state.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.DoesNotContain(token, shown, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(digest, shown, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(platform.Token, shown, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact] // What failed inside is told in the log alone; the dashboard would stream it to every reader.
    public async Task The_dashboard_does_not_stream_the_log()
    {
        await using var platform = await PlayedPlatform.StartAsync();
        using var said = await AskAsync(platform, "/dashboard/Trace");
        Assert.Equal(HttpStatusCode.Forbidden, said.StatusCode);
    }

    private static Task<HttpResponseMessage> AskAsync(PlayedPlatform platform, string path, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }

        return platform.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }
}
