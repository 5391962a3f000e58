using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Spectre.Console;
using Svom.Hosting;
using Svom.Simulation;

namespace Svom.Demo;

/// <summary>
/// Plays a past burst into a platform of its own through the HTTP door, as a rehearsal, and tells what arrives, what is decided and
/// what went out after how long. It sees only what any station, telescope or reader sees.
/// </summary>
internal static class DemoCommand
{
    private const int NotAsExpected = 1;
    private const double FastestStory = 10_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <param name="roughSeed">Plays it over a perfect network and over a rough one, and compares; null plays it once.</param>
    public static async Task<int> RunAsync(
        string? dataOption, IReadOnlyList<string> settings, double speed, bool exit, FileInfo? scenarioFile, int? roughSeed, CancellationToken cancellationToken)
    {
        if (!(speed is >= 1 and <= FastestStory))
        {
            throw new CannotStartException($"--speed is 1 to {FastestStory}, not {speed.ToString(CultureInfo.InvariantCulture)}.");
        }

        var folder = Path.Combine(DataPath.Resolve(dataOption), "demo", TimeProvider.System.GetUtcNow().UtcDateTime.ToString("yyyyMMdd-HHmmss-fff", CultureInfo.InvariantCulture));
        var scenario = await ScenarioAsync(scenarioFile, cancellationToken);
        await using var platform = await Platform.StartAsync(folder, Start.Settings(settings), cancellationToken, static builder => builder.Logging.AddFilter("Svom", LogLevel.Warning));
        if (Console.IsOutputRedirected)
        {
            AnsiConsole.Profile.Width = 240; // A file or a pipe has no edge to break lines at.
        }

        var narrator = new Narrator(AnsiConsole.Console, TimeProvider.System);
        narrator.Title(scenarioFile is null ? $"{Story.Burst.Title}, {speed:0.#} times faster" : $"{scenario.Name}, {speed:0.#} times faster");
        narrator.Say($"Data in {folder}; ready after {platform.StartedIn.TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture)} s; a rehearsal, so ids begin with tb and topics with svom/v1/test.");

        var good = roughSeed is { } seed
            ? await PlayRoughAsync(platform, scenario, scenarioFile is null ? Story.Burst : null, seed, speed, narrator, cancellationToken)
            : await PlayAsync(platform, scenario, scenarioFile is null ? Story.Burst : null, speed, narrator, cancellationToken);
        if (!exit)
        {
            Banner.Print(platform);
            await platform.Application.WaitForShutdownAsync(cancellationToken);
        }

        return good ? 0 : NotAsExpected;
    }

    private static async Task<Scenario> ScenarioAsync(FileInfo? file, CancellationToken cancellationToken)
    {
        try
        {
            return ScenarioReader.Read(file is null ? BundledScenarios.Find(Story.Burst.Scenario)! : await File.ReadAllBytesAsync(file.FullName, cancellationToken));
        }
        catch (Exception unreadable) when (unreadable is ScenarioException or IOException or UnauthorizedAccessException)
        {
            throw new CannotStartException($"--scenario: {unreadable.Message}", unreadable);
        }
    }

    private static async Task<bool> PlayAsync(
        RunningPlatform platform, Scenario scenario, Story? story, double speed, Narrator narrator, CancellationToken cancellationToken)
    {
        var heard = new ConcurrentDictionary<string, TimeSpan>(StringComparer.Ordinal);
        var began = TimeProvider.System.GetTimestamp();
        await using var telescope = await Telescope.ConnectAsync(
            platform.MqttPort,
            alert =>
            {
                heard.TryAdd(alert.Notice, TimeProvider.System.GetElapsedTime(began));
                narrator.Telescopes(null, $"{alert.Burst}: {alert.Text}");
            },
            (kind, text) => narrator.Platform(null, $"{kind}: {text}"),
            cancellationToken);
        using var door = new HttpClient { BaseAddress = new(platform.Http) };

        narrator.Begin();
        began = TimeProvider.System.GetTimestamp();
        var player = new ScenarioPlayer(new PlatformClient(door, platform.Token.Text, TimeProvider.System), TimeProvider.System);
        var summary = await player.PlayAsync(scenario, new(speed, PlayAt.Now, ScenarioPlayer.FreshSession(), new()), new PlayTeller(narrator), cancellationToken);

        var notices = await NoticesAsync(door, summary.Session!, story?.Expected, cancellationToken);
        narrator.Title("What came of it");
        narrator.Say(string.Create(
            CultureInfo.InvariantCulture, $"{summary.Sent} receptions of {summary.Packets} packets: {summary.Accepted} stored, {summary.Duplicates} repeats, {summary.Invalid} broken."));
        var t0 = scenario.Grm?.T0 ?? scenario.Eclairs?.T0;
        narrator.Table(
            notices.Select(notice => (
                notice.Name, notice.State,
                heard.TryGetValue(notice.Name, out var after) && t0 is { } at ? MissionSeconds(scenario, at, after, speed) : "",
                notice.Latency)),
            $"{platform.Http}/api/v1/notices");
        var good = Judge(notices, story?.Expected, narrator);
        good = await MessagesTeller.TellAsync(door, summary.Session!, story?.Messages, Patience, narrator, cancellationToken) && good;
        return await FollowThroughTeller.TellAsync(door, summary.Session!, story?.Phase, Patience, narrator, cancellationToken) && good;
    }

