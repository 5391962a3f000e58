using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Svom.Sqlite;
using Svom.Storage;
using Svom.Support;

namespace Svom.GrainState;

public sealed class PostgresGrainStateTests(SharedPostgres postgres) : GrainStateSuite
{
    private TestDatabase? _database;

    private protected override async Task ConfigureAsync(IHostApplicationBuilder builder, Action<Action<ISiloBuilder>> silo)
    {
        _database ??= await postgres.NewDatabaseAsync();
        builder.Configuration.AddInMemoryCollection(_database.Settings);
        builder.Services.AddPostgresStorage(DataFolder.Open(Folder));
        silo(static orleans => orleans.UsePostgresGrainState());
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }
}
