using System.Globalization;
using Npgsql;
using Svom.Storage;

namespace Svom.Postgres;

/// <summary>The tables of one schema and how they came to be.</summary>
/// <param name="Name">Of the schema in the database.</param>
/// <param name="Migrations">Resources of this assembly with SQL from format n to n + 1; the first makes the tables.</param>
internal sealed record PostgresSchema(string Name, IReadOnlyList<string> Migrations)
{
    private const int OldestServer = 140_000; // pg_terminate_backend that waits.

    /// <summary>
    /// Brings the schema to the newest format in one transaction. Whoever starts at the same time waits, and finds it done.
    /// </summary>
    /// <exception cref="StoreUnreadableException">A newer program, or another, was here.</exception>
    public void Prepare(NpgsqlConnection connection)
    {
        CheckServer(connection);
        using var transaction = connection.BeginTransaction();
        Run(connection, $"SELECT pg_advisory_xact_lock(hashtextextended('{Name}', 0))");
        var known = Scalar(connection, $"SELECT count(*) FROM pg_namespace WHERE nspname = '{Name}'") > 0;
        if (!known)
        {
            Run(connection, $"CREATE SCHEMA {Name}");
        }

        Run(connection, $"SET LOCAL search_path = {Name}");
        var format = Format(connection, known);
        if (format > Migrations.Count)
        {
            throw new StoreUnreadableException($"Schema {Name} has format {format}; this program knows formats up to {Migrations.Count}. Use the newer program.");
        }

        for (var next = (int)format; next < Migrations.Count; next++)
        {
            Run(connection, Resource(Migrations[next]));
            Run(connection, string.Create(CultureInfo.InvariantCulture, $"INSERT INTO schema_version (version) VALUES ({next + 1})"));
        }

        transaction.Commit();
    }

    private long Format(NpgsqlConnection connection, bool known)
    {
        if (Scalar(connection, $"SELECT count(*) FROM pg_class WHERE relnamespace = '{Name}'::regnamespace AND relname = 'schema_version'") > 0)
        {
            return Scalar(connection, "SELECT coalesce(max(version), 0) FROM schema_version");
        }

        if (known && Scalar(connection, $"SELECT count(*) FROM pg_class WHERE relnamespace = '{Name}'::regnamespace") > 0)
        {
            throw new StoreUnreadableException($"Schema {Name} holds tables that are not of this program.");
        }

        Run(connection, "CREATE TABLE schema_version (version integer PRIMARY KEY, applied timestamptz NOT NULL DEFAULT now())");
        return 0;
    }

    private static void CheckServer(NpgsqlConnection connection)
    {
        if (Scalar(connection, "SELECT current_setting('server_version_num')::bigint") < OldestServer)
        {
            throw new StoreUnreadableException($"PostgreSQL {connection.ServerVersion} is too old; 14 or newer is needed.");
        }

        if (Scalar(connection, "SELECT count(*) FROM pg_database WHERE datname = current_database() AND pg_encoding_to_char(encoding) = 'UTF8'") == 0)
        {
            throw new StoreUnreadableException($"Database {connection.Database} has another encoding than UTF8: names would not stay what they are.");
        }
    }

    private static string Resource(string name)
    {
        using var stream = typeof(PostgresSchema).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"{name} is not in the assembly.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private static void Run(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    private static long Scalar(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }
}
