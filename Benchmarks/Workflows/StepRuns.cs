using System.Globalization;
using System.Text;

namespace Svom.Workflows;

/// <summary>A file with a line for each time that a step's body really ran; it stays when the process is killed.</summary>
internal sealed class StepRuns(string path)
{
    /// <summary>Environment variable that names the file of the process; without it nothing is written.</summary>
    public const string Variable = "SVOM_BENCH_STEPS";

    private readonly Lock gate = new();
    private readonly FileStream? file = path.Length > 0 ? new(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0) : null;

    public static StepRuns Shared { get; } = new(Environment.GetEnvironmentVariable(Variable) ?? "");

    public void Say(string workflow, int step)
    {
        var line = Encoding.UTF8.GetBytes(Line(workflow, step) + '\n');
        lock (gate)
        {
            file?.Write(line);
        }
    }

    /// <summary>How often steps ran, ran once too often, and never ran.</summary>
    public static (int Runs, int Duplicates, int Missing) Count(string path, IReadOnlyList<string> workflows)
    {
        var runs = File.Exists(path) ? File.ReadAllLines(path) : [];
        var once = runs.ToHashSet(StringComparer.Ordinal);
        var missing = workflows.Sum(workflow => Enumerable.Range(0, MeasuredWorkflows.Steps).Count(step => !once.Contains(Line(workflow, step))));
        return (runs.Length, runs.Length - once.Count, missing);
    }

    private static string Line(string workflow, int step) => string.Create(CultureInfo.InvariantCulture, $"{workflow} {step}");
}
