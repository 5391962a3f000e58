namespace Svom.Outcomes;

/// <summary>How a refusal of the platform looks over HTTP. Only this project knows HTTP.</summary>
internal static class RefusalProblem
{
    /// <param name="refusal">The platform's no.</param>
    /// <param name="invalid">What <see cref="RefusalCode.Invalid"/> means at this call.</param>
    /// <param name="conflict">What <see cref="RefusalCode.Conflict"/> means at this call.</param>
    public static Problem ToProblem(this Refusal refusal, ProblemType? invalid = null, ProblemType? conflict = null)
    {
        var kind = refusal.Code switch
        {
            RefusalCode.NotFound => ProblemTypes.NotFound,
            RefusalCode.Invalid => invalid ?? ProblemTypes.Invalid,
            RefusalCode.Conflict => conflict ?? ProblemTypes.Conflict,
            RefusalCode.Gap => ProblemTypes.Gap,
            RefusalCode.Overloaded => ProblemTypes.Overloaded,
            RefusalCode.Forbidden => ProblemTypes.Forbidden,
            RefusalCode.NotPossibleNow => ProblemTypes.NotPossibleNow,
            RefusalCode.KeyReused => ProblemTypes.KeyReused,
            _ => ProblemTypes.Internal,
        };
        return new(kind, refusal.Detail) { Refusal = (int)refusal.Code, RetryAfterSeconds = refusal.Code is RefusalCode.Overloaded ? 1 : null };
    }
}
