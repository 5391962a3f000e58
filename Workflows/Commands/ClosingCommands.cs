using System.Collections.Immutable;

namespace Svom.Workflows;

public sealed record CompleteWorkflow(ImmutableArray<Payload> Result, UserMetadata? UserMetadata = null) : Command(UserMetadata)
{
    public override bool Closes => true;
}

public sealed record FailWorkflow(Failure Failure, UserMetadata? UserMetadata = null) : Command(UserMetadata)
{
    public override bool Closes => true;
}

public sealed record CancelWorkflow(ImmutableArray<Payload> Details, UserMetadata? UserMetadata = null) : Command(UserMetadata)
{
    public override bool Closes => true;
}

/// <summary>Goes on in a new run. What is null or empty stays as it was in this run.</summary>
public sealed record ContinueAsNew(
    string WorkflowType, string TaskQueue, ImmutableArray<Payload> Input, TimeSpan? RunTimeout, TimeSpan? TaskTimeout, TimeSpan? Backoff,
    RetryPolicy? RetryPolicy, ImmutableSortedDictionary<string, Payload>? Memo, ImmutableSortedDictionary<string, Payload>? SearchAttributes,
    ImmutableSortedDictionary<string, Payload> Headers, UserMetadata? UserMetadata = null) : Command(UserMetadata)
{
    public override bool Closes => true;
}
