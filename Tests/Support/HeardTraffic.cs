using Svom.Packets;
using Svom.Sky;
using Svom.Stations;

namespace Svom.Support;

/// <summary>Receptions as they stand in a log: invented packets, one each two seconds, heard by the stations that a test names.</summary>
internal sealed class HeardTraffic(DateTimeOffset start)
{
    private readonly List<LoggedReception> log = [];
    private int packets;

    public IReadOnlyList<LoggedReception> Log => log;

    /// <summary>Time of the next packet.</summary>
    public DateTimeOffset Now => start.AddSeconds(2 * packets);

    /// <summary>One packet.</summary>
    /// <param name="stations">Who hears it, in this order, half a second apart.</param>
    /// <param name="otherwise">Who hears another valid content.</param>
    public void Packet(IEnumerable<string> stations, string? otherwise = null, TimeSpan delay = default)
    {
        var (first, header) = (true, new PacketHeader(1281, packets % 16_384, Now));
        foreach (var (station, n) in stations.Select(static (station, n) => (station, n)))
        {
            var differs = string.Equals(station, otherwise, StringComparison.Ordinal);
            Add(station, ReceptionVerdict.Valid, new(differs ? 9u : 1u, (ulong)packets), header, Now + delay + TimeSpan.FromSeconds(1 + (0.5 * n)), first || differs, differs && !first, default);
            first = false;
        }

        packets++;
    }

    /// <summary>Time goes by without a packet.</summary>
    public void Silence(TimeSpan length) => packets += (int)(length / TimeSpan.FromSeconds(2));

    public void Broken(string station) => Add(station, ReceptionVerdict.BadCrc, new(7, (ulong)log.Count), null, Now.AddSeconds(1), false, false, default);

    /// <summary>The satellite says where it is.</summary>
    public void Orbit(OrbitState orbit, string station) => Orbit(orbit, station, ReceptionVerdict.Valid, TimeSpan.FromSeconds(1));

    /// <summary>The satellite says where it is, nobody hears it whole, and broken copies give it back; a whole copy comes later.</summary>
    public void RecoveredOrbit(OrbitState orbit, string? station, TimeSpan delay)
    {
        Orbit(orbit, "_recovered", ReceptionVerdict.Recovered, TimeSpan.FromSeconds(1));
        if (station is not null)
        {
            packets--;
            Orbit(orbit, station, ReceptionVerdict.Valid, delay);
        }
    }

    private void Orbit(OrbitState orbit, string station, ReceptionVerdict verdict, TimeSpan delay)
    {
        var frame = new OrbitPacket(orbit.At, orbit.Position, orbit.Velocity).ToFrame(packets, orbit.At);
        var header = PacketDefinitions.Current.Decode(frame);
        Add(station, verdict, new(2, (ulong)packets), new(header.Apid, header.SequenceCount, header.PacketTime), orbit.At + delay, true, false, frame);
        packets++;
    }

    /// <summary>Stations that see the satellite, highest first.</summary>
    public static IReadOnlyList<string> Seeing(OrbitTrack track, DateTimeOffset at, double mask = 5)
    {
        var satellite = track.At(at);
        return [.. StationList.Bundled.Select(station => (station.Id, Height: new Horizon(station.Place).ElevationDegrees(satellite)))
            .Where(seen => seen.Height > mask).OrderByDescending(static seen => seen.Height).Select(static seen => seen.Id)];
    }

    private void Add(string station, ReceptionVerdict verdict, PacketId id, PacketHeader? header, DateTimeOffset storedAt, bool first, bool conflict, ReadOnlyMemory<byte> octets) =>
        log.Add(new(log.Count + 1, station, storedAt, null, verdict, id, header, first, conflict, storedAt, octets));
}
