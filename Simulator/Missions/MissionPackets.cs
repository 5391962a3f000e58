using Svom.Ccsds;
using Svom.Sky;

namespace Svom.Simulation;

/// <summary>All that the satellite sends through a mission, in the order of the packet times, made while it is read.</summary>
internal sealed class MissionPackets(Mission mission)
{
    private static readonly Attitude Survey = new(83.6, 22.0, 45.0);
    private readonly Dictionary<int, int> counts = [];
    private Scenario underWay = new("between bursts", Survey, null, null, null, [], null);

    public IEnumerable<(OutgoingPacket Packet, byte[] Frame)> All()
    {
        OutgoingPacket[] facts = [.. mission.Bursts.SelectMany(static burst => burst.Facts).OrderBy(static fact => fact.SentAt)];
        MissionBurst[] bursts = [.. mission.Bursts.OrderBy(static burst => burst.Begins)];
        var (orbit, queue) = (Mission.OrbitFrom(mission.Begin), new OnboardQueue([]));
        var usual = new UsualPackets(orbit.Packet, at => Flight.Attitude(underWay, at), at => FactPackets.Recurrent(underWay with { Place = orbit.At(at).ToGeodetic() }, at));
        var turns = new Turns(usual, queue, [.. facts.Select(static fact => fact.SentAt)], mission.Begin);
        var (nextFact, nextBurst) = (0, 0);
        for (var at = mission.Begin; at < mission.End; at += Turns.Length)
        {
            // Where the satellite looked for a burst, it looks until the next one.
            for (; nextBurst < bursts.Length && bursts[nextBurst].Begins <= at; nextBurst++)
            {
                underWay = bursts[nextBurst].Scenario;
                queue.Add(MessagePackets.Of(underWay));
            }

            for (; nextFact < facts.Length && facts[nextFact].SentAt <= at; nextFact++)
            {
                yield return Numbered(facts[nextFact]);
            }

            yield return Numbered(turns.Take(at));
        }
    }

    private (OutgoingPacket Packet, byte[] Frame) Numbered(OutgoingPacket packet)
    {
        var count = counts.GetValueOrDefault(packet.Apid);
        counts[packet.Apid] = (count + 1) % SpacePacketHeader.SequenceModulus;
        return (packet, packet.Frame(count));
    }
}
