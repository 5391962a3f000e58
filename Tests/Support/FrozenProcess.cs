using System.Diagnostics;

namespace Svom.Support;

/// <summary>The crash program, stopped in the middle of its work as a machine that hangs would be, and woken up later.</summary>
internal sealed class FrozenProcess : IDisposable
{
    private readonly Process process;
    private readonly List<string> lines = [];

    private FrozenProcess(Process process) => this.process = process;

    public static FrozenProcess Start(params string[] arguments)
    {
        string[] all = [Path.Combine(AppContext.BaseDirectory, "Svom.Tests.Crash.dll"), .. arguments];
        return new(Process.Start(new ProcessStartInfo("dotnet", all) { RedirectStandardOutput = true, UseShellExecute = false })!);
    }

    /// <summary>Stops it once it has said so many lines.</summary>
    public async Task FreezeAfterAsync(int said)
    {
        while (lines.Count < said)
        {
            lines.Add(await process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException($"It ended after {lines.Count} lines."));
        }

        PostgresServer.Signal(process.Id, "STOP");
    }

    /// <summary>Lets it go on to its end.</summary>
    /// <returns>All that it said.</returns>
    public async Task<IReadOnlyList<string>> WakeAsync()
    {
        PostgresServer.Signal(process.Id, "CONT");
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            lines.Add(line);
        }

        await process.WaitForExitAsync();
        return lines;
    }

    public void Dispose()
    {
        process.Kill();
        process.Dispose();
    }
}
