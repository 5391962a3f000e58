using System.Collections.Immutable;

namespace Svom.Outcomes;

/// <summary>Part of a list. Cursors are opaque to clients and do not expire.</summary>
/// <param name="Items">In the order asked for.</param>
/// <param name="Next">Where the next page begins; null at the end of a list newest first, always set in an archive read ascending.</param>
[GenerateSerializer, Immutable, Alias("svom.page`1")]
public sealed record Page<T>([property: Id(0)] ImmutableArray<T> Items, [property: Id(1)] string? Next);
