namespace Svom.Workflows;

/// <summary>Lines of a history and what happened in them.</summary>
internal partial struct PayloadVisit
{
    public bool Map(HistoryEvent line, out HistoryEvent mapped)
    {
        var changed = Map(line.Attributes, out var attributes) | Map(line.UserMetadata, out var words);
        mapped = changed ? line with { Attributes = attributes, UserMetadata = words } : line;
        return changed;
    }

    public bool Map(EventAttributes attributes, out EventAttributes mapped)
    {
        mapped = attributes switch
        {
            WorkflowExecutionStarted e => Started(e),
            WorkflowExecutionCompleted e => Map(e.Result, out var result) ? e with { Result = result } : e,
            WorkflowExecutionFailed e => Map(e.Failure, out var failure) ? e with { Failure = failure! } : e,
            WorkflowExecutionCanceled e => Map(e.Details, out var details) ? e with { Details = details } : e,
            WorkflowExecutionTerminated e => Map(e.Details, out var details) ? e with { Details = details } : e,
            WorkflowExecutionContinuedAsNew e => ContinuedAsNew(e),
            WorkflowExecutionSignaled e => Map(e.Input, out var input) | Map(e.Headers, out var headers) ? e with { Input = input, Headers = headers! } : e,
            WorkflowPropertiesModified e => MapUpserts(e.UpsertedMemo, out var memo) ? e with { UpsertedMemo = memo! } : e,
            WorkflowExecutionUpdateAccepted e => Map(e.AcceptedRequest, out var request) ? e with { AcceptedRequest = request } : e,
            WorkflowExecutionUpdateCompleted e => Map(e.Result, out var result) | Map(e.Failure, out var failure) ? e with { Result = result, Failure = failure } : e,
            WorkflowTaskFailed e => Map(e.Failure, out var failure) ? e with { Failure = failure } : e,
            ActivityTaskScheduled e => Map(e.Input, out var input) | Map(e.Headers, out var headers) ? e with { Input = input, Headers = headers! } : e,
            ActivityTaskStarted e => Map(e.LastFailure, out var failure) ? e with { LastFailure = failure } : e,
            ActivityTaskCompleted e => Map(e.Result, out var result) ? e with { Result = result } : e,
            ActivityTaskFailed e => Map(e.Failure, out var failure) ? e with { Failure = failure! } : e,
            ActivityTaskTimedOut e => Map(e.Failure, out var failure) ? e with { Failure = failure! } : e,
            ActivityTaskCanceled e => Map(e.Details, out var details) ? e with { Details = details } : e,
            MarkerRecorded e => Marker(e),
            StartChildWorkflowExecutionInitiated e => ChildInitiated(e),
            ChildWorkflowExecutionStarted e => Map(e.Headers, out var headers) ? e with { Headers = headers! } : e,
            ChildWorkflowExecutionCompleted e => Map(e.Result, out var result) ? e with { Result = result } : e,
            ChildWorkflowExecutionFailed e => Map(e.Failure, out var failure) ? e with { Failure = failure! } : e,
            ChildWorkflowExecutionCanceled e => Map(e.Details, out var details) ? e with { Details = details } : e,
            SignalExternalWorkflowExecutionInitiated e => Map(e.Input, out var input) | Map(e.Headers, out var headers) ? e with { Input = input, Headers = headers! } : e,
            _ => attributes, // The others have no payloads; a test holds this list against the types.
        };
        return !ReferenceEquals(mapped, attributes);
    }

    private WorkflowExecutionStarted Started(WorkflowExecutionStarted e) =>
        Map(e.Input, out var input) | Map(e.ContinuedFailure, out var failure) | Map(e.LastCompletionResult, out var last) | Map(e.Memo, out var memo) | Map(e.Headers, out var headers)
            ? e with { Input = input, ContinuedFailure = failure, LastCompletionResult = last, Memo = memo!, Headers = headers! } : e;

    private WorkflowExecutionContinuedAsNew ContinuedAsNew(WorkflowExecutionContinuedAsNew e) =>
        Map(e.Input, out var input) | Map(e.Failure, out var failure) | Map(e.LastCompletionResult, out var last) | Map(e.Memo, out var memo) | Map(e.Headers, out var headers)
            ? e with { Input = input, Failure = failure, LastCompletionResult = last, Memo = memo!, Headers = headers! } : e;

    private MarkerRecorded Marker(MarkerRecorded e) =>
        Map(e.Details, out var details) | Map(e.Headers, out var headers) | Map(e.Failure, out var failure)
            ? e with { Details = details, Headers = headers!, Failure = failure } : e;

    private StartChildWorkflowExecutionInitiated ChildInitiated(StartChildWorkflowExecutionInitiated e) =>
        Map(e.Input, out var input) | Map(e.Memo, out var memo) | Map(e.Headers, out var headers) ? e with { Input = input, Memo = memo!, Headers = headers! } : e;
}
