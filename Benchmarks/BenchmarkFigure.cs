namespace Svom;

/// <summary>One measured figure: one JSON line.</summary>
/// <param name="Name">What, for example <c>event-store.plain.64.rate</c>.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Done">What was done to get it: counts, sizes, shape.</param>
/// <param name="Durability">What an answer meant.</param>
/// <param name="Runs">The figure of each run, in order.</param>
internal sealed record BenchmarkFigure(string Name, string Unit, string Done, string Durability, IReadOnlyList<double> Runs)
{
    /// <summary>A figure of one run.</summary>
    public BenchmarkFigure(string name, double value, string unit, string done, string durability)
        : this(name, unit, done, durability, [value])
    {
    }

    /// <summary>The median of the runs; of an even number the lower of the middle two.</summary>
    public double Value => Runs.Order().ElementAt((Runs.Count - 1) / 2);
}

/// <summary>A named measurement.</summary>
/// <param name="Name">As on the command line.</param>
/// <param name="Says">One sentence for the list.</param>
/// <param name="Runs">How often it is repeated unless told otherwise.</param>
/// <param name="RunAsync">One run: its figures.</param>
internal sealed record Benchmark(string Name, string Says, int Runs, Func<CancellationToken, Task<IEnumerable<BenchmarkFigure>>> RunAsync)
{
    /// <summary>Repeats it and puts the runs of each figure together.</summary>
    public async Task<IReadOnlyList<BenchmarkFigure>> RepeatAsync(int runs, CancellationToken cancellationToken)
    {
        var figures = new List<BenchmarkFigure>();
        for (var run = 0; run < runs; run++)
        {
            figures.AddRange(await RunAsync(cancellationToken));
        }

        return [.. figures.GroupBy(static figure => figure.Name).Select(static same => same.Last() with { Runs = [.. same.SelectMany(static figure => figure.Runs)] })];
    }
}
