using System.Collections.Immutable;

namespace Svom.Workflows;

/// <summary>How a local activity ended: recorded by itself before the code goes on, and once more as a marker when the task is over.</summary>
/// <param name="Sequence">1, 2, 3, … in the order in which the run's code asked for local activities.</param>
/// <param name="Attempt">The attempt that ended it.</param>
/// <param name="Result">Null when it failed.</param>
/// <param name="Failure">Null when it did not.</param>
public sealed record LocalStep(int Sequence, string ActivityType, int Attempt, ImmutableArray<Payload>? Result, Failure? Failure);
