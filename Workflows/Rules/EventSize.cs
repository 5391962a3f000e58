using System.Collections.Immutable;

namespace Svom.Workflows;

/// <summary>Rough octets of an event: its payloads and failures, and a fixed share for the rest.</summary>
internal static class EventSize
{
    private const long Share = 96;

    public static long Of(HistoryEvent recorded) => Share + Of(recorded.Attributes) + Of(recorded.UserMetadata?.Summary) + Of(recorded.UserMetadata?.Details);

    private static long Of(EventAttributes attributes) => attributes switch
    {
        WorkflowExecutionStarted e => Of(e.Input) + Of(e.Memo) + Of(e.SearchAttributes) + Of(e.Headers) + Of(e.LastCompletionResult) + Of(e.ContinuedFailure),
        WorkflowExecutionCompleted e => Of(e.Result),
        WorkflowExecutionFailed e => Of(e.Failure),
        WorkflowExecutionCanceled e => Of(e.Details),
        WorkflowExecutionTerminated e => Of(e.Details) + e.Reason.Length,
        WorkflowExecutionContinuedAsNew e => Of(e.Input) + Of(e.Memo) + Of(e.SearchAttributes) + Of(e.Headers) + Of(e.LastCompletionResult) + Of(e.Failure),
        WorkflowExecutionSignaled e => Of(e.Input) + Of(e.Headers),
        UpsertWorkflowSearchAttributes e => Of(e.SearchAttributes),
        WorkflowPropertiesModified e => Of(e.UpsertedMemo),
        WorkflowTaskCompleted e => e.SdkMetadata.Length,
        WorkflowTaskFailed e => Of(e.Failure),
        ActivityTaskScheduled e => Of(e.Input) + Of(e.Headers),
        ActivityTaskStarted e => Of(e.LastFailure),
        ActivityTaskCompleted e => Of(e.Result),
        ActivityTaskFailed e => Of(e.Failure),
        ActivityTaskTimedOut e => Of(e.Failure),
        ActivityTaskCanceled e => Of(e.Details),
        MarkerRecorded e => Of(e.Details) + Of(e.Headers) + Of(e.Failure),
        StartChildWorkflowExecutionInitiated e => Of(e.Input) + Of(e.Memo) + Of(e.SearchAttributes) + Of(e.Headers),
        ChildWorkflowExecutionStarted e => Of(e.Headers),
        ChildWorkflowExecutionCompleted e => Of(e.Result),
        ChildWorkflowExecutionFailed e => Of(e.Failure),
        ChildWorkflowExecutionCanceled e => Of(e.Details),
        SignalExternalWorkflowExecutionInitiated e => Of(e.Input) + Of(e.Headers),
        WorkflowExecutionUpdateAccepted e => Of(e.AcceptedRequest.Input) + Of(e.AcceptedRequest.Headers),
        WorkflowExecutionUpdateCompleted e => (e.Result is { } result ? Of(result) : 0) + Of(e.Failure),
        _ => 0,
    };

    private static long Of(Payload? payload) => payload?.Size ?? 0;

    private static long Of(ImmutableArray<Payload> payloads)
    {
        var size = 0L;
        foreach (var payload in payloads.IsDefault ? [] : payloads)
        {
            size += payload.Size;
        }

        return size;
    }

    private static long Of(ImmutableSortedDictionary<string, Payload> payloads)
    {
        var size = 0L;
        foreach (var (key, payload) in payloads)
        {
            size += key.Length + payload.Size;
        }

        return size;
    }

    private static long Of(ImmutableSortedDictionary<string, ImmutableArray<Payload>> details)
    {
        var size = 0L;
        foreach (var (key, payloads) in details)
        {
            size += key.Length + Of(payloads);
        }

        return size;
    }

    private static long Of(Failure? failure)
    {
        var size = 0L;
        for (; failure is not null; failure = failure.Cause)
        {
            size += failure.Message.Length + failure.StackTrace.Length + Of(failure.EncodedAttributes) + (failure switch
            {
                ApplicationFailure application => application.Type.Length + Of(application.Details),
                TimeoutFailure timeout => Of(timeout.LastHeartbeatDetails),
                CancelledFailure cancelled => Of(cancelled.Details),
                _ => 0,
            });
        }

        return size;
    }
}
