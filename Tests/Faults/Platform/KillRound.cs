using System.Collections.Immutable;
using System.Text.Json;
using Svom.EndToEnd;
using Svom.Packets;
using Svom.Simulation;
using Svom.Sqlite;
using Svom.Support;

namespace Svom.Faults;

/// <summary>One story played into a platform that dies again and again under load, and what must hold in the end.</summary>
internal sealed class KillRound(string scenario, int seed, int kills)
{
    private const double Speed = 40;
    private const int LoadPerSecond = 500;
    private const int LoadSeconds = 3;
    private readonly Random random = new(seed);
    private readonly NetworkFaults faults = new(seed, Duplicate: 0.3, Shuffle: true);
    private readonly List<string> findings = [];

    public IReadOnlyList<string> Findings => findings;

    /// <summary>Kills done: a death while starting is two.</summary>
    public int Kills { get; private set; }

    public string Told { get; private set; } = "";

    public async Task RunAsync()
    {
        var (notices, science) = await UndisturbedAsync();
        using var folder = new TemporaryFolder();
        using var acknowledged = new AcknowledgedReceptions();
        using var load = new AcknowledgedReceptions();
        var (http, mqtt) = (PlatformProcess.FreePort(), PlatformProcess.FreePort());
        await using var telescope = new AlertSubscriber(mqtt);
        await using var platform = new DyingPlatform(folder.Path, random, acknowledged, telescope) { HttpPort = http, MqttPort = mqtt };
        await platform.StartAsync();

        using var door = new HttpClient(acknowledged, disposeHandler: false) { BaseAddress = new($"http://127.0.0.1:{http}"), Timeout = TimeSpan.FromSeconds(30) };
        var playing = new ScenarioPlayer(new PlatformClient(door, platform.Token, TimeProvider.System) { Patience = TimeSpan.FromSeconds(40) }, TimeProvider.System)
            .PlayAsync(PlayedPlatform.Bundled(scenario), new(Speed, PlayAt.Original, null, faults), null, TestContext.Current.CancellationToken);
        using var loadDoor = new HttpClient(load, disposeHandler: false) { BaseAddress = door.BaseAddress, Timeout = door.Timeout };
        var loading = LoadAsync(new PlatformClient(loadDoor, platform.Token, TimeProvider.System) { Patience = TimeSpan.FromSeconds(40) }, playing);
        foreach (var death in Deaths())
        {
            await platform.DieAsync(death);
        }

        var summary = await ToldAsync(playing, platform);
        var loaded = await loading;
        var archive = new PlatformArchive(platform.Http);
        var after = await archive.AtRestAsync(seen => seen.Length >= notices.Length);
        await platform.LookAsync();
        Compare("notices", Lines(notices), Lines(after));
        Compare("science", science, await ScienceAsync(archive));
        Compare("burst", "1", $"{(await archive.BurstsAsync()).Length}");
        Compare("receptions answered", $"{summary.Sent}", $"{summary.Accepted + summary.Duplicates}");
        CheckAlerts(after, telescope.Heard);
        await platform.StopAsync();
        findings.AddRange(loaded.Where(static one => !one.Complete).Select(static one => $"a load was not answered whole: {one}"));
        await CheckLogAsync(folder.Path, acknowledged, load);
        findings.AddRange(platform.Findings);
        Kills = platform.Kills;
        Told = $"seed {seed}, {scenario}: {Kills} kills and 2 stops, {summary.Sent} receptions of the story, {loaded.Sum(static one => one.Sent)} of the load in {loaded.Count} feeds, {summary.Retries + loaded[^1].Retries} requests again, {after.Length} notices, {telescope.Heard.Count} alerts heard, {findings.Count} findings";
    }

    /// <summary>The load command's packets beside the story, again and again in a feed of their own, until the story is told.</summary>
    private static async Task<List<LoadSummary>> LoadAsync(PlatformClient platform, Task story)
    {
        var load = new PacketLoad(platform, TimeProvider.System);
        var done = new List<LoadSummary>();
        do
        {
            done.Add(await load.RunAsync(LoadPerSecond, LoadSeconds, TestContext.Current.CancellationToken));
        }
        while (!story.IsCompleted);
        return done;
    }

    // A story that does not come to its end says why: with the last words of the platform.
    private static async Task<PlaySummary> ToldAsync(Task<PlaySummary> playing, DyingPlatform platform)
    {
        try
        {
            return await playing;
        }
        catch (PlatformException refused)
        {
            throw new InvalidOperationException($"{refused.Message}\nThe platform's last words:\n{platform.LastWords}", refused);
        }
    }

    // Each kind of death once, the rest as it comes; one stop among them.
    private IEnumerable<Death> Deaths()
    {
        Death[] kinds = [Death.AfterAnAlert, Death.AfterAnAnswer, Death.WhileStarting, Death.AtRandom];
        var deaths = new List<Death> { Death.Stopped };
        for (var planned = 0; planned < kills;)
        {
            var death = deaths.Count <= kinds.Length ? kinds[deaths.Count - 1] : kinds[random.Next(kinds.Length)];
            deaths.Add(death);
            planned += death == Death.WhileStarting ? 2 : 1;
        }

        var order = deaths.ToArray();
        random.Shuffle(order);
        return order;
    }

