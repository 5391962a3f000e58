using System.Collections.Immutable;

namespace Svom.Workflows;

/// <summary>A failure as a workflow's code, or a caller, sees it. Thrown out of a workflow it fails the run; any other exception only fails the task, which is tried again.</summary>
public abstract class FailureException : Exception
{
    protected FailureException(string message, Exception? inner, Failure? failure = null) : base(message, inner) => Failure = failure;

    /// <summary>As it came over the wire; null when it was made here.</summary>
    public Failure? Failure { get; }
}

/// <summary>What an author's code throws on purpose, or another exception as it looks from afar.</summary>
public sealed class ApplicationFailureException : FailureException
{
    /// <param name="message">For people.</param>
    /// <param name="errorType">Its kind, by which a retry policy may refuse to try again.</param>
    /// <param name="nonRetryable">True: trying again is useless.</param>
    /// <param name="details">More for the caller.</param>
    /// <param name="nextRetryDelay">Pause before the next attempt, in place of the policy's.</param>
    /// <param name="inner">What led to it.</param>
    public ApplicationFailureException(
        string message, string? errorType = null, bool nonRetryable = false, IReadOnlyList<object?>? details = null, TimeSpan? nextRetryDelay = null, Exception? inner = null)
        : base(message, inner)
    {
        ErrorType = errorType;
        NonRetryable = nonRetryable;
        Details = details ?? [];
        NextRetryDelay = nextRetryDelay;
    }

    internal ApplicationFailureException(ApplicationFailure failure, Exception? inner) : base(failure.Message, inner, failure)
    {
        ErrorType = failure.Type.Length == 0 ? null : failure.Type;
        NonRetryable = failure.NonRetryable;
        Details = failure.Details.IsDefaultOrEmpty ? [] : [.. failure.Details];
        NextRetryDelay = failure.NextRetryDelay;
    }

    public string? ErrorType { get; }

    public bool NonRetryable { get; }

    /// <summary>Values, or payloads when it came over the wire: <see cref="PayloadConverterExtensions.ToValue{T}"/> reads those.</summary>
    public IReadOnlyList<object?> Details { get; }

    public TimeSpan? NextRetryDelay { get; }
}

/// <summary>It was asked to stop and did.</summary>
public sealed class CanceledFailureException : FailureException
{
    public CanceledFailureException(string message, IReadOnlyList<object?>? details = null, Exception? inner = null) : base(message, inner) => Details = details ?? [];

    internal CanceledFailureException(CancelledFailure failure, Exception? inner) : base(failure.Message, inner, failure) =>
        Details = failure.Details.IsDefaultOrEmpty ? [] : [.. failure.Details];

    /// <summary>Values, or payloads when it came over the wire.</summary>
    public IReadOnlyList<object?> Details { get; }
}

/// <summary>It was ended from outside, without being asked.</summary>
public sealed class TerminatedFailureException : FailureException
{
    public TerminatedFailureException(string message, Exception? inner = null) : base(message, inner)
    {
    }

    internal TerminatedFailureException(TerminatedFailure failure, Exception? inner) : base(failure.Message, inner, failure)
    {
    }
}

/// <summary>It took longer than it may.</summary>
public sealed class TimeoutFailureException : FailureException
{
    public TimeoutFailureException(string message, TimeoutKind kind, Exception? inner = null) : base(message, inner) => Kind = kind;

    internal TimeoutFailureException(TimeoutFailure failure, Exception? inner) : base(failure.Message, inner, failure)
    {
        Kind = failure.Kind;
        LastHeartbeatDetails = failure.LastHeartbeatDetails.IsDefault ? [] : failure.LastHeartbeatDetails;
    }

    /// <summary>Which of the times ran out.</summary>
    public TimeoutKind Kind { get; }

    /// <summary>What the attempt told of its progress last.</summary>
    public ImmutableArray<Payload> LastHeartbeatDetails { get; } = [];
}

/// <summary>The platform itself could not do it.</summary>
public sealed class ServerFailureException : FailureException
{
    public ServerFailureException(string message, bool nonRetryable = false, Exception? inner = null) : base(message, inner) => NonRetryable = nonRetryable;

    internal ServerFailureException(ServerFailure failure, Exception? inner) : base(failure.Message, inner, failure) => NonRetryable = failure.NonRetryable;

    public bool NonRetryable { get; }
}

/// <summary>An activity did not succeed; the inner exception says why.</summary>
public sealed class ActivityFailureException : FailureException
{
    internal ActivityFailureException(ActivityFailure failure, Exception? inner) : base(failure.Message, inner, failure)
    {
        ActivityType = failure.ActivityType;
        ActivityId = failure.ActivityId;
        RetryState = failure.RetryState;
    }

    public string ActivityType { get; }

    public string ActivityId { get; }

    /// <summary>Why it was not tried again.</summary>
    public RetryState RetryState { get; }
}

/// <summary>A child workflow did not succeed; the inner exception says why.</summary>
public sealed class ChildWorkflowFailureException : FailureException
{
    internal ChildWorkflowFailureException(ChildWorkflowFailure failure, Exception? inner) : base(failure.Message, inner, failure)
    {
        Namespace = failure.Namespace;
        WorkflowId = failure.Run.WorkflowId;
        RunId = failure.Run.RunId;
        WorkflowType = failure.WorkflowType;
        RetryState = failure.RetryState;
    }

    public string Namespace { get; }

    public string WorkflowId { get; }

    /// <summary>Of the child's first run; empty when it never began.</summary>
    public string RunId { get; }

    public string WorkflowType { get; }

    /// <summary>Why it was not tried again.</summary>
    public RetryState RetryState { get; }
}

/// <summary>A workflow with that id is there already, and the policies say no.</summary>
public sealed class WorkflowAlreadyStartedException(string workflowId, string workflowType)
    : FailureException($"A workflow with id '{workflowId}' is there already.", null)
{
    public string WorkflowId { get; } = workflowId;

    public string WorkflowType { get; } = workflowType;
}
