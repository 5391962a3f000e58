using System.CommandLine;
using Svom;
using Svom.EventStore;
using Svom.Hostile;
using Svom.Hosting;
using Svom.Notifications;
using Svom.Packets;
using Svom.Workflows;

Benchmark[] benchmarks =
[
    new("ingest", "Receptions a second into the platform until every burst has taken its packets, called in process.", 3, IngestRate.RunAsync),
    new("ingest-http", "The same through the HTTP door from another process: binary, and JSON.", 3, HttpIngestRate.RunAsync),
    new("ingest-grpc", "The same through the gRPC door from another process: streams of batches.", 3, HttpIngestRate.RunGrpcAsync),
    new("replay", "Packets a second from the log through decoder, assignment and burst rules, compared with what was recorded.", 3, ReplayRate.RunAsync),
    new("mission", "Thirty days of a mission ingested, replayed twice and re-simulated twice: time, memory, and whether all came out as planned and the same.", 1, MissionFigures.RunAsync),
    new("latency", "From just before the request to the alert at an MQTT subscriber, idle and under load.", 1, AlertLatency.RunAsync),
    new("start", "From the start of the process to ready.", 5, StartTime.RunAsync),
    new("idle", "Memory and CPU of a platform that has played one burst.", 1, IdleCost.RunAsync),
    new("recovery", "Share of packets known from broken copies, by the share of wrong bits and the number of copies.", 1, RecoveryRates.RunAsync),
    new("phantoms", "Ten million corrupted receptions: packets recovered that nobody sent.", 1, PhantomHunt.RunAsync),
    new("fuzz", "Hostile input by the million: frames, JSON bodies, gRPC calls and MQTT packets, mutated; what was answered and what memory it took.", 1, HostileInput.RunAsync),
    new("packet-log", "The packet log alone: appends and bulk reads.", 3, PacketLogRates.RunAsync),
    new("event-store", "The event store alone: appends and their latency.", 1, EventStoreAppends.RunAsync),
    new("wake-ups", "Lateness of wake-ups committed a moment before, 64 within 100 ms, through store and wheel.", 3, WakeUpLateness.RunAsync),
    new("event-store-postgres", "The same on the PostgreSQL database that SVOM_POSTGRES names.", 1, EventStoreAppends.RunOnPostgresAsync),
];

var name = new Argument<string>("name") { Description = "A figure; list names them, all measures all." };
var json = new Option<FileInfo?>("--json") { Description = "Also appends the lines to this file." };
var runs = new Option<int?>("--runs") { Description = "Repeats; the figure is their median." };
var published = new Option<DirectoryInfo?>("--published") { Description = "Where a process is measured: this published platform, not the one built beside." };
var days = new Option<double>("--days") { Description = "Days of the mission figure, from a quarter to 366.", DefaultValueFactory = static _ => MissionFigures.Days };
var seed = new Option<int>("--seed") { Description = "Seed of the mission figure.", DefaultValueFactory = static _ => MissionFigures.Seed };
var bursts = new Option<int?>("--bursts") { Description = "Bursts of the mission figure; else as many as forty in thirty days." };
var store = new Option<string[]>("--store")
{
    Description = "Stores of the wf figures, one after the other.",
    DefaultValueFactory = static _ => [.. WorkflowStage.Stores],
    AllowMultipleArgumentsPerToken = true,
};
store.AcceptOnlyFromAmong([.. WorkflowStage.Stores]);
var root = new RootCommand("Measures the platform. One JSON line a figure.") { name, json, runs, published, days, seed, bursts, store };
root.SetAction((parsed, cancellation) =>
{
    PlatformProcess.Published = parsed.GetValue(published);
    (MissionFigures.Days, MissionFigures.Seed, MissionFigures.Bursts) = (parsed.GetValue(days), parsed.GetValue(seed), parsed.GetValue(bursts));
    return BenchmarkCommand.RunAsync(
        benchmarks, new(parsed.GetRequiredValue(store)), parsed.GetRequiredValue(name), parsed.GetValue(json), parsed.GetValue(runs), TimeProvider.System, cancellation);
});
root.Subcommands.Add(ReceptionSender.Command());
root.Subcommands.Add(WorkflowChild.Command());
root.Subcommands.Add(WorkflowTable.Command());
return await root.Parse(args).InvokeAsync();
