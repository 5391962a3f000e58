using Npgsql;
using NpgsqlTypes;

namespace Svom.Postgres;

/// <summary>One prepared statement with its arrays, of one connection. Values are put in by their place, from 0.</summary>
internal sealed class PostgresCall : IDisposable
{
    public const NpgsqlDbType Texts = NpgsqlDbType.Array | NpgsqlDbType.Text;
    public const NpgsqlDbType Longs = NpgsqlDbType.Array | NpgsqlDbType.Bigint;
    public const NpgsqlDbType Ints = NpgsqlDbType.Array | NpgsqlDbType.Integer;
    public const NpgsqlDbType Shorts = NpgsqlDbType.Array | NpgsqlDbType.Smallint;
    public const NpgsqlDbType Ids = NpgsqlDbType.Array | NpgsqlDbType.Uuid;
    public const NpgsqlDbType Blobs = NpgsqlDbType.Array | NpgsqlDbType.Bytea;
    public const NpgsqlDbType Flags = NpgsqlDbType.Array | NpgsqlDbType.Boolean;
    public const NpgsqlDbType Reals = NpgsqlDbType.Array | NpgsqlDbType.Double;

    private readonly NpgsqlCommand _command;

    public PostgresCall(NpgsqlConnection connection, string sql, params ReadOnlySpan<NpgsqlDbType> parameters)
    {
        _command = new(sql, connection);
        foreach (var type in parameters)
        {
            _command.Parameters.Add(new() { NpgsqlDbType = type, Value = DBNull.Value });
        }

        _command.Prepare();
    }

    public PostgresCall Set(params ReadOnlySpan<object> values)
    {
        for (var n = 0; n < values.Length; n++)
        {
            _command.Parameters[n].Value = values[n];
        }

        return this;
    }

    public object? Scalar() => _command.ExecuteScalar();

    public NpgsqlDataReader Read() => _command.ExecuteReader();

    public int Run() => _command.ExecuteNonQuery();

    public void Dispose() => _command.Dispose();
}
