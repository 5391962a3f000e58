using Microsoft.Extensions.Logging.Abstractions;
using Svom.Support;

namespace Svom.EventStore;

public sealed class PostgresShardTests(SharedPostgres postgres) : ShardSuite
{
    private TestDatabase? _database;

    protected override async Task<IEventStore> OpenAsync()
    {
        _database ??= await postgres.NewDatabaseAsync();
        return new PostgresEventStore(_database.Options(), TimeProvider.System, [], NullLogger<PostgresEventStore>.Instance, null, callersTime: true);
    }

    protected override Task CloseAsync(IEventStore store) => ((PostgresEventStore)store).DisposeAsync().AsTask();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }
}
