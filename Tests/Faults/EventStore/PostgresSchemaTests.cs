using Svom.Packets;
using Svom.Postgres;
using Svom.Storage;
using Svom.Support;

namespace Svom.EventStore;

/// <summary>The tables themselves: made at the first start, by one of many; what is not ours or newer is left alone.</summary>
public sealed class PostgresSchemaTests(SharedPostgres postgres)
{
    private static readonly CancellationToken None = CancellationToken.None;

    [Fact]
    public async Task Silos_that_start_at_once_on_an_empty_database_all_find_it_ready()
    {
        await using var database = await postgres.NewDatabaseAsync();
        var silos = await Task.WhenAll(Enumerable.Range(0, 6).Select(silo => Task.Run(async () =>
        {
            await using var store = PostgresStores.Open(database);
            await using var log = new PostgresPacketLog(database.Options(), TimeProvider.System, null);
            return (await store.AppendAsync(PostgresStores.Append($"silo-{silo}", 1), None)).Landed;
        })));
        Assert.DoesNotContain(false, silos);
    }

    [Theory]
    [InlineData("INSERT INTO svom_events.schema_version (version) VALUES (99)", "format 99")]
    [InlineData("DROP TABLE svom_events.schema_version", "not of this program")]
    public async Task A_schema_that_is_newer_or_not_ours_is_refused_and_left_as_it_is(string harm, string complaint)
    {
        await using var database = await postgres.NewDatabaseAsync();
        await using (var store = PostgresStores.Open(database))
        {
            await store.AppendAsync(PostgresStores.Append("a", 1), None);
        }

        await database.RunSqlAsync(harm);
        Assert.Contains(complaint, Assert.Throws<StoreUnreadableException>(() => PostgresStores.Open(database)).Message, StringComparison.Ordinal);
        Assert.Equal(1L, await database.RunSqlAsync("SELECT count(*) FROM svom_events.stream"));
    }

    [Fact]
    public async Task A_database_of_another_encoding_is_refused()
    {
        await using var database = await postgres.NewDatabaseAsync();
        await using var latin = new TestDatabase(database.Server, database.Name + "_latin");
        await database.RunSqlAsync($"CREATE DATABASE {latin.Name} TEMPLATE template0 ENCODING LATIN1 LC_COLLATE 'C' LC_CTYPE 'C'");
        Assert.Contains("UTF8", Assert.Throws<StoreUnreadableException>(() => PostgresStores.Open(latin)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_is_not_there_is_named_with_its_setting()
    {
        await using var database = await postgres.NewDatabaseAsync();
        var options = database.Options();
        options.ConnectionString = options.ConnectionString.Replace(database.Name, "nothing", StringComparison.Ordinal);
        var refused = Assert.Throws<StoreUnreachableException>(() => PostgresStores.Open(options));
        Assert.Contains("Svom:Storage:ConnectionString", refused.Message, StringComparison.Ordinal);
        Assert.Contains("nothing", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_are_readable_in_the_tables_and_no_name_becomes_another()
    {
        string[] names = ["plain", "\0", "\u0001", "\u00010", "\u00011", "\0\0", "\u0001\0", "a\0", "a"];
        Assert.Equal(names, names.Select(static name => PostgresText.Read(PostgresText.Store(name))));
        Assert.Equal(names.Length, names.Select(PostgresText.Store).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(names.Order(StringComparer.Ordinal), names.OrderBy(PostgresText.Store, StringComparer.Ordinal));
        await using var database = await postgres.NewDatabaseAsync();
        await using var store = PostgresStores.Open(database);
        await store.AppendAsync(PostgresStores.Append("burst/sb26042105", 1), None);
        Assert.Equal("burst/sb26042105", await database.RunSqlAsync("SELECT name FROM svom_events.stream"));
    }
}
