using System.Diagnostics;

namespace Svom.Hosting;

/// <summary>A command of the platform's program, run to its end in a process of its own.</summary>
/// <param name="Code">Its exit code.</param>
/// <param name="Output">What it said.</param>
/// <param name="Took">From the start of the process to its end.</param>
/// <param name="Cpu">CPU that it used.</param>
/// <param name="PeakResident">Most memory resident at once, octets, as the system keeps it; read each few milliseconds, so the very end may be missed.</param>
internal sealed record MeasuredCommand(int Code, string Output, TimeSpan Took, TimeSpan Cpu, long PeakResident)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    /// <summary>Runs the program that <see cref="PlatformProcess.Published"/> names, else the one built beside the benchmarks.</summary>
    public static async Task<MeasuredCommand> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var program = Path.Combine(PlatformProcess.Published?.FullName ?? AppContext.BaseDirectory, "Svom.Silo");
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, UseShellExecute = false };
        var began = Stopwatch.GetTimestamp();
        using var process = Process.Start(start) ?? throw new InvalidOperationException("The command did not start.");
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var (ended, cpu, peak) = (process.WaitForExitAsync(cancellationToken), TimeSpan.Zero, 0L);
        while (!ended.IsCompleted)
        {
            try
            {
                process.Refresh();
                (cpu, peak) = (process.TotalProcessorTime, Math.Max(peak, process.PeakWorkingSet64));
            }
            catch (InvalidOperationException)
            {
                // It has just ended.
            }

            await Task.WhenAny(ended, Task.Delay(Look, TimeProvider.System, cancellationToken));
        }

        await ended;
        return new(process.ExitCode, await output, Stopwatch.GetElapsedTime(began), cpu, peak);
    }
}
