using System.Diagnostics;

namespace Svom.Support;

/// <summary>Runs the crash program and gives what it said before it died.</summary>
internal static class CrashingProcess
{
    public static async Task<(string[] Lines, int ExitCode)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Svom.Tests.Crash.dll"));
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var (said, complaints) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(await complaints is "", await complaints); // In full: it tells how a process died that should not.

        // The last line may be cut: it was said only when its end is there.
        var text = await said;
        return (text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries), process.ExitCode);
    }
}
