using System.Diagnostics;
using System.Globalization;

namespace Svom.Workflows;

/// <summary>
/// Counts the syncs of processes by the kernel's own tracepoints, through perf. It slows each system call a little, so what is timed
/// is not counted and what is counted is not timed.
/// </summary>
internal sealed class CountedSyncs : IDisposable
{
    private readonly Process perf;
    private readonly Task<string> said;

    private CountedSyncs(Process perf) => (this.perf, said) = (perf, perf.StandardError.ReadToEndAsync());

    /// <returns>Null where perf is missing or not allowed.</returns>
    public static async Task<CountedSyncs?> BeginAsync(IEnumerable<int> processes, CancellationToken cancellationToken)
    {
        if (!File.Exists("/usr/bin/perf") || !Environment.IsPrivilegedProcess)
        {
            return null;
        }

        var started = Process.Start(new ProcessStartInfo(
            "perf",
            [
                "stat", "-x,", "-e", "syscalls:sys_enter_fdatasync,syscalls:sys_enter_fsync",
                "-p", string.Join(',', processes.Select(static id => id.ToString(CultureInfo.InvariantCulture))),
            ])
        {
            RedirectStandardError = true,
            UseShellExecute = false,
        })!;
        await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, cancellationToken); // It says nothing when it has begun.
        return new(started);
    }

    /// <returns>Null when it could not count.</returns>
    public async Task<long?> EndAsync(CancellationToken cancellationToken)
    {
        using var interrupt = Process.Start("kill", ["-INT", perf.Id.ToString(CultureInfo.InvariantCulture)]);
        await perf.WaitForExitAsync(cancellationToken);
        var counts = (await said).Split('\n').Where(static line => line.Contains("sync", StringComparison.Ordinal)).Select(static line => line.Split(',')[0]).ToArray();
        return counts.Length == 2 && counts.All(static count => long.TryParse(count, CultureInfo.InvariantCulture, out _))
            ? counts.Sum(static count => long.Parse(count, CultureInfo.InvariantCulture))
            : null;
    }

    public void Dispose()
    {
        if (!perf.HasExited)
        {
            perf.Kill();
        }

        perf.Dispose();
    }
}
