using System.Globalization;
using System.Security.Cryptography;
using Svom.Postgres;
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

    [Fact]
    public async Task A_put_whose_connection_is_cut_is_begun_anew()
    {
        for (var n = 0; n < 20; n++)
        {
            var content = Octets(n % 2 == 0 ? 1_000 + n : (5 << 20) + n);
            var put = Store.PutAsync(content, None);
            var cut = _database!.RunSqlAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'svom%' AND datname = current_database()");
            var address = await put;
            Assert.Equal(content, (await Store.ReadAsync(address, None))!.Value.ToArray());
            await cut;
        }

        Assert.Equal(0, await LeftOversAsync());
    }

    [Fact]
    public async Task A_put_whose_answer_was_lost_is_found_by_its_name()
    {
        Faults.LoseAnswers(1);
        await Assert.ThrowsAsync<IOException>(() => Store.PutAsync("content"u8.ToArray(), None));
        var address = await Store.PutAsync("content"u8.ToArray(), None);
        Assert.Equal("content"u8.ToArray(), (await Store.ReadAsync(address, None))!.Value.ToArray());
        Assert.Equal(1L, await _database!.RunSqlAsync("SELECT count(*) FROM svom_content.chunk"));
    }

    [Fact]
    public async Task Tables_that_a_newer_program_made_are_refused_and_a_database_that_is_not_there_is_named()
    {
        await _database!.RunSqlAsync("INSERT INTO svom_content.schema_version (version) VALUES (99)");
        var newer = Assert.Throws<StoreUnreadableException>(() => new PostgresContentStore(_database.Options(), TimeProvider.System, null));
        Assert.Contains("format 99", newer.Message, StringComparison.Ordinal);

        var options = _database.Options();
        options.ConnectionString = options.ConnectionString.Replace(_database.Name, "nothing", StringComparison.Ordinal);
        var away = Assert.Throws<StoreUnreachableException>(() => new PostgresContentStore(options, TimeProvider.System, null));
        Assert.Contains("Svom:Storage:ConnectionString", away.Message, StringComparison.Ordinal);
    }

    private Task<object?> OnLastChunkAsync(ContentAddress address, string octets) => _database!.RunSqlAsync(
        $"""
        UPDATE svom_content.chunk k SET octets = {octets} FROM svom_content.content c
        WHERE c.id = k.content AND c.address = '\x{address}'::bytea AND k.n = (SELECT max(n) FROM svom_content.chunk WHERE content = c.id)
        """);
}
