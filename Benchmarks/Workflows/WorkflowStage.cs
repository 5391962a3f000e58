using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using Svom.Hosting;
using Svom.Support;

namespace Svom.Workflows;

/// <summary>
/// Where workflows are measured: one store, a fresh folder or database for each measurement, and lines that name their fields as the
/// harness does by which other engines are measured, so that both can be put into one table.
/// </summary>
internal sealed class WorkflowStage(string store, PostgresServer? database, FileInfo? json, TimeProvider time) : IAsyncDisposable
{
    private static readonly double Scale = double.Parse(Environment.GetEnvironmentVariable("SCALE") ?? "1", CultureInfo.InvariantCulture);

    public static IReadOnlyList<string> Stores { get; } = ["sqlite", "postgres"];

    public PostgresServer? Database => database;

    public static async Task<WorkflowStage> OpenAsync(string store, FileInfo? json, TimeProvider time) =>
        new(store, store == "postgres" ? await PostgresServer.StartNewAsync() : null, json, time);

    /// <summary>As many as that, fewer in a smoke run, but at least so many.</summary>
    public static int Count(double full, int least) => Math.Max(least, (int)Math.Ceiling(full * Scale));

    /// <summary>Settings of a platform on a store that nothing was written to.</summary>
    public async Task<IReadOnlyList<KeyValuePair<string, string?>>> FreshAsync() =>
    [
        .. database is null ? Array.Empty<KeyValuePair<string, string?>>()
            : [new("Svom:Storage:Provider", "Postgres"), new("Svom:Storage:ConnectionString", database.ConnectionString(await database.NewDatabaseAsync()))],
    ];

    /// <summary>A platform in this process.</summary>
    public async Task<StagedPlatform> StartAsync(CancellationToken cancellationToken)
    {
        var counted = new CountedCommits();
        var platform = await MeasuredPlatform.StartAsync(
            cancellationToken,
            services =>
            {
                services.AddMeasuredWorkflows();
                counted.Register(services);
            },
            await FreshAsync());
        return new(platform, counted, database);
    }

    /// <summary>Prints a line, and keeps it.</summary>
    public async Task SayAsync(string bench, IEnumerable<(string Name, JsonNode? Value)> fields)
    {
        var line = new JsonObject
        {
            ["engine"] = "svom",
            ["version"] = typeof(Platform).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0],
            ["store"] = store,
            ["durability"] = database is null ? "SQLite WAL, synchronous=FULL, a sync of each commit" : "PostgreSQL commit, fsync on, synchronous_commit on (stock)",
            ["bench"] = bench,
        };
        foreach (var (name, value) in fields)
        {
            line[name] = value;
        }

        line["host"] = $"the whole platform, load in its process, {BenchmarkMachine.Form}";
        line["settings"] = "as shipped";
        line["date"] = time.GetUtcNow().ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        line["load"] = MachineLoad.Now();
        line["machine"] = $"{BenchmarkMachine.This.Cores} cores, {BenchmarkMachine.This.Os}, {BenchmarkMachine.This.Dotnet}";
        var text = line.ToJsonString(Lenient);
        await Console.Out.WriteLineAsync(text);
        if (json is not null)
        {
            await File.AppendAllTextAsync(json.FullName, text + "\n");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (database is not null)
        {
            await database.DisposeAsync();
        }
    }

    private static readonly System.Text.Json.JsonSerializerOptions Lenient = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}

/// <summary>A platform in this process, and what it uses.</summary>
internal sealed class StagedPlatform(MeasuredPlatform platform, CountedCommits counted, PostgresServer? database) : IAsyncDisposable
{
    private int last;

    public WorkflowClient Client { get; } = platform.Service<WorkflowClient>();

    public CountedCommits Counted => counted;

    public IReadOnlyList<(string Name, int Id)> Processes =>
        [("app", Environment.ProcessId), .. database is null ? Array.Empty<(string, int)>() : [("postgres", database.Id)]];

    /// <summary>Options of a workflow with an id that no other has.</summary>
    public WorkflowOptions Next() => new(string.Create(CultureInfo.InvariantCulture, $"w{Interlocked.Increment(ref last)}"));

    /// <summary>Syncs of each workflow of a load, or commits where syncs cannot be seen; and how it was counted.</summary>
    public async Task<IReadOnlyList<(string Name, JsonNode? Value)>> SyncsAsync(int workflows, Func<Task> load, CancellationToken cancellationToken)
    {
        var (commits, appends) = (counted.Commits, counted.Appends);
        using var syncs = await CountedSyncs.BeginAsync(Processes.SelectMany(static process => ProcessAccounts.Tree(process.Id)).Distinct(), cancellationToken);
        await load();
        var seen = syncs is null ? null : await syncs.EndAsync(cancellationToken);
        return
        [
            ("appends_per_wf", Math.Round((counted.Appends - appends) / (double)workflows, 2)),
            ("commits_per_wf", Math.Round((counted.Commits - commits) / (double)workflows, 2)),
            ("syncs_per_wf", Math.Round((seen ?? counted.Commits - commits) / (double)workflows, 2)),
            ("syncs_counted", seen is null ? "as commits, at the writer" : "fdatasync and fsync of all processes, by the kernel, in a pass of its own"),
        ];
    }

    public ValueTask DisposeAsync() => platform.DisposeAsync();
}
