using System.Diagnostics;

namespace Svom.EndToEnd;

/// <summary>A program of the system, written by others: what it says of us counts more than what we say.</summary>
internal static class Tool
{
    /// <summary>Full path of a program; skips the test where it is not installed.</summary>
    public static string Require(string name, string package)
    {
        var found = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
        Assert.SkipWhen(found is null, $"no {name}: install the package {package}");
        return found!;
    }

    public static Process Start(string file, IEnumerable<string> arguments) =>
        Process.Start(new ProcessStartInfo(file, arguments) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })
            ?? throw new InvalidOperationException($"{file} did not start.");

    /// <summary>Runs to the end.</summary>
    public static async Task<(int Exit, string Output, string Errors)> RunAsync(string file, IEnumerable<string> arguments, string? input = null)
    {
        using var process = Start(file, arguments);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await errors);
    }
}
