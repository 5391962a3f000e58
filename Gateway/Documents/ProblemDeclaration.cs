using System.Collections.Immutable;
using Svom.Outcomes;

namespace Svom.Documents;

/// <summary>The problems a call can answer besides those every call has, as endpoint metadata for the OpenAPI document.</summary>
internal sealed record ProblemDeclaration(ImmutableArray<ProblemType> Kinds);

internal static class ProblemDeclarations
{
    /// <summary>Declares the problems a call can answer.</summary>
    public static TBuilder Says<TBuilder>(this TBuilder builder, params ReadOnlySpan<ProblemType> kinds)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new ProblemDeclaration([.. kinds]));
}
