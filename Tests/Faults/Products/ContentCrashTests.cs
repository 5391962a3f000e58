using System.Globalization;
using Svom.Crash;
using Svom.Sqlite;
using Svom.Storage;
using Svom.Support;

namespace Svom.Products;

/// <summary>A process killed in the middle of its puts, and disks without room: what was answered is whole, what was not leaves nothing.</summary>
public sealed class ContentCrashTests(SharedPostgres postgres, ITestOutputHelper output)
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Theory]
    [InlineData("FileWritten"), InlineData("FileNamed")]
    public async Task On_files_nothing_answered_is_lost_and_nothing_is_half_there(string step)
    {
        var time = Random.Shared.Next(1, ContentWork.Contents / 2);
        output.WriteLine($"dies at {step}, time {time}");
        using var folder = new TemporaryFolder();
        var (lines, exitCode) = await CrashingProcess.RunAsync("content", folder.Path, step, $"{time}");
        Assert.NotEqual(0, exitCode);
        var aside = Path.Combine(folder.Path, "content", "aside");
        Assert.True(step == nameof(StorageStep.FileNamed) || Directory.GetFiles(aside).Length > 0);

        using var data = DataFolder.Open(folder.Path);
        using var store = new FileContentStore(data);
        Assert.Empty(Directory.GetFiles(aside));
        await CheckAndCompleteAsync(store, lines);
    }

    [Theory]
    [InlineData("BeforeCommit"), InlineData("AfterCommit")]
    public async Task On_postgres_nothing_answered_is_lost_and_nothing_is_half_there(string step)
    {
        await using var database = await postgres.NewDatabaseAsync();
        var time = Random.Shared.Next(1, ContentWork.Contents / 2);
        output.WriteLine($"dies at {step}, time {time}");
        var (lines, exitCode) = await CrashingProcess.RunAsync("content", database.Options().ConnectionString, step, $"{time}");
        Assert.NotEqual(0, exitCode);

        await using var store = new PostgresContentStore(database.Options(), TimeProvider.System, null);
        await CheckAndCompleteAsync(store, lines);
        Assert.Equal(0L, await database.RunSqlAsync("SELECT count(*) FROM svom_content.chunk k WHERE NOT EXISTS (SELECT 1 FROM svom_content.content c WHERE c.id = k.content)"));
    }

    [Fact]
    public async Task A_full_disk_refuses_and_takes_the_same_content_once_there_is_room()
    {
        using var disk = await SmallDisk.MountAsync(megabytes: 8);
        var ballast = Path.Combine(disk.Path, "ballast");
        using var data = DataFolder.Open(disk.Path);
        using var store = new FileContentStore(data);
        var kept = await store.PutAsync(ContentWork.Octets(0), None);
        await File.WriteAllBytesAsync(ballast, new byte[6 << 20]);

        var large = new byte[3 << 20];
        large[0] = 7;
        await Assert.ThrowsAsync<IOException>(() => store.PutAsync(large, None));
        await Assert.ThrowsAsync<IOException>(() => store.PutAsync(new MemoryStream(large), None));
        Assert.Empty(Directory.GetFiles(Path.Combine(disk.Path, "content", "aside")));
        Assert.Equal(ContentWork.Octets(0), (await store.ReadAsync(kept, None))!.Value.ToArray());

        File.Delete(ballast);
        var address = await store.PutAsync(large, None);
        Assert.Equal(large, (await store.ReadAsync(address, None))!.Value.ToArray());
    }

    private static async Task CheckAndCompleteAsync(IContentStore store, string[] lines)
    {
        foreach (var said in lines)
        {
            var words = said.Split(' ');
            Assert.True(ContentAddress.TryParse(words[2], out var address));
            Assert.Equal(ContentWork.Octets(int.Parse(words[1], CultureInfo.InvariantCulture)), (await store.ReadAsync(address, None))!.Value.ToArray());
        }

        for (var n = 0; n < ContentWork.Contents; n++)
        {
            var address = await store.PutAsync(ContentWork.Octets(n), None);
            Assert.Equal(ContentWork.Octets(n), (await store.ReadAsync(address, None))!.Value.ToArray());
        }
    }
}
