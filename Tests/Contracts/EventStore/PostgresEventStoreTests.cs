using Microsoft.Extensions.Logging.Abstractions;
using Svom.Storage;
using Svom.Support;

namespace Svom.EventStore;

public sealed class PostgresEventStoreTests(SharedPostgres postgres) : EventStoreSuite
{
    private TestDatabase? _database;

    private protected override async Task<IEventStore> OpenAsync(StorageOptions options, IReadOnlyList<IAppendObserver> observers, WriterFaults faults)
    {
        _database ??= await postgres.NewDatabaseAsync();
        return new PostgresEventStore(_database.Options(options), TimeProvider.System, observers, NullLogger<PostgresEventStore>.Instance, faults, callersTime: false);
    }

    private protected override Task CloseAsync(IEventStore store) => ((PostgresEventStore)store).DisposeAsync().AsTask();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }
}
