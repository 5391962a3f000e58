using Svom.Ccsds;

namespace Svom.Simulation;

/// <summary>Everything that happens when a scenario is played: a pure function of the scenario and the network's faults.</summary>
/// <param name="Scenario">As played.</param>
/// <param name="Events">In the order in which the platform gets them.</param>
/// <param name="Packets">Distinct packets that the satellite sends.</param>
/// <param name="Lost">Receptions that the network lost.</param>
public sealed record ScenarioPlan(Scenario Scenario, IReadOnlyList<PlannedEvent> Events, int Packets, int Lost)
{
    // Packets fill every turn near the story, and every thirtieth in long pauses.
    private static readonly TimeSpan Far = Turns.Length * 30;
    private static readonly TimeSpan Neighbourhood = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Before = TimeSpan.FromMinutes(1);

    // A mistyped year would fill the memory with recurrent packets.
    private static readonly TimeSpan LongestStory = TimeSpan.FromDays(30);

    // Longer than the platform's eight minutes without slew, so that their deadline passes.
    private static readonly TimeSpan After = TimeSpan.FromMinutes(9);

    /// <summary>Observation ID of the burst that acts are about; null when there is none.</summary>
    public uint? Observation => Scenario.Eclairs is not null ? ObservationIds.Eclairs(Scenario) : Scenario.Grm is not null ? ObservationIds.Grm(Scenario) : null;

    /// <summary>When the first event is due.</summary>
    public DateTimeOffset Begins => Events.Count > 0 ? Events[0].At : DateTimeOffset.MinValue;

    /// <summary>When the last event is due; no mission time in the plan is later.</summary>
    public DateTimeOffset Ends => Events.Count > 0 ? Events[^1].At : DateTimeOffset.MinValue;

    /// <summary>Makes the plan.</summary>
    /// <exception cref="ScenarioException">A value that no packet can say.</exception>
    public static ScenarioPlan Make(Scenario scenario, NetworkFaults faults)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        ArgumentNullException.ThrowIfNull(faults);
        try
        {
            var packets = PacketsOf(scenario);
            var (receptions, lost) = Network.Carry(scenario, Numbered(packets), faults);
            return new(scenario, Merged(receptions, Acts(scenario)), packets.Count, lost);
        }
        catch (ArgumentOutOfRangeException error)
        {
            throw new ScenarioException(scenario.Name, $"no packet can say this: {error.Message}");
        }
    }

    /// <summary>What the satellite sends, in order.</summary>
    internal static IReadOnlyList<OutgoingPacket> PacketsOf(Scenario scenario) => WithRecurrent(scenario, FactPackets.Of(scenario));

    private static List<OutgoingPacket> WithRecurrent(Scenario scenario, IReadOnlyList<OutgoingPacket> facts)
    {
        DateTimeOffset[] times = [.. facts.SelectMany(static fact => new[] { fact.SentAt, fact.OnAir }).Concat(Acts(scenario).Select(static act => act.At)).Order()];
        var packets = new List<OutgoingPacket>(facts);
        if (times.Length == 0)
        {
            throw new ScenarioException(scenario.Name, "there is nothing to play: no grm, eclairs or mxt");
        }

        if (times[^1] - times[0] > LongestStory)
        {
            throw new ScenarioException(scenario.Name, string.Create(
                System.Globalization.CultureInfo.InvariantCulture, $"its times lie {(times[^1] - times[0]).TotalDays:F0} days apart, from {times[0]:u} to {times[^1]:u}: a story lasts {LongestStory.TotalDays:F0} days at most"));
        }

        var (next, turns) = (0, new Turns(UsualPackets.Of(scenario), new(MessagePackets.Of(scenario)), [.. facts.Select(static fact => fact.SentAt)], times[0] - Before));
        for (var at = times[0] - Before; at <= times[^1] + After;)
        {
            while (next < times.Length && times[next] + Neighbourhood < at)
            {
                next++;
            }

            var near = turns.Awaits(at + Far) || (next < times.Length && at + Far + Neighbourhood > times[next]);
            packets.AddRange(near ? [turns.Take(at)] : turns.Sparse(at));
            at += near ? Turns.Length : Far;
        }

        return [.. packets.OrderBy(static packet => packet.SentAt)];
    }

    private static IEnumerable<(OutgoingPacket Packet, byte[] Frame)> Numbered(IReadOnlyList<OutgoingPacket> packets)
    {
        // Counts go on from play to play as those of a satellite would: from seconds, not from zero.
        var counts = new Dictionary<int, int>();
        var first = (int)(packets[0].SentAt.ToUnixTimeSeconds() % SpacePacketHeader.SequenceModulus);
        foreach (var packet in packets)
        {
            var count = counts.GetValueOrDefault(packet.Apid, first);
            counts[packet.Apid] = (count + 1) % SpacePacketHeader.SequenceModulus;
            yield return (packet, packet.Frame(count));
        }
    }

    /// <summary>What people do in a story.</summary>
    internal static List<PlannedAct> Acts(Scenario scenario)
    {
        var acts = new List<PlannedAct>();
        if (scenario.Eclairs is { Validation: Validation.Expert, ValidatedAt: { } at })
        {
            acts.Add(new(at, PlannedAct.Validate, ObservationIds.Eclairs(scenario), "a burst, as the expert sees it", null));
        }

        if (scenario.Retract is { } retract)
        {
            var observation = scenario.Eclairs is not null ? ObservationIds.Eclairs(scenario) : ObservationIds.Grm(scenario);
            acts.Add(new(retract.At, PlannedAct.Retract, observation, retract.Reason, retract.Notices));
        }

        return acts;
    }

    // An act comes after what arrives at its own time; acts of one time keep their order.
    private static List<PlannedEvent> Merged(List<PlannedReception> receptions, List<PlannedAct> acts) =>
        [.. receptions.Concat<PlannedEvent>(acts).Select(static (happening, n) => (happening, n))
            .OrderBy(static entry => entry.happening.At).ThenBy(static entry => entry.happening is PlannedAct).ThenBy(static entry => entry.n)
            .Select(static entry => entry.happening)];
}
