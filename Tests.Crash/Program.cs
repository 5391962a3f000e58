using System.Globalization;
using Svom.Crash;
using Svom.Sqlite;
using Svom.Storage;

// A process that writes to a store, says what it was answered, and dies at a given step:
//   events|packets FOLDER STEP N    dies at the Nth time the writer passes the step
//   events|packets FOLDER           writes everything and ends well
var (kind, folder) = (args[0], args[1]);
var faults = args.Length > 2 ? new DieAt(Enum.Parse<StorageStep>(args[2]), int.Parse(args[3], CultureInfo.InvariantCulture)) : null;
using var data = DataFolder.Open(folder);
await (kind == "events" ? EventWork.RunAsync(data, faults) : PacketWork.RunAsync(data, faults));
