using Npgsql;
using Svom.Postgres;

namespace Svom.Packets;

/// <summary>What the database says of the receptions of a batch, as of one moment.</summary>
internal sealed class IngestFacts
{
    private const string Query = """
        SELECT 1, f.place, t.head FROM unnest($1) WITH ORDINALITY f (id, place) JOIN feed t ON t.id = f.id
        UNION ALL
        SELECT 2, s.place, 0 FROM unnest($2, $3, $4, $5) WITH ORDINALITY s (feed, ms, station, digest, place)
        JOIN reception r ON r.feed = s.feed AND r.received_ms = s.ms AND r.station = s.station AND r.digest = s.digest
        UNION ALL
        SELECT 3, k.place, c.position FROM unnest($6, $7, $8, $9, $10) WITH ORDINALITY k (feed, apid, time, count, digest, place)
        JOIN content c ON c.feed = k.feed AND c.apid = k.apid AND c.time_ticks = k.time AND c.count = k.count AND c.digest = k.digest
        UNION ALL
        SELECT 4, h.place, 0 FROM unnest($11, $12, $13, $14) WITH ORDINALITY h (feed, apid, time, count, place)
        CROSS JOIN LATERAL (SELECT FROM content c WHERE c.feed = h.feed AND c.apid = h.apid AND c.time_ticks = h.time AND c.count = h.count LIMIT 1) one
        """;

    private readonly Dictionary<int, long> _heads = [];
    private readonly HashSet<SeenKey> _seen = [];
    private readonly Dictionary<ContentKey, long> _contents = [];
    private readonly HashSet<HeaderKey> _headers = [];

    public static PostgresCall Prepare(NpgsqlConnection connection) => new(
        connection, Query, PostgresCall.Ints, PostgresCall.Ints, PostgresCall.Longs, PostgresCall.Ints, PostgresCall.Ids,
        PostgresCall.Ints, PostgresCall.Shorts, PostgresCall.Longs, PostgresCall.Ints, PostgresCall.Ids,
        PostgresCall.Ints, PostgresCall.Shorts, PostgresCall.Longs, PostgresCall.Ints);

    public static IngestFacts Read(PostgresCall query, IEnumerable<KeyedReception> receptions)
    {
        var facts = new IngestFacts();
        var seen = receptions.Select(static one => one.Seen).Distinct().ToArray();
        var contents = receptions.Select(static one => one.Content).Distinct().ToArray();
        var headers = contents.Select(static content => content.Header).Where(static header => header.Apid != KeyedReception.NoApid).Distinct().ToArray();
        var feeds = seen.Select(static key => key.Feed).Distinct().ToArray();
        using var rows = query.Set(
            feeds,
            Array.ConvertAll(seen, static key => key.Feed), Array.ConvertAll(seen, static key => key.ReceivedMs),
            Array.ConvertAll(seen, static key => key.Station), Array.ConvertAll(seen, static key => key.Digest),
            Array.ConvertAll(contents, static key => key.Header.Feed), Array.ConvertAll(contents, static key => key.Header.Apid),
            Array.ConvertAll(contents, static key => key.Header.TimeTicks), Array.ConvertAll(contents, static key => key.Header.Count),
            Array.ConvertAll(contents, static key => key.Digest),
            Array.ConvertAll(headers, static key => key.Feed), Array.ConvertAll(headers, static key => key.Apid),
            Array.ConvertAll(headers, static key => key.TimeTicks), Array.ConvertAll(headers, static key => key.Count)).Read();
        while (rows.Read())
        {
            var place = (int)rows.GetInt64(1) - 1;
            switch (rows.GetInt32(0))
            {
                case 1:
                    facts._heads[feeds[place]] = rows.GetInt64(2);
                    break;
                case 2:
                    facts._seen.Add(seen[place]);
                    break;
                case 3:
                    facts._contents[contents[place]] = rows.GetInt64(2);
                    break;
                default:
                    facts._headers.Add(headers[place]);
                    break;
            }
        }

        return facts;
    }

    public long Head(int feed) => _heads[feed];

    public bool IsSeen(SeenKey key) => _seen.Contains(key);

    public long? PositionOf(ContentKey key) => _contents.TryGetValue(key, out var position) ? position : null;

    public bool IsKnown(HeaderKey header) => _headers.Contains(header);
}
