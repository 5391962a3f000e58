using Svom.Workflows;

namespace Svom;

/// <summary>Runs what was named and prints its lines.</summary>
internal static class BenchmarkCommand
{
    public static async Task<int> RunAsync(
        IReadOnlyList<Benchmark> benchmarks, WorkflowBenchmarks workflows, string name, FileInfo? json, int? runs, TimeProvider time, CancellationToken cancellationToken)
    {
        if (name == "list")
        {
            foreach (var (named, says) in benchmarks.Select(static one => (one.Name, one.Says)).Concat(WorkflowBenchmarks.All.Select(static one => (one.Name, one.Says))))
            {
                await Console.Out.WriteLineAsync($"{named,-14}{says}");
            }

            return 0;
        }

        var chosen = benchmarks.Where(benchmark => name == "all" || name == benchmark.Name).ToArray();
        var measured = await workflows.RunAsync(name, json, time, cancellationToken);
        if (chosen.Length == 0 && !measured)
        {
            await Console.Error.WriteLineAsync($"There is no figure '{name}'; list names them.");
            return 2;
        }

        foreach (var benchmark in chosen)
        {
            var before = MachineLoad.Now();
            var figures = await benchmark.RepeatAsync(Math.Max(1, runs ?? benchmark.Runs), cancellationToken);
            var load = new MachineLoad(before, MachineLoad.Now());
            foreach (var line in figures.Select(figure => BenchmarkLine.Of(figure, time.GetUtcNow(), load).Write()))
            {
                await Console.Out.WriteLineAsync(line);
                if (json is not null)
                {
                    await File.AppendAllTextAsync(json.FullName, line + "\n", cancellationToken);
                }
            }
        }

        return 0;
    }
}
