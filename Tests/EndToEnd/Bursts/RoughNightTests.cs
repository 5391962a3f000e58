using System.Globalization;
using Microsoft.Extensions.Logging;
using Spectre.Console;
using Svom.Demo;
using Svom.Hosting;
using Svom.Simulation;
using Svom.Support;

namespace Svom.EndToEnd.Bursts;

/// <summary>Over a network that loses, breaks, repeats, delays and mixes: what arrives says what was sent, and the platform knows what did not.</summary>
[Collection(PlatformCollection.Name)]
public sealed class RoughNightTests(ITestOutputHelper output)
{
    private const double Fast = 10_000;
    private const int FewNights = 3;
    private const string Nights = "SVOM_ROUGH_NIGHTS";
    private const string FirstSeed = "SVOM_SEED";
    private static readonly KeyValuePair<string, string?>[] Settings =
        [new("Svom:Notifications:EnvelopeWithin", "00:01:00"), new("Svom:Ports:Http", "0"), new("Svom:Ports:Grpc", "0"), new("Svom:Ports:Mqtt", "0")];

    [Fact]
    public async Task A_rough_night_leads_to_the_science_of_a_perfect_one_wherever_packets_arrive_and_calls_the_rest_missing()
    {
        using var folder = new TemporaryFolder();
        await using var platform = await StartAsync(folder);
        var outcome = await PlayAsync(platform, "sb26042105", RoughNight.Faults(RoughNight.StorySeed));
        Assert.True(outcome.Good);

        // Or it would show nothing.
        Assert.True(outcome.Rough.Packets.Length < outcome.Perfect.Packets.Length && outcome.Played is { Duplicates: > 0, Invalid: > 0 });
        Assert.Contains(outcome.Report.Kinds, static kind => kind.Lost > 0);
        Assert.Contains(outcome.Report.Kinds, static kind => kind.Recovered > 0);
        Assert.Contains(outcome.Rough.Bursts[0].Completeness, static row => row.Late > 0);
    }

    [Fact] // What no count can tell may be lost without a word. Nothing that is said may be wrong.
    public async Task Whatever_the_network_does_nothing_that_arrives_is_different()
    {
        var (nights, first) = (Number(Nights, FewNights), Number(FirstSeed, RoughNight.StorySeed + 1));
        using var folder = new TemporaryFolder();
        await using var platform = await StartAsync(folder);
        var wrong = new List<string>();
        for (var seed = first; seed < first + nights; seed++)
        {
            foreach (var scenario in new[] { "sb26042105", "sb26051101" })
            {
                var outcome = await PlayAsync(platform, scenario, RoughNight.Faults(seed), tell: false);
                var findings = outcome.Report.Findings.Where(static finding => finding.Judgement is not Judgement.Explained).ToArray();
                output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{scenario}, seed {seed}: {outcome.Perfect.Packets.Length} packets, {outcome.Rough.Packets.Length} known, {outcome.Rough.Packets.Count(static packet => packet.Recovered)} by vote; of the burst {outcome.Report.Kinds.Sum(static kind => kind.Sent)}, {outcome.Report.Kinds.Sum(static kind => kind.Recovered)} by vote, {outcome.Report.Kinds.Sum(static kind => kind.Lost)} lost, {outcome.Rough.Bursts.SelectMany(static burst => burst.Completeness).Sum(static row => row.Late)} late; {outcome.Report.Findings.Length - findings.Length} differences explained{string.Concat(findings.Select(static finding => $"; {finding.Judgement}: {finding.Text}"))}"));
                wrong.AddRange(findings.Where(static finding => finding.Judgement is Judgement.Wrong).Select(finding => $"{scenario}, seed {seed}: {finding.Text}"));
                wrong.AddRange(outcome.AtRest ? [] : [$"{scenario}, seed {seed}: no rest"]);
            }
        }

        Assert.Empty(wrong);
    }

    [Fact] // One bit in fifty: of ten million copies one is whole, three nearly always hold too many errors for a vote, and four 998 times in a thousand.
    public async Task Of_noise_that_leaves_nothing_whole_comes_what_a_vote_proves_and_nothing_else()
    {
        using var folder = new TemporaryFolder();
        await using var platform = await StartAsync(folder);
        var outcome = await PlayAsync(platform, "sb26042105", RoughNight.Faults(7) with { BitErrors = 0.02 });
        Assert.True(outcome.AtRest);
        Assert.Equal(outcome.Played.Accepted, outcome.Played.Invalid);
        Assert.All(outcome.Rough.Packets, static packet => Assert.True(packet.Recovered));
        Assert.InRange(outcome.Rough.Packets.Length, 0, 20); // Of 896; a night is played in the present, so its bits differ from run to run.
        if (outcome.Rough.Bursts.Length == 0)
        {
            Assert.Equal(["validate"], outcome.Played.Undone);
        }

        Assert.DoesNotContain(outcome.Report.Findings, static finding => finding.Judgement is Judgement.Wrong);
    }

    private static Task<RunningPlatform> StartAsync(TemporaryFolder folder) =>
        Platform.StartAsync(folder.Path, Settings, TestContext.Current.CancellationToken, static builder => builder.Logging.AddFilter("Svom", LogLevel.Warning));

    private static int Number(string variable, int usual) => Environment.GetEnvironmentVariable(variable) is { Length: > 0 } set ? int.Parse(set, CultureInfo.InvariantCulture) : usual;

    private async Task<RoughOutcome> PlayAsync(RunningPlatform platform, string scenario, NetworkFaults faults, bool tell = true)
    {
        await using var told = new StringWriter();
        var console = AnsiConsole.Create(new() { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(told) });
        console.Profile.Width = 240;
        try
        {
            return await new RoughNight(platform, new(console, TimeProvider.System)).PlayAsync(PlayedPlatform.Bundled(scenario), faults, Fast, TestContext.Current.CancellationToken);
        }
        finally
        {
            output.WriteLine(tell ? told.ToString() : "");
        }
    }
}
