using System.Collections.Immutable;
using System.Text.Json;
using Svom.EndToEnd;
using Svom.Simulation;
using Svom.Support;

namespace Svom.Faults;

/// <summary>One story played beside a load into a platform that dies again and again, and what must hold in the end.</summary>
internal sealed class KillRound(string scenario, int seed, int kills)
{
    private const double Speed = 40;
    private readonly Random random = new(seed);
    private readonly NetworkFaults faults = new(seed, Duplicate: 0.3, Shuffle: true);
    private readonly List<string> findings = [];

    public IReadOnlyList<string> Findings => findings;

    /// <summary>Kills done: a death while starting is two.</summary>
    public int Kills { get; private set; }

    public string Told { get; private set; } = "";

    public async Task RunAsync()
    {
        var (notices, science, followed) = await UndisturbedAsync();
        using var folder = new TemporaryFolder();
        using var acknowledged = new AcknowledgedReceptions();
        using var acknowledgedLoad = new AcknowledgedReceptions();
        var (http, mqtt) = (PlatformProcess.FreePort(), PlatformProcess.FreePort());
        await using var telescope = new AlertSubscriber(mqtt);
        await using var platform = new DyingPlatform(folder.Path, random, acknowledged, acknowledgedLoad, telescope) { HttpPort = http, MqttPort = mqtt };
        await platform.StartAsync();

        var plan = ScenarioPlan.Make(PlayedPlatform.Bundled(scenario), faults);
        await using var load = new BackgroundLoad(acknowledgedLoad, new($"http://127.0.0.1:{http}"), platform.Token, plan.Begins, seed);
        using var door = new HttpClient(acknowledged, disposeHandler: false) { BaseAddress = new($"http://127.0.0.1:{http}"), Timeout = TimeSpan.FromSeconds(30) };
        var playing = new ScenarioPlayer(new PlatformClient(door, platform.Token, TimeProvider.System) { Patience = TimeSpan.FromSeconds(40) }, TimeProvider.System)
            .PlayAsync(PlayedPlatform.Bundled(scenario), new(Speed, PlayAt.Original, null, faults), null, TestContext.Current.CancellationToken);
        foreach (var death in Deaths())
        {
            await platform.DieAsync(death);
        }

        var summary = await ToldAsync(playing, platform);
        var sum = await ToldAsync(load.EndAsync(), platform);
        var archive = new PlatformArchive(platform.Http);
        var after = await archive.AtRestAsync(seen => seen.Length >= notices.Length);
        await platform.LookAsync();
        Compare("notices", Lines(notices), Lines(after));
        Compare("science", science, await ScienceAsync(archive));
        Compare("follow-through", followed, await archive.FollowThroughAsync());
        var bursts = (await archive.BurstsAsync()).Select(static burst => burst.GetProperty("id").GetString()!).ToArray();
        Compare("burst", "1", $"{bursts.Length}");
        Compare("receptions answered", $"{summary.Sent}", $"{summary.Accepted + summary.Duplicates}");
        Compare("load answered", $"{sum.Sent} valid", $"{sum.Answered.Accepted + sum.Answered.Duplicates - sum.Answered.Invalid} valid");
        CheckAlerts(after, telescope.Heard);
        await platform.StopAsync();
        findings.AddRange(await LogOnDisk.FindingsAsync(folder.Path, Story(plan), [.. acknowledged.Receptions, .. acknowledgedLoad.Receptions], [null, BackgroundLoad.Session]));
        findings.AddRange(await FollowThroughOnDisk.FindingsAsync(folder.Path, bursts));
        findings.AddRange(platform.Findings);
        Kills = platform.Kills;
        Told = $"seed {seed}, {scenario}: {Kills} kills and 2 stops, {summary.Sent} receptions, {summary.Retries} requests again, {after.Length} notices, {telescope.Heard.Count} alerts heard; "
            + $"load {sum.Sent} receptions ({sum.Live} live), {platform.Interrupted} batches under way at a kill, {sum.Again} batches again, {sum.Unheard} of them stored before; {findings.Count} findings";
    }

    // A story that does not come to its end says why: with the last words of the platform.
    private static async Task<T> ToldAsync<T>(Task<T> playing, DyingPlatform platform)
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
        Death[] kinds = [Death.AfterAnAlert, Death.AfterAnAnswer, Death.WhileABatchIsOut, Death.WhileStarting, Death.AtRandom];
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

    private static List<ReceptionKey> Story(ScenarioPlan plan) =>
        [.. plan.Events.OfType<PlannedReception>().Select(static reception => new ReceptionKey(null, reception.Station, reception.ReceivedAt, ReceptionKey.Id(reception.Octets)))];

    // Without the load: beside it the story has to come to the same.
    private async Task<(ImmutableArray<SeenNotice> Notices, string Science, string Followed)> UndisturbedAsync()
    {
        await using var platform = await PlayedPlatform.StartAsync();
        await platform.PlayAsync(PlayedPlatform.Bundled(scenario), faults);
        var notices = await platform.Archive.AtRestAsync();
        return (notices, await ScienceAsync(platform.Archive), await platform.Archive.FollowThroughAsync());
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
}
