using System.Collections.Immutable;
using System.Globalization;
using Svom.Hosting;
using Svom.Packets;
using Svom.Simulation;

namespace Svom.Demo;

/// <summary>What a rough network did to a story, and what came of it.</summary>
/// <param name="AtRest">False when the platform had not come to rest in time: then nothing can be said.</param>
internal sealed record RoughOutcome(RunReport Report, ToldRun Perfect, ToldRun Rough, PlaySummary Played, bool AtRest)
{
    public bool Good => AtRest && Report.Good && Played.Accepted + Played.Duplicates == Played.Sent;
}

/// <summary>
/// Plays one story twice into one platform, over a perfect network and over a rough one, as two rehearsals, and compares what scientists see at the public doors. Whatever
/// arrived must have led to the same; what did not must be called missing.
/// </summary>
internal sealed class RoughNight(RunningPlatform platform, Narrator narrator)
{
    /// <summary>A network under which the bundled story loses something of every sort, and nothing that no count can tell.</summary>
    public const int StorySeed = 5;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>A fifth of the receptions lost, one in fifty broken, one in ten minutes late, one in ten twice, none in order, and noise in every bit: some packets come by vote alone.</summary>
    public static NetworkFaults Faults(int seed) => new(seed, Loss: 0.2, Duplicate: 0.1, Corrupt: 0.02, Late: 0.1, Shuffle: true, BitErrors: 0.0005);

    public async Task<RoughOutcome> PlayAsync(Scenario scenario, NetworkFaults faults, double speed, CancellationToken cancellationToken)
    {
        using var door = new HttpClient { BaseAddress = new(platform.Http) };
        var (reader, watch) = (new RunReader(door), new RestWatch(door, TimeProvider.System));

        // One time for both, or the packets would not be the same.
        var placed = new PlayOptions(speed, PlayAt.Now, null, faults).Place(scenario, TimeProvider.System.GetUtcNow());
        narrator.Title("First over a perfect network");
        var (perfectly, still) = await PlayAsync(door, watch, placed, new(speed, PlayAt.Original, ScenarioPlayer.FreshSession(), new()), null, cancellationToken);
        var perfect = await reader.ReadAsync(perfectly.Session!, cancellationToken);
        narrator.Say(string.Create(
            CultureInfo.InvariantCulture, $"{perfectly.Sent} receptions of {perfectly.Packets} packets, all whole and in order: {string.Join(", ", perfect.Bursts.SelectMany(static burst => burst.Notices).Select(static notice => $"{notice.Name} {notice.State}"))}."));

        narrator.Title(string.Create(CultureInfo.InvariantCulture, $"The same over a rough one, seed {faults.Seed}"));
        Announce(faults);
        await using var telescope = await Telescope.ConnectAsync(
            platform.MqttPort, alert => narrator.Telescopes(null, $"{alert.Burst}: {alert.Text}"), (kind, text) => narrator.Platform(null, $"{kind}: {text}"), cancellationToken);
        var (roughly, again) = await PlayAsync(
            door, watch, placed, new(speed, PlayAt.Original, ScenarioPlayer.FreshSession(), faults, ActsWhenKnown: true), new PlayTeller(narrator), cancellationToken);
        var rough = await reader.ReadAsync(roughly.Session!, cancellationToken);

        var outcome = new RoughOutcome(NetworkComparison.Compare(perfect, rough), perfect, rough, roughly, still && again);
        new RoughTeller(narrator).Tell(outcome, Harm(ScenarioPlan.Make(placed, faults)));
        return outcome;
    }

    private async Task<(PlaySummary Summary, bool AtRest)> PlayAsync(
        HttpClient door, RestWatch watch, Scenario placed, PlayOptions options, IProgress<PlayProgress>? progress, CancellationToken cancellationToken)
    {
        narrator.Begin();
        var summary = await new ScenarioPlayer(new PlatformClient(door, platform.Token.Text, TimeProvider.System), TimeProvider.System).PlayAsync(placed, options, progress, cancellationToken);
        return (summary, await watch.AtRestAsync(options.Session!, Patience, cancellationToken));
    }

    private void Announce(NetworkFaults faults) => narrator.Say(string.Create(
        CultureInfo.InvariantCulture,
        $"Of the receptions {faults.Loss:P0} are lost, {faults.Corrupt:P0} have bits flipped, {faults.Late:P0} come 1 to 20 minutes late, {faults.Duplicate:P0} twice, {(faults.Shuffle ? "neighbours in any order" : "in order")}; beside that each bit is wrong with a probability of {faults.BitErrors:P2}."));

    /// <summary>What the network did to the receptions, as only the simulator knows.</summary>
    private static NetworkHarm Harm(ScenarioPlan plan)
    {
        var delivered = plan.Events.OfType<PlannedReception>().ToArray();
        return new(
            delivered.Length, plan.Lost, delivered.Count(static one => !PacketDefinitions.Current.TryDecode(one.Octets.Span, out _)),
            delivered.Count(static one => one.At - one.ReceivedAt >= TimeSpan.FromMinutes(1)));
    }
}
