using Svom.Sky;

namespace Svom.Simulation;

/// <summary>Carries frames from the satellite through the stations to the platform, with the faults asked for.</summary>
internal static class Network
{
    private const int MostCopies = 4;
    private const int ShuffledAtOnce = 20;

    // Two first copies of facts never come closer: the order in which facts become known is then the scenario's, not chance's.
    private static readonly TimeSpan Apart = TimeSpan.FromMilliseconds(100);

    public static (List<PlannedReception> Receptions, int Lost) Carry(
        Scenario scenario, IEnumerable<(OutgoingPacket Packet, byte[] Frame)> packets, NetworkFaults faults)
    {
        var random = new Random(faults.Seed);
        var noise = new Random(~faults.Seed); // Draws of its own: a number for each bit would move all the others.
        var known = KnownPlace(scenario);
        var receptions = new List<PlannedReception>();
        var lost = 0;
        var lastFact = DateTimeOffset.MinValue;
        foreach (var (packet, frame) in packets.OrderBy(static sent => sent.Packet.OnAir))
        {
            var copies = Copies(packet, frame, known, random);
            if (packet.Fact is not null)
            {
                copies = Delayed(copies, lastFact + Apart);
                lastFact = copies.Min(static copy => copy.At);
            }

            foreach (var copy in copies)
            {
                lost += Deliver(receptions, Noisy(copy, faults.BitErrors, noise), faults, random) ? 0 : 1;
            }
        }

        var ordered = receptions.OrderBy(static reception => reception.At).ToList();
        return (faults.Shuffle ? Shuffled(ordered, scenario, random) : ordered, lost);
    }

    private static List<PlannedReception> Copies(OutgoingPacket packet, byte[] frame, (DateTimeOffset At, GeodeticPosition Place)? known, Random random)
    {
        var hearing = StationNetwork.Hearing(packet.OnAir, known, 1 + random.Next(MostCopies));
        return [.. hearing.Select(station =>
        {
            var receivedAt = Milliseconds(packet.OnAir.AddSeconds(0.1 + (2.9 * random.NextDouble())));
            return new PlannedReception(receivedAt, station.Code, receivedAt, frame, Math.Round(-118 + (18 * random.NextDouble()), 1), packet.Fact);
        })];
    }

    private static List<PlannedReception> Delayed(List<PlannedReception> copies, DateTimeOffset notBefore)
    {
        var by = notBefore - copies.Min(static copy => copy.At);
        return by <= TimeSpan.Zero ? copies : [.. copies.Select(copy => copy with { At = copy.At + by, ReceivedAt = copy.ReceivedAt + by })];
    }

    // Every draw is made for every copy, so that one fault more or less leaves the others as they were.
    private static bool Deliver(List<PlannedReception> receptions, PlannedReception copy, NetworkFaults faults, Random random)
    {
        var (loss, duplicate, corrupt, late) = (random.NextDouble(), random.NextDouble(), random.NextDouble(), random.NextDouble());
        var (minutesLate, secondsApart) = (1 + (19 * random.NextDouble()), 5 * random.NextDouble());
        var broken = Broken(copy.Octets, random);
        if (loss < faults.Loss)
        {
            return false;
        }

        var delivered = copy with
        {
            Octets = corrupt < faults.Corrupt ? broken : copy.Octets,
            At = late < faults.Late ? Milliseconds(copy.At.AddMinutes(minutesLate)) : copy.At,
        };
        receptions.Add(delivered);
        if (duplicate < faults.Duplicate)
        {
            receptions.Add(delivered with { At = Milliseconds(delivered.At.AddSeconds(secondsApart)) });
        }

        return true;
    }

    private static PlannedReception Noisy(PlannedReception copy, double bitErrors, Random noise)
    {
        if (bitErrors <= 0)
        {
            return copy;
        }

        var octets = copy.Octets.ToArray();
        for (var bit = 0; bit < octets.Length * 8; bit++)
        {
            octets[bit / 8] ^= (byte)(noise.NextDouble() < bitErrors ? 1 << (bit % 8) : 0);
        }

        return copy with { Octets = octets };
    }

    private static byte[] Broken(ReadOnlyMemory<byte> octets, Random random)
    {
        var broken = octets.ToArray();
        for (var flips = 1 + random.Next(8); flips > 0; flips--)
        {
            var bit = random.Next(broken.Length * 8);
            broken[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        return broken;
    }

    private static List<PlannedReception> Shuffled(List<PlannedReception> ordered, Scenario scenario, Random random)
    {
        DateTimeOffset?[] acts = [scenario.Eclairs?.ValidatedAt, scenario.Retract?.At];
        var shuffled = new List<PlannedReception>(ordered.Count);
        foreach (var side in ordered.GroupBy(reception => acts.Count(act => act < reception.At)).OrderBy(static side => side.Key))
        {
            foreach (var neighbours in side.Chunk(ShuffledAtOnce))
            {
                // All wait for the last of them: nothing arrives before it was received.
                var together = neighbours.Max(static reception => reception.At);
                random.Shuffle(neighbours);
                shuffled.AddRange(neighbours.Select(reception => reception with { At = together }));
            }
        }

        return shuffled;
    }

    private static (DateTimeOffset At, GeodeticPosition Place)? KnownPlace(Scenario scenario)
    {
        var at = scenario.Grm?.T0 ?? scenario.Eclairs?.T0 ?? (scenario.Mxt.Count > 0 ? scenario.Mxt[0].Time : null);
        return at is { } time && scenario.Place is { } place ? (time, place) : null;
    }

    private static DateTimeOffset Milliseconds(DateTimeOffset time) => new(time.Ticks - (time.Ticks % TimeSpan.TicksPerMillisecond), TimeSpan.Zero);
}
