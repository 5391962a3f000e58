using Svom.Storage;
using Svom.Support;

namespace Svom.Packets;

public sealed class PostgresPacketLogTests(SharedPostgres postgres) : PacketLogSuite
{
    private TestDatabase? _database;

    private protected override async Task<IPacketLog> OpenAsync(StorageOptions options, WriterFaults faults)
    {
        _database ??= await postgres.NewDatabaseAsync();
        return new PostgresPacketLog(_database.Options(options), TimeProvider.System, faults);
    }

    private protected override Task CloseAsync(IPacketLog log) => ((PostgresPacketLog)log).DisposeAsync().AsTask();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }
}
