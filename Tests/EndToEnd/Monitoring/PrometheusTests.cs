using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Svom.Support;

namespace Svom.EndToEnd.Monitoring;

/// <summary>A real Prometheus, with the configuration that we ship, beside a platform that plays a burst.</summary>
[Collection(PlatformCollection.Name)]
public sealed class PrometheusTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private readonly TemporaryFolder folder = new();
    private readonly string prometheus = Tool.Require("prometheus", "prometheus");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Prometheus_counts_what_the_platform_took_and_rings_nobody()
    {
        await using var platform = await PlayedPlatform.StartAsync();
        var port = PlatformProcess.FreePort();
        using var server = Tool.Start(
            prometheus,
            [
                "--config.file", Configuration(platform.Address), "--storage.tsdb.path", Path.Combine(folder.Path, "series"), "--log.level", "error",
                "--web.listen-address", string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{port}"),
            ]);
        try
        {
            using var http = new HttpClient { BaseAddress = new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}")) };
            await UntilAsync(server, http, "up{job='svom'}", 1);
            var played = await platform.PlayAsync(PlayedPlatform.Bundled("eclairs-alone"), session: "scraped");
            var notices = await platform.Archive.AtRestAsync(static notices => notices.Any(static notice => notice.Kind == "eclairs-wakeup"));

            await UntilAsync(server, http, "sum(svom_receptions_total{result='accepted'})", played.Accepted - played.Invalid);
            await UntilAsync(server, http, "sum(svom_notices_published_total)", notices.Count(static notice => notice.State == "sent"));
            await UntilAsync(server, http, "histogram_quantile(0.5, sum by (le) (svom_notice_way_seconds_bucket)) > bool 0", 1);
            Assert.Empty((await AskAsync(http, "alerts")).GetProperty("alerts").EnumerateArray());
            var rules = (await AskAsync(http, "rules")).GetProperty("groups").EnumerateArray().SelectMany(static group => group.GetProperty("rules").EnumerateArray()).ToList();
            Assert.NotEmpty(rules);
            Assert.All(rules, static rule => Assert.Equal("ok", rule.GetProperty("health").GetString()));
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync(CancellationToken.None);
        }
    }

    /// <summary>What we ship, asked each second at this platform's address.</summary>
    private string Configuration(string address)
    {
        var shipped = Path.Combine(SolutionFolder.Path, "deploy", "prometheus");
        File.Copy(Path.Combine(shipped, "svom.rules.yml"), Path.Combine(folder.Path, "svom.rules.yml"));
        var file = Path.Combine(folder.Path, "prometheus.yml");
        var written = File.ReadAllText(Path.Combine(shipped, "prometheus.yml"));
        Assert.Contains("127.0.0.1:8080", written, StringComparison.Ordinal);
        Assert.Contains("15s", written, StringComparison.Ordinal);
        File.WriteAllText(file, written.Replace("127.0.0.1:8080", new Uri(address).Authority, StringComparison.Ordinal).Replace("15s", "1s", StringComparison.Ordinal));
        return file;
    }

    private static async Task UntilAsync(Process server, HttpClient http, string query, double wanted)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        for (double? seen = null; ; await Task.Delay(Pause, patience.Token)) // Scrapes come each second: there is nothing to wait for but them.
        {
            Assert.False(server.HasExited, "Prometheus has ended.");
            Assert.False(patience.IsCancellationRequested, $"{query} is {seen} and not {wanted}");
            try
            {
                var found = (await AskAsync(http, "query?query=" + Uri.EscapeDataString(query))).GetProperty("result");
                seen = found.GetArrayLength() == 1 ? double.Parse(found[0].GetProperty("value")[1].GetString()!, CultureInfo.InvariantCulture) : null;
            }
            catch (HttpRequestException)
            {
                continue; // It is not up yet.
            }

            if (seen == wanted)
            {
                return;
            }
        }
    }

    private static async Task<JsonElement> AskAsync(HttpClient http, string call)
    {
        using var answer = JsonDocument.Parse(await http.GetStringAsync(new Uri("/api/v1/" + call, UriKind.Relative), TestContext.Current.CancellationToken));
        return answer.RootElement.GetProperty("data").Clone();
    }
}
