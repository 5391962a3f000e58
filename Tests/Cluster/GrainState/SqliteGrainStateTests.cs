using Microsoft.Extensions.Hosting;
using Svom.Sqlite;
using Svom.Storage;

namespace Svom.GrainState;

public sealed class SqliteGrainStateTests : GrainStateSuite
{
    private protected override Task ConfigureAsync(IHostApplicationBuilder builder, Action<Action<ISiloBuilder>> silo)
    {
        builder.Services.AddSqliteStorage(DataFolder.Open(Folder));
        silo(static orleans => orleans.UseSqliteGrainState());
        return Task.CompletedTask;
    }
}
