using Microsoft.Extensions.Logging.Abstractions;
using Svom.Sqlite;
using Svom.Storage;
using Svom.Support;

namespace Svom.EventStore;

public sealed class SqliteShardTests : ShardSuite
{
    private readonly TemporaryFolder _folder = new();
    private DataFolder? _data;

    protected override Task<IEventStore> OpenAsync()
    {
        _data = DataFolder.Open(_folder.Path);
        return Task.FromResult<IEventStore>(
            new SqliteEventStore(_data, new StorageOptions(), TimeProvider.System, [], NullLogger<SqliteEventStore>.Instance, null));
    }

    protected override async Task CloseAsync(IEventStore store)
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
