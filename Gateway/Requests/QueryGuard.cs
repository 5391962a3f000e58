using Svom.Outcomes;

namespace Svom.Requests;

/// <summary>Refuses a query that the call does not declare: a misspelt filter must not answer with everything.</summary>
internal static class QueryGuard
{
    /// <summary>Declares the query parameters of a call.</summary>
    public static TBuilder Takes<TBuilder>(this TBuilder builder, params QueryParameter[] parameters)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new QueryDeclaration([.. parameters]));

    public static ValueTask<object?> CheckAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var problem = Fault(context.HttpContext);
        return problem is null ? next(context) : ValueTask.FromResult<object?>(problem);
    }

    private static Problem? Fault(HttpContext http)
    {
        var declared = http.GetEndpoint()?.Metadata.GetMetadata<QueryDeclaration>()?.Parameters ?? [];
        foreach (var (name, values) in http.Request.Query)
        {
            var parameter = declared.FirstOrDefault(parameter => parameter.Name == name);
            var fault = parameter is null
                ? $"is not known here; known are: {(declared.IsEmpty ? "none" : string.Join(", ", declared.Select(static known => known.Name)))}"
                : parameter.Fault(values);
            if (fault is not null)
            {
                var shown = name.Length <= 64 ? name : name[..64];
                return new(ProblemTypes.InvalidParameter, $"The query parameter '{shown}' {fault}.") { Parameter = shown };
            }
        }

        return null;
    }
}
