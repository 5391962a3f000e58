using System.Globalization;
using Svom.EndToEnd;

namespace Svom.Faults;

/// <summary>
/// kill -9 at any moment of a story and a load beside it: nothing acknowledged is lost, nothing sent changes. Six kills unless <c>SVOM_KILLS</c> says more;
/// <c>SVOM_SEED</c> repeats a campaign.
/// </summary>
[Collection(PlatformCollection.Name)]
public sealed class KillCampaignTests(ITestOutputHelper output)
{
    private const int KillsOfOneStory = 6;
    private static readonly string[] Stories = ["sb26051101", "sb26042105"];

    [Fact]
    public async Task Whenever_the_platform_is_killed_nothing_acknowledged_is_lost_and_nothing_sent_changes()
    {
        var (wanted, first) = (Number("SVOM_KILLS") ?? KillsOfOneStory, Number("SVOM_SEED") ?? Random.Shared.Next(1, 1_000_000));
        var findings = new List<string>();
        output.WriteLine($"first seed {first}");
        for (var (kills, story) = (0, 0); kills < wanted; story++)
        {
            var round = new KillRound(Stories[story % Stories.Length], first + story, Math.Min(KillsOfOneStory, wanted - kills));
            await round.RunAsync();
            kills += round.Kills;
            output.WriteLine(round.Told);
            findings.AddRange(round.Findings.Select(finding => $"seed {first + story}: {finding}"));
        }

        Assert.True(findings.Count == 0, string.Join('\n', findings));
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
