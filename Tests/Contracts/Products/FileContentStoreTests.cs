using System.Security.Cryptography;
using Svom.Sqlite;
using Svom.Storage;
using Svom.Support;

namespace Svom.Products;

public sealed class FileContentStoreTests : ContentStoreSuite
{
    private readonly TemporaryFolder _folder = new();
    private DataFolder? _data;

    private FileContentStore Files => (FileContentStore)Store;

    private string Aside => Path.Combine(_folder.Path, "content", "aside");

    private protected override Task<IContentStore> OpenAsync(WriterFaults faults)
    {
        _data = DataFolder.Open(_folder.Path);
        return Task.FromResult<IContentStore>(new FileContentStore(_data, faults));
    }

    private protected override Task CloseAsync(IContentStore store)
    {
        ((FileContentStore)store).Dispose();
        _data!.Dispose();
        return Task.CompletedTask;
    }

    private protected override async Task SpoilAsync(ContentAddress address)
    {
        var octets = await File.ReadAllBytesAsync(Files.PathOf(address));
        octets[^1] ^= 1;
        await File.WriteAllBytesAsync(Files.PathOf(address), octets);
    }

    private protected override async Task ShortenAsync(ContentAddress address)
    {
        var octets = await File.ReadAllBytesAsync(Files.PathOf(address));
        await File.WriteAllBytesAsync(Files.PathOf(address), octets[..^1]);
    }

    private protected override Task<long> LeftOversAsync() => Task.FromResult((long)Directory.GetFiles(Aside).Length);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Files_lie_in_two_levels_of_folders()
    {
        var address = await Store.PutAsync("content"u8.ToArray(), None);
        var name = Convert.ToHexStringLower(SHA256.HashData("content"u8));
        Assert.Equal("content"u8.ToArray(), await File.ReadAllBytesAsync(_folder.File($"content/{name[..2]}/{name[2..4]}/{name}")));
        Assert.Equal(name, address.ToString());
    }

    [Fact]
    public async Task A_spoiled_content_is_mended_by_putting_it_again()
    {
        var content = Octets(70_000);
        var address = await Store.PutAsync(content, None);
        await SpoilAsync(address);
        await Store.PutAsync(content, None);
        Assert.Equal(content, (await Store.ReadAsync(address, None))!.Value.ToArray());
        await ShortenAsync(address);
        await Store.PutAsync(new MemoryStream(content), None);
        Assert.Equal(content, (await Store.ReadAsync(address, None))!.Value.ToArray());
    }

    [Fact]
    public async Task What_a_dead_process_left_aside_is_gone_after_a_start()
    {
        var address = await Store.PutAsync("kept"u8.ToArray(), None);
        await File.WriteAllBytesAsync(Path.Combine(Aside, "left"), new byte[1000]);
        await ReopenAsync();
        Assert.Equal(0, await LeftOversAsync());
        Assert.True(await Store.ExistsAsync(address, None));
    }

    [Fact]
    public async Task A_content_has_its_name_only_when_it_is_whole()
    {
        var held = Faults.Hold(StorageStep.FileWritten);
        var content = Octets(100_000);
        var put = Store.PutAsync(content, None);
        await held;
        var address = ContentAddress.FromSha256(SHA256.HashData(content));
        Assert.False(await Store.ExistsAsync(address, None));
        Faults.Release();
        Assert.Equal(address, await put);
        Assert.True(await Store.ExistsAsync(address, None));
    }
}
