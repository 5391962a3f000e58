using Svom.Sqlite;

namespace Svom.Packets;

/// <summary>Turns joined rows of receptions and contents into records. Bulk reads pass here half a million times a second.</summary>
internal sealed class PacketRows(Connection connection) : IConnectionPart
{
    /// <summary>Columns of <see cref="Take"/>, from <c>reception r</c> and <c>content c</c>.</summary>
    public const string Columns =
        "r.key, r.station, r.received_ms, r.signal_dbm, r.verdict, r.stored_ticks, r.copy_of IS NULL, c.app, c.time_ticks, c.count, c.high, c.low, c.conflict, c.octets";

    private const int SlabOctets = 16 << 10;
    private const long PositionMask = (1L << PacketSchema.FeedShift) - 1;

    private readonly Dictionary<long, string> _stations = [];
    private readonly Statement _station = connection.Prepare("SELECT name FROM station WHERE id = ?1");
    private byte[] _slab = [];
    private int _used;

    public void Forget() => _stations.Clear();

    /// <summary>Reads all rows of a query.</summary>
    public List<LoggedReception> Take(Statement query)
    {
        var rows = new List<LoggedReception>();
        while (query.Step())
        {
            var verdict = (ReceptionVerdict)query.Int(4);
            var apid = (int)query.Int(7) & PacketSchema.NoApid;
            PacketHeader? header = apid == PacketSchema.NoApid ? null : new(AppCode.Apid(apid), (int)query.Int(9), new(query.Int(8), TimeSpan.Zero));
            rows.Add(new(
                query.Int(0) & PositionMask, Station(query.Int(1)), DateTimeOffset.FromUnixTimeMilliseconds(query.Int(2)),
                query.IsNull(3) ? null : query.Real(3), verdict,
                new(unchecked((ulong)query.Int(10)), unchecked((ulong)query.Int(11))), header, verdict.IsPacket() && query.Int(6) != 0, query.Int(12) != 0,
                new(query.Int(5), TimeSpan.Zero), Octets(query.Span(13))));
        }

        _slab = [];
        _used = 0;
        return rows;
    }

    // Small frames share arrays: one array a frame would double the allocations of a bulk read.
    private ReadOnlyMemory<byte> Octets(ReadOnlySpan<byte> octets)
    {
        if (_slab.Length - _used < octets.Length)
        {
            _slab = new byte[Math.Max(SlabOctets, octets.Length)];
            _used = 0;
        }

        var place = _slab.AsMemory(_used, octets.Length);
        octets.CopyTo(place.Span);
        _used += octets.Length;
        return place;
    }

    private string Station(long id)
    {
        if (!_stations.TryGetValue(id, out var name))
        {
            _station.Bind(1, id).Step();
            _stations.Add(id, name = _station.Text(0));
            _station.Reset();
        }

        return name;
    }
}
