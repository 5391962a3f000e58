using System.Net;
using System.Text;
using Svom.Architecture;
using Svom.Monitoring;
using Svom.Support;

namespace Svom.EndToEnd.Monitoring;

/// <summary>What a Prometheus sees at <c>/metrics</c> while a burst is played.</summary>
[Collection(PlatformCollection.Name)]
public sealed class ScrapedMetricsTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    [Fact]
    public async Task A_played_burst_moves_the_figures_by_what_the_simulator_and_the_archive_say()
    {
        await using var platform = await PlayedPlatform.StartAsync(new Dictionary<string, string?>(StringComparer.Ordinal) { ["Svom:Stations:Gather"] = "00:00:00.200" });
        Assert.False(Traces.On, "Nobody asked for traces.");
        var before = await ScrapeAsync(platform);
        Assert.Equal(0, before.Sum("svom_receptions_total", labels: ("result", "accepted")));

        var played = await platform.PlayAsync(PlayedPlatform.Bundled("sb26051101"), session: "figures");
        var notices = await platform.Archive.AtRestAsync(static notices => notices.Any(static notice => notice.Kind.StartsWith("mxt", StringComparison.Ordinal)));

        // The station watch counts some time later, and everything is over once it has.
        var after = await UntilAsync(platform, scraped => scraped.Sum("svom_station_receptions_total") >= played.Accepted);
        Assert.Equal(played.Accepted - played.Invalid, after.Sum("svom_receptions_total", labels: ("result", "accepted")));
        Assert.Equal(played.Invalid, after.Sum("svom_receptions_total", labels: ("result", "invalid")));
        Assert.Equal(played.Duplicates, after.Sum("svom_receptions_total", labels: ("result", "duplicate")));
        Assert.Equal(played.Accepted, after.Sum("svom_station_receptions_total", labels: ("feed", "rehearsal")));
        Assert.True(after.Sum("svom_feed_delay_seconds", "svom_feed_delay_seconds_count", ("feed", "rehearsal")) > 0);

        var sent = notices.Count(static notice => notice.State == "sent");
        Assert.Equal(sent, after.Sum("svom_notices_made_total", labels: [("fate", "sent"), ("tense", "test")]));
        Assert.Equal(notices.Length - sent, after.Sum("svom_notices_made_total", labels: [("fate", "held"), ("tense", "test")]));
        Assert.Equal(sent, after.Sum("svom_notices_published_total", labels: ("outlet", "mqtt")));
        Assert.Equal(sent, after.Sum("svom_notice_step_seconds", "svom_notice_step_seconds_count", ("step", "echoed")));
        Assert.Equal(sent, after.Sum("svom_notice_way_seconds", "svom_notice_way_seconds_bucket", ("le", "+Inf")));
        Assert.Contains(after["svom_notice_way_seconds"].Samples, static sample => sample["le"] == "0.001");

        Assert.Equal(1, after.Sum("svom_workflows_started_total", labels: ("type", "BurstFollowThrough")));
        Assert.True(after.Sum("svom_workflow_tasks_total", labels: ("outcome", "completed")) > 0);
        foreach (var store in (string[])["events", "packets"])
        {
            Assert.True(after.Sum("svom_store_commit_seconds", "svom_store_commit_seconds_count", [("store", store), ("outcome", "durable")]) > 0);
            Assert.Contains(after["svom_store_waiting"].Samples, sample => sample["store"] == store);
        }

        // Standing figures are read when asked.
        await UntilAsync(platform, static scraped => scraped.Sum("svom_feed_lag") == 0 && scraped.Sum("svom_outlet_waiting") == 0);
        Assert.Equal(1, after.Sum("svom_bursts_open", labels: ("tense", "test")));
        Assert.Equal(0, after.Sum("svom_bursts_open", labels: ("tense", "current")));
        Assert.True(after.ContainsKey("svom_alarms"));
        Assert.Contains(after.Keys, static name => name.StartsWith("dotnet_gc_", StringComparison.Ordinal));
        Assert.Contains(after.Keys, static name => name.StartsWith("http_server_request_duration", StringComparison.Ordinal));

        // And the page names every one of them.
        var ours = after.Values.Where(static family => family.Name.StartsWith("svom_", StringComparison.Ordinal)).ToList();
        Assert.All(ours, static family => Assert.False(string.IsNullOrWhiteSpace(family.Help), $"{family.Name} says nothing of itself."));
        Assert.Empty(ours.Select(static family => family.Name).Except(TelemetryReferenceTests.Figures().Select(static figure => figure.Exported), StringComparer.Ordinal));
        output.WriteLine($"{ours.Count} families of ours, {after.Values.Sum(static family => family.Samples.Count)} series in all");
    }

    [Fact]
    public async Task Figures_are_for_everybody_on_this_machine_and_for_nobody_from_elsewhere()
    {
        await using var platform = await PlayedPlatform.StartAsync();
        using var anybody = new HttpClient { BaseAddress = new(platform.Address) };
        using var answer = await anybody.GetAsync(new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/plain", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains("version=0.0.4", answer.Content.Headers.ContentType!.ToString(), StringComparison.Ordinal);
        foreach (var host in new[] { "evil.example", "192.168.1.4" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics") { Headers = { Host = host } };
            using var foreign = await anybody.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.MisdirectedRequest, foreign.StatusCode);
        }

        using var posted = await anybody.PostAsync(new Uri("/metrics", UriKind.Relative), new StringContent("", Encoding.UTF8), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, posted.StatusCode);
    }

    [Fact]
    public async Task A_platform_that_shall_not_count_has_no_such_door()
    {
        await using var platform = await PlayedPlatform.StartAsync(new Dictionary<string, string?>(StringComparer.Ordinal) { ["Svom:Telemetry:Metrics"] = "false" });
        using var answer = await platform.Http.GetAsync(new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    private static async Task<Dictionary<string, ScrapedFamily>> UntilAsync(PlayedPlatform platform, Func<Dictionary<string, ScrapedFamily>, bool> wanted)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        while (true)
        {
            var scraped = await ScrapeAsync(platform);
            if (wanted(scraped))
            {
                return scraped;
            }

            await Task.Delay(Pause, patience.Token); // A scrape is the only sign from outside.
        }
    }

    private static async Task<Dictionary<string, ScrapedFamily>> ScrapeAsync(PlayedPlatform platform) =>
        PrometheusText.Read(await platform.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken));
}
