using System.Globalization;
using Svom.EndToEnd;
using Svom.Simulation;

namespace Svom.Support;

/// <summary>Two platform processes as one cluster on a PostgreSQL database: the first with the outlets, the second without.</summary>
internal sealed class PlatformPair : IAsyncDisposable
{
    /// <summary>The shortest that a burst may wait for a slew: its wall-clock deadline is what these tests look for.</summary>
    public static readonly TimeSpan SlewDeadline = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private readonly TestDatabase database;
    private readonly Member[] members = [new(), new()];

    /// <summary>On a database, nothing started yet.</summary>
    public PlatformPair(TestDatabase database) => this.database = database;

    public PlatformProcess First => members[0].Process;

    public PlatformProcess Second => members[1].Process;

    public static async Task<PlatformPair> StartAsync(TestDatabase database)
    {
        var pair = new PlatformPair(database);
        await Task.WhenAll(pair.StartAsync(0), pair.StartAsync(1));
        await pair.UntilAsync(static shares => shares is [512, 512], "each holds half of the shards");
        return pair;
    }

    /// <summary>Starts a member, again when it has ended.</summary>
    public async Task StartAsync(int member)
    {
        if (members[member].Started)
        {
            await members[member].Process.DisposeAsync();
        }

        members[member].Process = Launch(members[member], outlets: member == 0);
        await members[member].Process.ReadyAsync();
    }

    /// <summary>Starts a further process that claims to have the outlets, too.</summary>
    public PlatformProcess LaunchSecondOutlets(string folder) => Launch(new() { Folder = folder }, outlets: true);

    /// <summary>Starts a process that takes itself for the whole platform.</summary>
    public PlatformProcess LaunchWhole(string folder) => Launch(new() { Folder = folder }, "--Svom:Cluster:Mode=embedded");

    /// <summary>Shards that each silo holds now, most first.</summary>
    public async Task<long[]> SharesAsync() => await database.RunSqlAsync(
        """
        SELECT coalesce(array_agg(n ORDER BY n DESC), '{}') FROM (
            SELECT count(*) n FROM svom_events.shard_lease
            WHERE until_ticks > (extract(epoch FROM clock_timestamp()) * 10000000)::bigint + 621355968000000000 GROUP BY owner) held
        """) as long[] ?? [];

    public async Task UntilAsync(Func<long[], bool> reached, string what)
    {
        var began = TimeProvider.System.GetTimestamp();
        for (var shares = await SharesAsync(); !reached(shares); shares = await SharesAsync())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < Patience, $"Not reached: {what}. Shares are {string.Join(", ", shares)}.\n{Told}");
            await Task.Delay(Look, TimeProvider.System);
        }
    }

    /// <summary>A first alert in each of so many rehearsals, given to one member: as many bursts that wait for a slew.</summary>
    public static async Task HearAsync(PlatformProcess door, string name, int rehearsals)
    {
        var batch = new ReceptionBatch();
        foreach (var n in Enumerable.Range(0, rehearsals))
        {
            var heard = Frames.Heard(Frames.Alert(4_711, 0, 30), session: string.Create(CultureInfo.InvariantCulture, $"{name}-{n}"));
            batch.Add(heard.Station, heard.ReceivedAt, heard.Octets.Span, null, heard.Session);
        }

        using var http = door.Authorized();
        var sum = await new PlatformClient(http, door.Token, TimeProvider.System).SendAsync(batch, TestContext.Current.CancellationToken);
        Assert.Equal(rehearsals, sum.Accepted);
    }

    /// <summary>Waits until so many notices of a kind stand in the archive, as one member reads it.</summary>
    /// <returns>All of the kind.</returns>
    public async Task<SeenNotice[]> NoticesAsync(PlatformProcess door, string kind, int count)
    {
        var (archive, began) = (new PlatformArchive(door.Http), TimeProvider.System.GetTimestamp());
        while (true)
        {
            SeenNotice[] found = [.. (await archive.NoticesAsync()).Where(notice => notice.Kind == kind)];
            if (found.Length >= count)
            {
                return found;
            }

            Assert.True(TimeProvider.System.GetElapsedTime(began) < Patience, $"{found.Length} notices {kind} instead of {count}.\n{Told}");
            await Task.Delay(Look, TimeProvider.System);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var member in members)
        {
            if (member.Started)
            {
                PostgresServer.Signal(member.Process.ProcessId, "CONT");
                await member.Process.DisposeAsync();
            }

            member.Home.Dispose();
        }
    }

    private string Told => string.Join("\n---\n", members.Select(static member => member.Process.Output));

    private PlatformProcess Launch(Member member, bool outlets) => Launch(
        member, "--Svom:Cluster:Mode=postgres", $"--Svom:Cluster:Outlets={outlets}", string.Create(CultureInfo.InvariantCulture, $"--Svom:Cluster:SiloPort={member.SiloPort}"));

    private PlatformProcess Launch(Member member, params string[] cluster) => PlatformProcess.Launch(
        member.Folder, member.HttpPort, member.MqttPort,
        [.. database.Settings.Select(static setting => $"--{setting.Key}={setting.Value}"), .. cluster, $"--Svom:Bursts:SlewDeadline={SlewDeadline}"]);

    private sealed class Member
    {
        private PlatformProcess? process;

        public TemporaryFolder Home { get; } = new();

        public string Folder
        {
            get => field ??= Home.Path;
            init;
        }

        public int HttpPort { get; } = PlatformProcess.FreePort();

        public int MqttPort { get; } = PlatformProcess.FreePort();

        public int SiloPort { get; } = PlatformProcess.FreePort();

        public bool Started => process is not null;

        public PlatformProcess Process
        {
            get => process ?? throw new InvalidOperationException("Not started.");
            set => process = value;
        }
    }
}
