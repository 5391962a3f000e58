namespace Svom;

/// <summary>One measured figure: one JSON line.</summary>
/// <param name="Name">What, for example <c>event-store.appends.64</c>.</param>
/// <param name="Value">The figure.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Done">What was done to get it: counts, sizes, shape.</param>
/// <param name="Durability">What an answer meant.</param>
internal sealed record BenchmarkFigure(string Name, double Value, string Unit, string Done, string Durability);
