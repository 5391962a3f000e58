using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Svom.Crash;
using Svom.EventStore;
using Svom.Packets;
using Svom.Products;
using Svom.Sqlite;
using Svom.Storage;

// A process that writes to a store, says what it was answered, and dies at a given step. WHERE is a data folder, or the address of a database:
//   events|packets|content WHERE STEP N    dies at the Nth time the writer passes the step
//   events|packets|content WHERE           writes everything and ends well
//   workflows FOLDER way=… wall=… side=…   runs the scenarios of the workflow engine, see KitchenCommand
//   recovery FOLDER RECEPTIONS WHERE STEP  a silo that dies while broken copies vote, see RecoveryWork
if (args[0] == "workflows")
{
    return await KitchenCommand.RunAsync(args[1], args[2..]);
}

if (args[0] == "recovery")
{
    return await RecoveryWork.RunAsync(args[1], args[2], args[3], args[4]);
}

var (kind, where) = (args[0], args[1]);
var faults = args.Length > 2 ? new DieAt(Enum.Parse<StorageStep>(args[2]), int.Parse(args[3], CultureInfo.InvariantCulture)) : null;
var options = new StorageOptions { LazyDelay = TimeSpan.FromMilliseconds(1), ConnectionString = where };
var postgres = where.Contains('=', StringComparison.Ordinal);
using var data = postgres ? null : DataFolder.Open(where);
if (kind == "events")
{
    await using var store = postgres
        ? (IAsyncDisposable)new PostgresEventStore(options, TimeProvider.System, [], NullLogger<PostgresEventStore>.Instance, faults, callersTime: false)
        : new SqliteEventStore(data!, options, TimeProvider.System, [], NullLogger<SqliteEventStore>.Instance, faults);
    await EventWork.RunAsync((IEventStore)store);
}
else if (kind == "content")
{
    IContentStore store = postgres ? new PostgresContentStore(options, TimeProvider.System, faults) : new FileContentStore(data!, faults);
    await ContentWork.RunAsync(store);
}
else
{
    await using var log = postgres ? (IAsyncDisposable)new PostgresPacketLog(options, TimeProvider.System, faults) : new SqlitePacketLog(data!, options, TimeProvider.System, faults);
    await PacketWork.RunAsync((IPacketLog)log);
}

return 0;
