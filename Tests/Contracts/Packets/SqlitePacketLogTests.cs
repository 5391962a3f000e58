using Svom.Sqlite;
using Svom.Storage;
using Svom.Support;

namespace Svom.Packets;

public sealed class SqlitePacketLogTests : PacketLogSuite
{
    private readonly TemporaryFolder _folder = new();
    private DataFolder? _data;

    private protected override Task<IPacketLog> OpenAsync(StorageOptions options, WriterFaults faults)
    {
        _data = DataFolder.Open(_folder.Path);
        return Task.FromResult<IPacketLog>(new SqlitePacketLog(_data, options, TimeProvider.System, faults));
    }

    private protected override async Task CloseAsync(IPacketLog log)
    {
        await ((SqlitePacketLog)log).DisposeAsync();
        _data!.Dispose();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }
}