    private static async Task<bool> PlayRoughAsync(
        RunningPlatform platform, Scenario scenario, Story? story, int seed, double speed, Narrator narrator, CancellationToken cancellationToken)
    {
        var outcome = await new RoughNight(platform, narrator).PlayAsync(scenario, RoughNight.Faults(seed), speed, cancellationToken);
        if (story is null)
        {
            return outcome.Good;
        }

        // Two runs that are wrong alike would compare well.
        var notices = outcome.Perfect.Bursts.SelectMany(static burst => burst.Notices).ToLookup(static notice => notice.Name, static notice => notice.State, StringComparer.Ordinal);
        var asItWas = notices.Count == story.Expected.Count && story.Expected.All(expected => notices[expected.Key].SequenceEqual([expected.Value], StringComparer.Ordinal));
        narrator.Verdict(asItWas, asItWas ? "over the perfect network the notices are those of the real night" : "over the perfect network the notices are not those of the real night");
        return outcome.Good && asItWas;
    }

    /// <summary>Seconds of the story from T0 to the moment a telescope heard of it.</summary>
    private static string MissionSeconds(Scenario original, DateTimeOffset t0, TimeSpan after, double speed)
    {
        var untilT0 = t0 - ScenarioPlan.Make(original, new()).Begins;
        return string.Create(CultureInfo.InvariantCulture, $"T0 + {((after * speed) - untilT0).TotalSeconds:0} s");
    }

    private static bool Judge(IReadOnlyList<StoryNotice> notices, IReadOnlyDictionary<string, string>? expected, Narrator narrator)
    {
        if (expected is null)
        {
            return notices.Count > 0;
        }

        var good = true;
        foreach (var (name, state) in expected)
        {
            var found = notices.FirstOrDefault(notice => string.Equals(notice.Name, name, StringComparison.Ordinal));
            var fits = string.Equals(found?.State, state, StringComparison.Ordinal);
            narrator.Verdict(fits, fits ? $"{name} was {state}, as in the real night" : $"{name} should be {state} and is {found?.State ?? "missing"}");
            good &= fits;
        }

        foreach (var extra in notices.Where(notice => !expected.ContainsKey(notice.Name)))
        {
            narrator.Verdict(false, $"{extra.Name} was not expected");
            good = false;
        }

        return good;
    }

    /// <summary>The archive's notices of the rehearsal, once everything expected is there and out, or patience ends.</summary>
    private static async Task<IReadOnlyList<StoryNotice>> NoticesAsync(
        HttpClient door, string session, IReadOnlyDictionary<string, string>? expected, CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var notices = new List<StoryNotice>();
            using var bursts = JsonDocument.Parse(await door.GetStringAsync(new Uri($"/api/v1/bursts?session={session}", UriKind.Relative), cancellationToken));
            foreach (var burst in bursts.RootElement.GetProperty("items").EnumerateArray())
            {
                var id = burst.GetProperty("id").GetString();
                using var list = JsonDocument.Parse(await door.GetStringAsync(new Uri($"/api/v1/notices?burst={id}&after=0&limit=1000", UriKind.Relative), cancellationToken));
                notices.AddRange(list.RootElement.GetProperty("items").EnumerateArray().Select(StoryNotice.Read));
            }

            var complete = notices.Count >= (expected?.Count ?? 1) && notices.TrueForAll(static notice => notice.Settled);
            if (complete || TimeProvider.System.GetElapsedTime(began) > Patience)
            {
                return notices;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, cancellationToken);
        }
    }

    /// <summary>A notice as the archive shows it.</summary>
    private sealed record StoryNotice(string Id, string Name, string State, bool Settled, string Latency)
    {
        public static StoryNotice Read(JsonElement notice)
        {
            var id = notice.GetProperty("id").GetString()!;
            var state = notice.GetProperty("state").GetString()!;
            var published = notice.TryGetProperty("published", out var at) && at.ValueKind == JsonValueKind.String;
            return new(id, id[(id.IndexOf('_', StringComparison.Ordinal) + 1)..], state, state == "held" || published, state == "sent" ? LatencyOf(notice) : "");
        }

        private static string LatencyOf(JsonElement notice)
        {
            double sum = 0;
            if (notice.TryGetProperty("latency", out var steps) && steps.ValueKind == JsonValueKind.Object)
            {
                // From the decision on: what lies before it may be an expert who takes time.
                foreach (var step in new[] { "publishedMs", "echoedMs" })
                {
                    sum += steps.TryGetProperty(step, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : 0;
                }
            }

            return sum.ToString("0.0", CultureInfo.InvariantCulture) + " ms";
        }
    }
}
