using System.Collections.Immutable;

namespace Svom.Outcomes;

/// <summary>Part of a list.</summary>
/// <param name="Items">In the order asked for.</param>
/// <param name="Next">Cursor of the next part; null at the end.</param>
internal sealed record ListAnswer<T>(ImmutableArray<T> Items, string? Next);
