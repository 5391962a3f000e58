namespace Svom.Simulation;

/// <summary>
/// A mission's packets on their way through the stations to the platform. Only what is on its way stands in memory: what waits for its time
/// on the air, and what poor lines hold back for minutes.
/// </summary>
public sealed class MissionTraffic
{
    // Facts become known in the order in which they go on the air: their first copies never come closer.
    private static readonly TimeSpan Apart = TimeSpan.FromMilliseconds(100);

    private readonly Mission mission;
    private readonly MissionSky sky;
    private readonly Random random;
    private readonly PriorityQueue<PlannedEvent, (long At, bool Act, long Number)> arriving = new();
    private readonly PriorityQueue<(OutgoingPacket Packet, byte[] Frame), (long OnAir, long Number)> waiting = new();
    private long number;
    private DateTimeOffset lastFact;

    internal MissionTraffic(Mission mission) => (this.mission, sky, random) = (mission, mission.Sky(), new(mission.Faults.Seed));

    /// <summary>Packets that the satellite sent so far.</summary>
    public long Packets { get; private set; }

    /// <summary>Packets that no station in service had in sight.</summary>
    public long Unheard { get; private set; }

    /// <summary>Receptions that the network lost.</summary>
    public long Lost { get; private set; }

    /// <summary>Most that was on its way at once.</summary>
    public int MostUnderWay { get; private set; }

    /// <summary>What arrives and what people do, in order. To be read once.</summary>
    public IEnumerable<PlannedEvent> Events()
    {
        foreach (var act in mission.Bursts.SelectMany(static burst => burst.Acts))
        {
            arriving.Enqueue(act, (act.At.UtcTicks, true, number++));
        }

        foreach (var sent in new MissionPackets(mission).All())
        {
            Packets++;
            waiting.Enqueue(sent, (sent.Packet.OnAir.UtcTicks, number++));
            while (waiting.TryPeek(out var next, out _) && next.Packet.OnAir <= sent.Packet.SentAt)
            {
                waiting.Dequeue();
                Carry(next.Packet, next.Frame);
            }

            // Nothing that is still to go on the air arrives before now.
            MostUnderWay = Math.Max(MostUnderWay, arriving.Count + waiting.Count);
            while (arriving.TryPeek(out var happening, out _) && happening.At < sent.Packet.SentAt)
            {
                yield return arriving.Dequeue();
            }
        }

        while (waiting.TryDequeue(out var late, out _))
        {
            Carry(late.Packet, late.Frame);
        }

        while (arriving.TryDequeue(out var rest, out _))
        {
            yield return rest;
        }
    }

    private void Carry(OutgoingPacket packet, byte[] frame)
    {
        var inSight = sky.At(packet.OnAir);
        Unheard += inSight.Count == 0 ? 1 : 0;
        PlannedReception[] copies = [.. inSight.Select(station => Heard(packet, frame, station.Code))];
        if (packet.Fact is not null && copies.Length > 0)
        {
            Deliver(copies);
            return;
        }

        for (var n = 0; n < copies.Length; n++)
        {
            Pass(copies[n], inSight[n].ElevationDegrees);
        }
    }

    private PlannedReception Heard(OutgoingPacket packet, byte[] frame, string station)
    {
        var at = Milliseconds(packet.OnAir.AddSeconds(0.1 + (2.9 * random.NextDouble())));
        return new(at, station, at, frame, Math.Round(-118 + (18 * random.NextDouble()), 1), packet.Fact);
    }

    // The satellite says facts until they are heard: the first copy comes through whole. What comes after it meets what all meet.
    private void Deliver(PlannedReception[] copies)
    {
        Array.Sort(copies, static (one, other) => one.At.CompareTo(other.At));
        var by = lastFact + Apart - copies[0].At;
        if (by > TimeSpan.Zero)
        {
            copies = [.. copies.Select(copy => copy with { At = copy.At + by, ReceivedAt = copy.ReceivedAt + by })];
        }

        lastFact = copies[0].At;
        Arrive(copies[0]);
        foreach (var copy in copies[1..])
        {
            Pass(copy, MissionSky.MaskDegrees);
        }
    }

    private void Pass(PlannedReception copy, double elevationDegrees)
    {
        var faults = mission.Faults;
        if (random.NextDouble() < faults.Loss)
        {
            Lost++;
            return;
        }

        var wrong = faults.BitErrors * Math.Pow(10, (MissionSky.MaskDegrees - elevationDegrees) / 10);
        copy = Noisy(copy, wrong);
        copy = random.NextDouble() < faults.Corrupt ? Broken(copy) : copy;
        copy = random.NextDouble() < faults.Late ? copy with { At = Milliseconds(copy.At.AddMinutes(1 + (19 * random.NextDouble()))) } : copy;
        Arrive(copy);
        if (random.NextDouble() < faults.Duplicate)
        {
            Arrive(copy with { At = Milliseconds(copy.At.AddSeconds(5 * random.NextDouble())) });
        }
    }

    private void Arrive(PlannedReception reception) => arriving.Enqueue(reception, (reception.At.UtcTicks, false, number++));

    // From one wrong bit to the next: most frames have none, and a draw for each bit would be most of the work.
    private PlannedReception Noisy(PlannedReception copy, double wrong)
    {
        byte[]? octets = null;
        for (var bit = Gap(wrong); bit < copy.Octets.Length * 8; bit += 1 + Gap(wrong))
        {
            octets ??= copy.Octets.ToArray();
            octets[(int)bit / 8] ^= (byte)(1 << ((int)bit % 8));
        }

        return octets is null ? copy : copy with { Octets = octets };
    }

    private double Gap(double wrong) => Math.Floor(Math.Log(1 - random.NextDouble()) / Math.Log(1 - wrong));

    private PlannedReception Broken(PlannedReception copy)
    {
        var octets = copy.Octets.ToArray();
        for (var flips = 1 + random.Next(8); flips > 0; flips--)
        {
            var bit = random.Next(octets.Length * 8);
            octets[bit / 8] ^= (byte)(1 << (bit % 8));
        }

        return copy with { Octets = octets };
    }

    private static DateTimeOffset Milliseconds(DateTimeOffset time) => new(time.Ticks - (time.Ticks % TimeSpan.TicksPerMillisecond), TimeSpan.Zero);
}
