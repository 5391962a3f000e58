namespace Svom.Workflows;

/// <summary>Why there is no further attempt, as it stands in failures. Numbers stand in stored records and never change.</summary>
public enum RetryState
{
    Unspecified = 0,

    /// <summary>There is a further attempt.</summary>
    InProgress = 1,

    /// <summary>Another attempt would be useless.</summary>
    NonRetryableFailure = 2,

    /// <summary>The next attempt would begin after the time for all of them.</summary>
    Timeout = 3,

    MaximumAttemptsReached = 4,

    RetryPolicyNotSet = 5,

    InternalServerError = 6,

    CancelRequested = 7,
}
