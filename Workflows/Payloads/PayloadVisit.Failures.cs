using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Svom.Workflows;

/// <summary>Failures with all their causes.</summary>
internal partial struct PayloadVisit
{
    public bool Map(Failure? failure, out Failure? mapped)
    {
        mapped = failure;
        if (failure is null)
        {
            return false;
        }

        RuntimeHelpers.EnsureSufficientExecutionStack(); // Whoever sends a chain without end gets an exception, and takes nobody along.
        var changed = MapOwn(failure, out var own);
        if (Map(failure.Cause, out var cause) | Map(failure.EncodedAttributes, out var words))
        {
            (own, changed) = (own with { Cause = cause, EncodedAttributes = words }, true);
        }

        changed |= _text switch
        {
            FailureText.Hide => FailureWords.Hide(own, out own),
            FailureText.Show => FailureWords.Show(own, out own),
            _ => false,
        };
        mapped = own;
        return changed;
    }

    // What only some kinds have.
    private bool MapOwn(Failure failure, out Failure mapped)
    {
        mapped = failure;
        switch (failure)
        {
            case ApplicationFailure f when Map(f.Details, out var details): mapped = f with { Details = details }; return true;
            case TimeoutFailure f when Map(f.LastHeartbeatDetails, out var details): mapped = f with { LastHeartbeatDetails = details }; return true;
            case CancelledFailure f when Map(f.Details, out var details): mapped = f with { Details = details }; return true;
            case ApplicationFailure or TimeoutFailure or CancelledFailure or TerminatedFailure or ServerFailure or ActivityFailure or ChildWorkflowFailure: return false;
            default: throw new UnreachableException($"The walk over payloads does not know {failure.GetType().Name}.");
        }
    }
}
