using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Svom.Support;

/// <summary>
/// A throw-away PostgreSQL server of the system's own binaries, with stock durability, on a socket in a folder that goes with it. It refuses to
/// run as root, so then it runs as the account that the package made for it.
/// </summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private const string Account = "postgres";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder folder = new();
    private Process? process;

    private PostgresServer()
    {
    }

    /// <summary>Why it cannot run here; null when it can.</summary>
    public static string? Missing { get; } =
        !OperatingSystem.IsLinux() ? "the PostgreSQL tests need Linux"
        : Binaries is null ? "no PostgreSQL server: install the package postgresql"
        : Environment.IsPrivilegedProcess && !File.ReadLines("/etc/passwd").Any(static line => line.StartsWith(Account + ":", StringComparison.Ordinal))
            ? $"PostgreSQL does not run as root, and there is no account {Account}: install the package postgresql"
        : null;

    private static string? Binaries => !Directory.Exists("/usr/lib/postgresql") ? null : Directory.GetDirectories("/usr/lib/postgresql")
        .OrderByDescending(static version => double.TryParse(Path.GetFileName(version), CultureInfo.InvariantCulture, out var number) ? number : 0)
        .Select(static version => Path.Combine(version, "bin")).FirstOrDefault(static bin => File.Exists(Path.Combine(bin, "initdb")));

    /// <summary>Process that all others of it descend from.</summary>
    public int Id => process!.Id;

    /// <summary>Where its files lie.</summary>
    public string DataFolder => folder.File("data");

    /// <summary>Makes and starts a server.</summary>
    public static async Task<PostgresServer> StartNewAsync()
    {
        var server = new PostgresServer();
        if (Environment.IsPrivilegedProcess)
        {
            await RunAsync("chown", Account, server.folder.Path);
        }

        await RunAsync([.. AsAccount, Path.Combine(Binaries!, "initdb"), "-D", server.folder.File("data"), "-A", "trust", "-U", "svom", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]);
        await server.StartAsync();
        return server;
    }

    public string ConnectionString(string database) => $"Host={folder.Path};Username=svom;Database={database}";

    /// <summary>A database of its own for a test.</summary>
    public async Task<string> NewDatabaseAsync()
    {
        var name = "t" + Guid.NewGuid().ToString("N");
        await RunSqlAsync($"CREATE DATABASE {name} TEMPLATE template0");
        return name;
    }

    public Task DropAsync(string database) => RunSqlAsync($"DROP DATABASE {database} WITH (FORCE)");

    /// <summary>Runs SQL as another client would.</summary>
    public async Task<object?> RunSqlAsync(string sql, string database = "postgres")
    {
        await using var connection = new NpgsqlConnection(ConnectionString(database) + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    /// <summary>Starts it again after <see cref="Kill"/>, and waits until it answers.</summary>
    public async Task StartAsync()
    {
        process = Start([.. AsAccount, Path.Combine(Binaries!, "postgres"), "-D", folder.File("data"), "-k", folder.Path, "-c", "listen_addresses=", "-c", "logging_collector=off"]);
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                await RunSqlAsync("SELECT 1");
                return;
            }
            catch (NpgsqlException) when (!process.HasExited && Stopwatch.GetElapsedTime(began) < Patience)
            {
                await Task.Delay(20);
            }
        }
    }

    /// <summary>Kills every process of it, as a power cut would: nothing is flushed, closed or said.</summary>
    public void Kill()
    {
        var children = Children(process!.Id);
        process.Kill();
        process.WaitForExit();
        foreach (var child in children)
        {
            Signal(child, "KILL");
        }

        while (children.Any(static child => Directory.Exists($"/proc/{child}")))
        {
            Thread.Yield();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (process is { HasExited: false })
        {
            Signal(process.Id, "QUIT");
            await process.WaitForExitAsync();
        }

        process?.Dispose();
        folder.Dispose();
    }

    public static void Signal(int process, string signal)
    {
        using var kill = Process.Start("kill", ["-s", signal, process.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    private static string[] AsAccount => Environment.IsPrivilegedProcess ? ["setpriv", $"--reuid={Account}", $"--regid={Account}", "--clear-groups"] : [];

    private static int[] Children(int parent) => [.. Directory.GetDirectories("/proc").Select(Path.GetFileName)
        .Where(static name => int.TryParse(name, CultureInfo.InvariantCulture, out _)).Select(static name => int.Parse(name!, CultureInfo.InvariantCulture))
        .Where(id => ParentOf(id) == parent)];

    private static int? ParentOf(int process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat"); // "id (name) state parent …"; the name may hold anything.
            return int.Parse(stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static Process Start(string[] command) =>
        Process.Start(new ProcessStartInfo(command[0], command[1..]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" })!;

    private static async Task RunAsync(params string[] command)
    {
        using var run = Start(command);
        var (said, complaints) = (run.StandardOutput.ReadToEndAsync(), run.StandardError.ReadToEndAsync());
        await run.WaitForExitAsync();
        if (run.ExitCode != 0)
        {
            throw new InvalidOperationException($"{string.Join(' ', command)}: {await said}{await complaints}");
        }
    }
}
