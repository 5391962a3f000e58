using System.Collections.Immutable;

namespace Svom.Workflows;

/// <summary>Turns exceptions into failures and back, with everything that led to them.</summary>
public static class FailureConverter
{
    // Deeper than people read; a chain that bites its tail ends here.
    private const int DeepestCause = 40;

    /// <summary>How an exception looks from afar. One that came over the wire is given on as it came.</summary>
    public static Failure ToFailure(Exception exception, IPayloadConverter converter)
    {
        ArgumentNullException.ThrowIfNull(exception);
        ArgumentNullException.ThrowIfNull(converter);
        return ToFailure(exception, converter, 0);
    }

    /// <summary>What a workflow's code, or a caller, sees of a failure.</summary>
    public static Exception ToException(Failure failure)
    {
        ArgumentNullException.ThrowIfNull(failure);
        var inner = failure.Cause is { } cause ? ToException(cause) : null;
        return failure switch
        {
            ApplicationFailure application => new ApplicationFailureException(application, inner),
            CancelledFailure cancelled => new CanceledFailureException(cancelled, inner),
            TerminatedFailure terminated => new TerminatedFailureException(terminated, inner),
            TimeoutFailure timeout => new TimeoutFailureException(timeout, inner),
            ServerFailure server => new ServerFailureException(server, inner),
            ActivityFailure activity => new ActivityFailureException(activity, inner),
            ChildWorkflowFailure child => new ChildWorkflowFailureException(child, inner),
            _ => throw new ArgumentOutOfRangeException(nameof(failure), failure, "A failure of an unknown kind."),
        };
    }

    private static Failure ToFailure(Exception exception, IPayloadConverter converter, int depth)
    {
        if (exception is FailureException { Failure: { } known })
        {
            return known;
        }

        if (exception is AggregateException { InnerExceptions: [var only] })
        {
            return ToFailure(only, converter, depth);
        }

        var cause = exception.InnerException is { } inner && depth < DeepestCause ? ToFailure(inner, converter, depth + 1) : null;
        var stack = exception.StackTrace ?? "";
        return exception switch
        {
            ApplicationFailureException application => new ApplicationFailure(
                application.Message, application.ErrorType ?? "", application.NonRetryable, Details(application.Details, converter), application.NextRetryDelay, stack, cause),
            CanceledFailureException cancelled => new CancelledFailure(cancelled.Message, Details(cancelled.Details, converter), stack, cause),
            OperationCanceledException cancelled => new CancelledFailure(cancelled.Message, [], stack, cause),
            TerminatedFailureException terminated => new TerminatedFailure(terminated.Message, stack, cause),
            TimeoutFailureException timeout => new TimeoutFailure(timeout.Message, timeout.Kind, timeout.LastHeartbeatDetails, stack, cause),
            ServerFailureException server => new ServerFailure(server.Message, server.NonRetryable, stack, cause),
            _ => new ApplicationFailure(exception.Message, TypeName(exception), NonRetryable: false, [], null, stack, cause),
        };
    }

    private static ImmutableArray<Payload> Details(IReadOnlyList<object?> details, IPayloadConverter converter)
    {
        try
        {
            return converter.ToPayloads(details);
        }
        catch (PayloadException exception) // A failure is told even when its details can't be.
        {
            return [converter.ToPayload(exception.Message)];
        }
    }

    private static string TypeName(Exception exception) => exception is WorkflowAlreadyStartedException ? "WorkflowAlreadyStarted" : exception.GetType().Name;
}
