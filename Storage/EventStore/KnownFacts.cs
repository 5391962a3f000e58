using Npgsql;
using Svom.Postgres;

namespace Svom.EventStore;

/// <summary>What the database says of the streams, keys and archive ids of a batch, as of one moment.</summary>
internal sealed class KnownFacts
{
    private const string Query = """
        SELECT 1, s.place, t.head, t.last_append FROM unnest($1) WITH ORDINALITY s (name, place) JOIN stream t ON t.name = s.name
        UNION ALL
        SELECT 2, v.place, 0, e.append_id FROM unnest($2, $3) WITH ORDINALITY v (name, version, place)
        JOIN stream t ON t.name = v.name JOIN event e ON e.stream = t.id AND e.version = v.version
        UNION ALL
        SELECT 3, c.place, 0, NULL FROM unnest($4, $5) WITH ORDINALITY c (scope, key, place) JOIN claim k ON k.scope = c.scope AND k.key = c.key
        UNION ALL
        SELECT 4, a.place, e.sequence, NULL FROM unnest($6, $7) WITH ORDINALITY a (archive, id, place)
        JOIN archive r ON r.name = a.archive JOIN archived e ON e.archive = r.id AND e.id = a.id
        """;

    private readonly Dictionary<string, (long Head, Guid LastAppend)> _heads = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Stream, long Version), Guid> _appends = [];
    private readonly HashSet<Claim> _claims = [];
    private readonly Dictionary<(string Archive, string Id), long> _sequences = [];

    public static PostgresCall Prepare(NpgsqlConnection connection) => new(
        connection, Query, PostgresCall.Texts, PostgresCall.Texts, PostgresCall.Longs, PostgresCall.Texts, PostgresCall.Texts, PostgresCall.Texts, PostgresCall.Texts);

    public static KnownFacts Read(PostgresCall query, IReadOnlyList<Append> appends)
    {
        var facts = new KnownFacts();
        var streams = appends.Select(static append => append.Stream.Value).Distinct(StringComparer.Ordinal).ToArray();
        var claims = appends.SelectMany(static append => append.Claims).ToArray();
        var entries = appends.SelectMany(static append => append.Archive).ToArray();
        using var rows = query.Set(
            PostgresText.Store(streams, static name => name),
            PostgresText.Store(appends, static append => append.Stream.Value), appends.Select(static append => append.ExpectedVersion + 1).ToArray(),
            PostgresText.Store(claims, static claim => claim.Scope), PostgresText.Store(claims, static claim => claim.Key),
            PostgresText.Store(entries, static entry => entry.Archive), PostgresText.Store(entries, static entry => entry.Id)).Read();
        while (rows.Read())
        {
            var place = (int)rows.GetInt64(1) - 1;
            switch (rows.GetInt32(0))
            {
                case 1:
                    facts._heads[streams[place]] = (rows.GetInt64(2), rows.GetGuid(3));
                    break;
                case 2:
                    facts._appends[(appends[place].Stream.Value, appends[place].ExpectedVersion + 1)] = rows.GetGuid(3);
                    break;
                case 3:
                    facts._claims.Add(claims[place]);
                    break;
                default:
                    facts._sequences[(entries[place].Archive, entries[place].Id)] = rows.GetInt64(2);
                    break;
            }
        }

        return facts;
    }

    public long Head(string stream) => _heads.TryGetValue(stream, out var row) ? row.Head : 0;

    public Guid? AppendAt(string stream, long version) =>
        _heads.TryGetValue(stream, out var row) && row.Head == version ? row.LastAppend
        : _appends.TryGetValue((stream, version), out var id) ? id : null;

    public bool IsClaimed(Claim claim) => _claims.Contains(claim);

    public long? SequenceOf(ArchiveEntry entry) => _sequences.TryGetValue((entry.Archive, entry.Id), out var sequence) ? sequence : null;
}
