using System.Diagnostics;
using System.Globalization;

namespace Svom.Workflows;

/// <summary>What the system says of processes; Linux only. A process that is gone counts nothing.</summary>
internal static class ProcessAccounts
{
    private const double Hertz = 100;

    /// <summary>A process with all its descendants.</summary>
    public static IReadOnlyList<int> Tree(int process)
    {
        var found = new List<int> { process };
        for (var i = 0; i < found.Count; i++)
        {
            var tasks = string.Create(CultureInfo.InvariantCulture, $"/proc/{found[i]}/task");
            foreach (var task in Directory.Exists(tasks) ? Directory.GetDirectories(tasks) : [])
            {
                found.AddRange(Read(Path.Combine(task, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Integer).Except(found));
            }
        }

        return found;
    }

    /// <summary>CPU seconds of this process alone, or of a tree with what its root has reaped.</summary>
    public static double Cpu(int process)
    {
        if (process == Environment.ProcessId)
        {
            using var self = Process.GetCurrentProcess();
            return self.TotalProcessorTime.TotalSeconds;
        }

        var ticks = 0L;
        foreach (var one in Tree(process))
        {
            var stat = Read(string.Create(CultureInfo.InvariantCulture, $"/proc/{one}/stat"));
            var fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length > 14)
            {
                ticks += Integer(fields[11]) + Integer(fields[12]) + (one == process ? Integer(fields[13]) + Integer(fields[14]) : 0);
            }
        }

        return ticks / Hertz;
    }

    /// <summary>Memory of a tree in MiB, each shared page divided among those that share it.</summary>
    public static double PssMiB(int process) => Math.Round(
        Tree(process).Sum(static one => Read(string.Create(CultureInfo.InvariantCulture, $"/proc/{one}/smaps_rollup")).Split('\n')
            .Where(static line => line.StartsWith("Pss:", StringComparison.Ordinal))
            .Sum(static line => Integer(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]))) / 1_024d,
        1);

    /// <summary>Room that a folder takes on the disk, in MiB.</summary>
    public static async Task<double> DiskMiBAsync(string folder, CancellationToken cancellationToken)
    {
        using var run = Process.Start(new ProcessStartInfo("du", ["-sk", folder]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        var said = await run.StandardOutput.ReadToEndAsync(cancellationToken);
        await run.WaitForExitAsync(cancellationToken);
        return Math.Round(Integer(said.Split('\t')[0]) / 1_024d, 1);
    }

    /// <summary>CPU seconds that the whole machine has worked.</summary>
    public static double MachineBusy()
    {
        var ticks = Read("/proc/stat").Split('\n')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return ((int[])[1, 2, 3, 6, 7]).Sum(i => long.Parse(ticks[i], CultureInfo.InvariantCulture)) / Hertz;
    }

    private static int Integer(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