    private async Task<(ImmutableArray<SeenNotice> Notices, string Science)> UndisturbedAsync()
    {
        await using var platform = await PlayedPlatform.StartAsync();
        await platform.PlayAsync(PlayedPlatform.Bundled(scenario), faults);
        var notices = await platform.Archive.AtRestAsync();
        return (notices, await ScienceAsync(platform.Archive));
    }

    private static async Task<string> ScienceAsync(PlatformArchive archive)
    {
        var properties = new[] { "observation", "t0", "slewStatus", "validated", "best", "positions", "completeness" };
        return string.Join('\n', (await archive.BurstsAsync()).SelectMany(burst => properties.Select(property => $"{property} {(burst.TryGetProperty(property, out var value) ? value : default(JsonElement))}")));
    }

    private static string Lines(IEnumerable<SeenNotice> notices) =>
        string.Join('\n', notices.Select(static notice => $"{notice.Id} {notice.State} {(notice.Settled ? "" : "not out")}"));

    private void Compare(string what, string undisturbed, string found)
    {
        if (undisturbed != found)
        {
            findings.Add($"{what} undisturbed:\n{undisturbed}\n{what} after kills:\n{found}");
        }
    }

    private void CheckAlerts(ImmutableArray<SeenNotice> notices, IReadOnlyCollection<HeardEnvelope> heard)
    {
        var sent = notices.Where(static notice => notice.State == "sent").Select(static notice => notice.Id).ToList();
        findings.AddRange(sent.Except(heard.Select(static alert => alert.Notice), StringComparer.Ordinal).Select(static notice => $"{notice} was sent and never heard"));
        findings.AddRange(heard.Select(static alert => alert.Notice).Except(sent, StringComparer.Ordinal).Select(static notice => $"{notice} was heard and is not in the archive as sent"));
        foreach (var same in heard.GroupBy(static alert => alert.Notice, StringComparer.Ordinal).Where(static same => same.Select(static alert => (alert.Id, alert.PayloadSha256, alert.Data)).Distinct().Count() > 1))
        {
            findings.Add($"{same.Key} was heard with different envelopes: {string.Join(", ", same.Select(static alert => $"{alert.Id} {alert.PayloadSha256}"))}");
        }
    }

    // The platform is stopped: its log is read as it lies on the disk.
    private async Task CheckLogAsync(string folder, AcknowledgedReceptions story, AcknowledgedReceptions load)
    {
        using var data = Sqlite.DataFolder.Open(folder);
        await using var log = new SqlitePacketLog(data, new StorageOptions(), TimeProvider.System, faults: null);
        var feeds = await log.FeedsAsync(CancellationToken.None);
        var live = await ReadAsync(log, Assert.Single(feeds, static feed => feed.Session is null));
        findings.AddRange(story.Receptions.Except(live).Select(static lost => $"{lost} was acknowledged and is lost"));

        // One sender who waits for each answer: whatever happened in between, the order is the story's.
        var planned = ScenarioPlan.Make(PlayedPlatform.Bundled(scenario), faults).Events.OfType<PlannedReception>()
            .Select(static reception => new ReceptionKey(reception.Station, reception.ReceivedAt, PacketId.FromSha256(System.Security.Cryptography.SHA256.HashData(reception.Octets.Span)))).Distinct().ToList();
        Compare("order of the log", string.Join('\n', planned), string.Join('\n', live));

        var loaded = new HashSet<ReceptionKey>();
        foreach (var feed in feeds.Where(static feed => feed.Session is not null))
        {
            loaded.UnionWith(await ReadAsync(log, feed));
        }

        findings.AddRange(load.Receptions.Where(reception => !loaded.Contains(reception)).Select(static lost => $"{lost} of the load was acknowledged and is lost"));
    }

    /// <summary>A feed's receptions in its order: without a gap, none twice.</summary>
    private async Task<List<ReceptionKey>> ReadAsync(SqlitePacketLog log, FeedId feed)
    {
        var head = await log.HeadAsync(feed, CancellationToken.None);
        var stored = new List<LoggedReception>();
        while (await log.ReadAsync(feed, stored.Count, 1_000, packetsOnly: false, CancellationToken.None) is { Items.Count: > 0 } slice)
        {
            stored.AddRange(slice.Items);
        }

        Compare($"positions of {feed}", string.Join(' ', Enumerable.Range(1, (int)head)), string.Join(' ', stored.Select(static reception => reception.Position)));
        var keys = stored.ConvertAll(static reception => new ReceptionKey(reception.Station, reception.ReceivedAt, reception.Id));
        Compare($"distinct receptions of {feed}", $"{keys.Count}", $"{keys.Distinct().Count()}");
        return keys;
    }
}
