using System.Text.Json;
using System.Text.RegularExpressions;
using Svom.Packets;
using Svom.Simulation;

namespace Svom.EndToEnd.Bursts;

/// <summary>A rough station network changes when things are known, not what is known in the end.</summary>
[Collection(PlatformCollection.Name)]
public sealed partial class NetworkRealismTests(ITestOutputHelper output)
{
    private const int FirstSeed = 1;
    private const int Seeds = 3;

    // How late a packet came and whether from broken copies differs between networks; what is known does not.
    [GeneratedRegex(",\"late\":[0-9]+,\"recovered\":[0-9]+", RegexOptions.NonBacktracking)]
    private static partial Regex HowItCame();

    private static readonly string[] Science = ["observation", "t0", "slewStatus", "best", "positions", "completeness"];

    [Theory]
    [InlineData("sb26051101")]
    [InlineData("sb26042105")]
    public async Task Repeats_bit_errors_lateness_and_disorder_lead_to_the_same_science(string name)
    {
        var scenario = PlayedPlatform.Bundled(name);
        await using var platform = await PlayedPlatform.StartAsync();
        await platform.PlayAsync(scenario, session: "perfect");
        await platform.Archive.AtRestAsync();
        var perfect = await ScienceAsync(platform, "perfect");

        foreach (var faults in Playable(scenario).Take(Seeds))
        {
            var session = $"rough-{faults.Seed}";
            var summary = await platform.PlayAsync(scenario, faults, session);
            await platform.Archive.AtRestAsync();
            output.WriteLine($"seed {faults.Seed}: {summary.Sent} receptions, {summary.Duplicates} repeats, {summary.Invalid} broken");
            Assert.Equal(0, summary.Lost);
            Assert.True(summary is { Duplicates: > 0, Invalid: > 0 });
            Assert.Equal(perfect, await ScienceAsync(platform, session));
        }
    }

    /// <summary>
    /// Seeds under which each fact and each part of a message has at least one unbroken copy (one that no station has is lost) and the burst is
    /// known before a person acts on it (nobody validates what he has not heard of).
    /// </summary>
    private static IEnumerable<NetworkFaults> Playable(Scenario scenario)
    {
        var facts = Facts(ScenarioPlan.Make(scenario, new())).Select(static fact => fact.Octets).ToHashSet(StringComparer.Ordinal);
        return Enumerable.Range(FirstSeed, 1000).Select(static seed => new NetworkFaults(seed, Loss: 0, Duplicate: 0.3, Corrupt: 0.05, Late: 0.1, Shuffle: true)).Where(faults =>
        {
            var plan = ScenarioPlan.Make(scenario, faults);
            var whole = Facts(plan).Where(fact => facts.Contains(fact.Octets)).ToList();
            var act = plan.Events.OfType<PlannedAct>().Min(static act => act.At);
            return whole.Select(static fact => fact.Octets).Distinct(StringComparer.Ordinal).Count() == facts.Count
                && whole.Exists(fact => fact.Fact?.StartsWith("ECLAIRs alert", StringComparison.Ordinal) is true && fact.At < act);
        });
    }

    private static IEnumerable<(string? Fact, string Octets, DateTimeOffset At)> Facts(ScenarioPlan plan) =>
        plan.Events.OfType<PlannedReception>().Where(static reception => reception.Fact is not null || IsPart(reception.Octets.Span))
            .Select(static reception => (reception.Fact, Convert.ToHexString(reception.Octets.Span), reception.At));

    private static bool IsPart(ReadOnlySpan<byte> octets) =>
        PacketDefinitions.Current.TryDecode(octets, out var packet) && packet.Kind is not (PacketKind.EclairsRecurrent or PacketKind.Orbit or PacketKind.Attitude);

    private static async Task<string> ScienceAsync(PlayedPlatform platform, string session)
    {
        var burst = Assert.Single(await platform.Archive.BurstsAsync($"&session={session}"));
        return string.Join('\n', Science.Select(property => burst.TryGetProperty(property, out var value) ? $"{property} {HowItCame().Replace(value.GetRawText(), "")}" : $"{property} absent"));
    }
}
