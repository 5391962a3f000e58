using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Svom.Crash;
using Svom.Packets;
using Svom.Sqlite;
using Svom.Storage;
using Svom.Support;

namespace Svom.EventStore;

/// <summary>The files themselves: who may open them, which formats are read, how long their logs get.</summary>
public sealed class SqliteFilesTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_data_folder_is_held_by_one_process()
    {
        using (DataFolder.Open(_folder.Path))
        {
            var refused = Assert.Throws<DataFolderInUseException>(() => DataFolder.Open(_folder.Path));
            Assert.Contains("--data", refused.Message, StringComparison.Ordinal);
            Assert.Contains(_folder.Path, refused.Message, StringComparison.Ordinal);
        }

        DataFolder.Open(_folder.Path).Dispose();
    }

    [Fact] // Rows of every format ever written stay readable. Recorded by the crash program, which writes what it knows.
    public async Task Events_of_format_1_are_read()
    {
        Copy("events.db");
        var said = await File.ReadAllLinesAsync(Recorded("events.txt"));
        await EventStoreCrashTests.CheckAsync(_folder, said);
    }

    [Fact]
    public async Task Packets_of_format_1_are_read()
    {
        Copy("packets.db");
        using var data = DataFolder.Open(_folder.Path);
        await using var log = new SqlitePacketLog(data, new StorageOptions(), TimeProvider.System, null);
        await PacketLogCrashTests.CheckWholeAsync(log);
        Assert.True(await log.CheckpointAsync("reader-0", PacketWork.Feed, None) > 0);
        var again = await log.AppendAsync(PacketWork.Call(1, 2), PacketWork.Start, None);
        Assert.Equal((0, PacketWork.Call(1, 2).Length), (again.Accepted, again.Duplicates));
    }

    [Theory]
    [InlineData("INSERT INTO schema_version VALUES (99, 0)", "format 99")]
    [InlineData("PRAGMA application_id=1", "not a file of this program")]
    [InlineData("UPDATE stream SET head = head + 1", "has head")]
    [InlineData("UPDATE archive SET head = head + 1", "archive crash")]
    public void A_file_that_cannot_be_trusted_is_not_opened(string harm, string complaint)
    {
        Copy("events.db");
        using (var connection = new SqliteConnection($"Data Source={_folder.File("events.db")};Pooling=False"))
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = harm;
            command.ExecuteNonQuery();
        }

        using var data = DataFolder.Open(_folder.Path);
        Assert.Contains(complaint, Assert.Throws<StoreUnreadableException>(() => Open(data)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_log_of_a_busy_file_does_not_grow_for_ever()
    {
        using var data = DataFolder.Open(_folder.Path);
        await using var store = Open(data);
        for (var n = 0; n < 300; n++)
        {
            await store.AppendAsync(new(Guid.NewGuid(), new("bulk"), n, new byte[1 << 20]), None);
        }

        // 300 MiB went through it; 64 MiB is where the writer begins to help, and a passing reader may hold it up for a while.
        Assert.InRange(new FileInfo(_folder.File("events.db-wal")).Length, 0, 200L << 20);
    }

    [Fact]
    public void Settings_out_of_range_stop_the_start()
    {
        using var data = DataFolder.Open(_folder.Path);
        var settings = new ConfigurationBuilder().AddInMemoryCollection([new("Svom:Storage:QueuedAppends", "0")]).Build();
        using var services = new ServiceCollection().AddSingleton<IConfiguration>(settings).AddLogging().AddSqliteStorage(data).BuildServiceProvider();
        Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IOptions<StorageOptions>>().Value);
    }

    private static SqliteEventStore Open(DataFolder data) =>
        new(data, new StorageOptions(), TimeProvider.System, [], NullLogger<SqliteEventStore>.Instance, null);

    private void Copy(string file) =>
        File.Copy(Recorded(file), _folder.File(file));

    private static string Recorded(string file) =>
        Path.Combine(AppContext.BaseDirectory, "Contracts", "EventStore", "Recorded", "format-1", file);
}
