using Npgsql;
using Svom.Support;

namespace Svom.Postgres;

public sealed class PostgresReadsTests(SharedPostgres postgres) : IAsyncLifetime
{
    private TestDatabase _database = null!;
    private PostgresDatabase _reads = null!;

    private static CancellationToken None => CancellationToken.None;

    public async ValueTask InitializeAsync()
    {
        _database = await postgres.NewDatabaseAsync();
        _reads = new(_database.Options().ConnectionString, "public", 1, TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        await _reads.DisposeAsync();
        await _database.DisposeAsync();
    }

    public static TheoryData<Exception> WhatADriverSays { get; } =
    [
        new InvalidOperationException("A buffer is gone."),
        new NpgsqlException("Exception while reading.", new ObjectDisposedException("NetworkStream")),
    ];

    [Theory]
    [MemberData(nameof(WhatADriverSays), DisableDiscoveryEnumeration = true)]
    public async Task What_fails_on_a_connection_that_broke_is_asked_again_whatever_the_driver_says(Exception failure)
    {
        var asked = 0;
        var answer = await _reads.ReadAsync(
            async connection =>
            {
                if (++asked == 1)
                {
                    await Assert.ThrowsAnyAsync<NpgsqlException>(() => connection.RunAsync("SELECT pg_terminate_backend(pg_backend_pid())", None));
                    throw failure;
                }

                return await connection.NumberAsync("SELECT 7::bigint", None);
            },
            None);
        Assert.Equal((7L, 2), (answer, asked));
    }

    [Fact]
    public async Task What_fails_on_a_connection_that_stands_is_told_at_once_as_it_is()
    {
        var asked = 0;
        var failure = await Assert.ThrowsAsync<InvalidDataException>(() => _reads.ReadAsync<int>(
            async connection =>
            {
                asked++;
                await connection.NumberAsync("SELECT 7::bigint", None);
                throw new InvalidDataException("Not ours.");
            },
            None));
        Assert.Equal(("Not ours.", 1), (failure.Message, asked));
    }

    [Fact]
    public async Task Who_gives_up_while_the_connection_breaks_is_not_asked_again()
    {
        var asked = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _reads.ReadAsync<int>(
            async connection =>
            {
                asked++;
                await Assert.ThrowsAnyAsync<NpgsqlException>(() => connection.RunAsync("SELECT pg_terminate_backend(pg_backend_pid())", None));
                throw new OperationCanceledException();
            },
            None));
        Assert.Equal(1, asked);
    }
}
