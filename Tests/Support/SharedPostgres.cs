using Npgsql;
using Svom.Storage;
using Svom.Support;

[assembly: AssemblyFixture(typeof(SharedPostgres))]

namespace Svom.Support;

/// <summary>One server for all tests of a run, started by the first that needs it.</summary>
public sealed class SharedPostgres : IAsyncDisposable
{
    private readonly Lazy<Task<PostgresServer>> server = new(PostgresServer.StartNewAsync);

    /// <summary>Skips the test where no server can run.</summary>
    internal async Task<TestDatabase> NewDatabaseAsync()
    {
        Assert.SkipWhen(PostgresServer.Missing is not null, PostgresServer.Missing ?? "");
        var running = await server.Value;
        return new(running, await running.NewDatabaseAsync());
    }

    public async ValueTask DisposeAsync()
    {
        if (server.IsValueCreated)
        {
            await (await server.Value).DisposeAsync();
        }
    }
}

/// <summary>A database that is gone after the test.</summary>
internal sealed class TestDatabase(PostgresServer server, string name) : IAsyncDisposable
{
    public string Name => name;

    public PostgresServer Server => server;

    /// <summary>Options that lead to it.</summary>
    public StorageOptions Options(StorageOptions? options = null)
    {
        options ??= new();
        (options.Provider, options.ConnectionString) = (StorageProvider.Postgres, server.ConnectionString(name));
        return options;
    }

    /// <summary>Settings that lead to it.</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; } = new Dictionary<string, string?>(StringComparer.Ordinal)
    {
        ["Svom:Storage:Provider"] = "postgres",
        ["Svom:Storage:ConnectionString"] = server.ConnectionString(name),
    };

    public Task<object?> RunSqlAsync(string sql) => server.RunSqlAsync(sql, name);

    /// <summary>A connection of another client.</summary>
    public async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(server.ConnectionString(name) + ";Pooling=false");
        await connection.OpenAsync();
        return connection;
    }

    public async ValueTask DisposeAsync() => await server.DropAsync(name);
}
