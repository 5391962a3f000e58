using Microsoft.Extensions.Logging.Abstractions;
using Svom.Sqlite;
using Svom.Storage;
using Svom.Support;

namespace Svom.EventStore;

public sealed class SqliteEventStoreTests : EventStoreSuite
{
    private readonly TemporaryFolder _folder = new();
    private DataFolder? _data;

    private protected override Task<IEventStore> OpenAsync(StorageOptions options, IReadOnlyList<IAppendObserver> observers, WriterFaults faults)
    {
        _data = DataFolder.Open(_folder.Path);
        return Task.FromResult<IEventStore>(
            new SqliteEventStore(_data, options, TimeProvider.System, observers, NullLogger<SqliteEventStore>.Instance, faults));
    }

    private protected override async Task CloseAsync(IEventStore store)
    {
        await ((SqliteEventStore)store).DisposeAsync();
        _data!.Dispose();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }
}
