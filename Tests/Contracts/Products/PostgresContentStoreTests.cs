using System.Globalization;
using System.Security.Cryptography;
using Svom.Storage;
using Svom.Support;

namespace Svom.Products;

public sealed class PostgresContentStoreTests(SharedPostgres postgres) : ContentStoreSuite
{
    private TestDatabase? _database;

    private protected override async Task<IContentStore> OpenAsync(WriterFaults faults)
    {
        _database ??= await postgres.NewDatabaseAsync();
        return new PostgresContentStore(_database.Options(), TimeProvider.System, faults);
    }

    private protected override Task CloseAsync(IContentStore store) => ((PostgresContentStore)store).DisposeAsync().AsTask();

    private protected override Task SpoilAsync(ContentAddress address) => OnLastChunkAsync(address, "set_byte(octets, octet_length(octets) - 1, get_byte(octets, octet_length(octets) - 1) # 1)");

    private protected override Task ShortenAsync(ContentAddress address) => OnLastChunkAsync(address, "substring(octets FROM 1 FOR octet_length(octets) - 1)");

    private protected override async Task<long> LeftOversAsync() => Convert.ToInt64(
        await _database!.RunSqlAsync("SELECT count(*) FROM svom_content.chunk k WHERE NOT EXISTS (SELECT 1 FROM svom_content.content c WHERE c.id = k.content)"), CultureInfo.InvariantCulture);

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_content_that_stands_before_its_commit_is_seen_by_nobody_and_holds_nobody()
    {
        var held = Faults.Hold(StorageStep.BeforeCommit);
        var content = Octets(6 << 20);
        var put = Store.PutAsync(content, None);
        await held;
        var address = ContentAddress.FromSha256(SHA256.HashData(content));
        Assert.False(await Store.ExistsAsync(address, None));

        // Another silo puts the same and is through before.
        await using (var other = new PostgresContentStore(_database!.Options(), TimeProvider.System, null))
        {
            Assert.Equal(address, await other.PutAsync(content, None));
        }

        Faults.Release();
        Assert.Equal(address, await put);
        Assert.Equal(content, (await Store.ReadAsync(address, None))!.Value.ToArray());
        Assert.Equal(0, await LeftOversAsync());
    }

    private Task<object?> OnLastChunkAsync(ContentAddress address, string octets) => _database!.RunSqlAsync(
        $"""
        UPDATE svom_content.chunk k SET octets = {octets} FROM svom_content.content c
        WHERE c.id = k.content AND c.address = '\x{address}'::bytea AND k.n = (SELECT max(n) FROM svom_content.chunk WHERE content = c.id)
        """);
}
