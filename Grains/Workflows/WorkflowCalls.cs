using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Svom.Outcomes;

namespace Svom.Workflows;

/// <summary>Between the contract of the grain and the words of the rules.</summary>
internal static class WorkflowCalls
{
    private static readonly ImmutableSortedDictionary<string, Payload> NoPayloads = ImmutableSortedDictionary.Create<string, Payload>(StringComparer.Ordinal);

    public static StartRequest ToRequest(StartWorkflowCall call) => new(
        call.RequestId, call.WorkflowType, call.TaskQueue, ToPayloads(call.Input), call.ExecutionTimeout, call.RunTimeout, call.TaskTimeout,
        (WorkflowIdReusePolicy)call.IdReuse, (WorkflowIdConflictPolicy)call.IdConflict, call.Retry.IsEmpty ? null : Read(call.Retry, WorkflowJson.Default.RetryPolicy),
        call.Delay, null, call.Identity, ToMap(call.Memo), ToMap(call.SearchAttributes), ToMap(call.Headers));

    public static Signal ToInput(SignalWorkflowCall call) =>
        new(call.SignalName, ToPayloads(call.Input), call.Identity, ToMap(call.Headers), call.RequestId, call.RunId);

    public static UpdateRequest ToRequest(UpdateWorkflowCall call) => new(call.UpdateId, call.UpdateName, ToPayloads(call.Input), call.Identity, ToMap(call.Headers));

    public static WorkflowInput ToInput(ActivityNewsCall call, long scheduledEventId, string runId)
    {
        var payloads = ToPayloads(call.Payloads);
        return call.Kind switch
        {
            ActivityNewsKind.Completed => new AttemptSucceeded(scheduledEventId, call.Attempt, call.Identity, payloads) { RunId = runId },
            ActivityNewsKind.Failed => new AttemptFailed(scheduledEventId, call.Attempt, call.Identity, Read(call.Failure, WorkflowJson.Default.Failure)) { RunId = runId },
            ActivityNewsKind.Canceled => new AttemptCanceled(scheduledEventId, call.Attempt, call.Identity, payloads) { RunId = runId },
            ActivityNewsKind.Heartbeat => new AttemptBeat(scheduledEventId, call.Attempt, call.Identity, payloads) { RunId = runId },
            _ => throw new JsonException($"There is no kind {(int)call.Kind} of news of an activity."),
        };
    }

    public static ImmutableArray<Payload> ToPayloads(PayloadsJson payloads) => payloads.Json.IsEmpty ? [] : Read(payloads.Json, WorkflowJson.Default.ImmutableArrayPayload);

    public static ImmutableSortedDictionary<string, Payload> ToMap(PayloadMapJson payloads) =>
        payloads.Json.IsEmpty ? NoPayloads : Read(payloads.Json, WorkflowJson.Default.ImmutableSortedDictionaryStringPayload);

    public static PayloadsJson FromPayloads(ImmutableArray<Payload> payloads) =>
        payloads.IsDefaultOrEmpty ? default : new(JsonSerializer.SerializeToUtf8Bytes(payloads, WorkflowJson.Default.ImmutableArrayPayload));

    public static PayloadMapJson FromMap(ImmutableSortedDictionary<string, Payload> payloads) =>
        payloads.IsEmpty ? default : new(JsonSerializer.SerializeToUtf8Bytes(payloads, WorkflowJson.Default.ImmutableSortedDictionaryStringPayload));

    public static ReadOnlyMemory<byte> FromFailure(Failure? failure) =>
        failure is null ? default(ReadOnlyMemory<byte>) : JsonSerializer.SerializeToUtf8Bytes(failure, WorkflowJson.Default.Failure);

    public static ReadOnlyMemory<byte> FromEvents(HistoryEvent[] events) => JsonSerializer.SerializeToUtf8Bytes(events, WorkflowJson.Default.HistoryEventArray);

    public static WorkflowEnd ToEnd(string runId, RunStatus status, EventAttributes? outcome) => new(
        runId, JsonNamingPolicy.CamelCase.ConvertName(status.ToString()),
        outcome is null ? default(ReadOnlyMemory<byte>) : JsonSerializer.SerializeToUtf8Bytes(outcome, WorkflowJson.Default.EventAttributes), NextRun(outcome));

    public static UpdateAnswer ToAnswer(string runId, UpdateAnswered answered) => new(
        runId, answered.Result is null && answered.Failure is null ? UpdateStage.Accepted : answered.Accepted || answered.Failure is null ? UpdateStage.Completed : null,
        FromPayloads(answered.Result ?? []), FromFailure(answered.Failure));

    public static Refusal ToRefusal(WorkflowRefusal refusal) => new(
        refusal.Code switch
        {
            WorkflowRefusalCode.NotFound => RefusalCode.NotFound,
            WorkflowRefusalCode.AlreadyStarted or WorkflowRefusalCode.Stale => RefusalCode.Conflict,
            WorkflowRefusalCode.LimitExceeded => RefusalCode.NotPossibleNow,
            _ => RefusalCode.Invalid,
        },
        refusal.RunId is null ? refusal.Detail : $"{refusal.Detail} ({refusal.RunId})");

    private static string? NextRun(EventAttributes? outcome) => outcome switch
    {
        WorkflowExecutionContinuedAsNew next => next.NewRunId,
        WorkflowExecutionFailed next => next.NewRunId,
        WorkflowExecutionTimedOut next => next.NewRunId,
        WorkflowExecutionCompleted next => next.NewRunId,
        _ => null,
    };

    private static T Read<T>(ReadOnlyMemory<byte> json, JsonTypeInfo<T> type) => JsonSerializer.Deserialize(json.Span, type) ?? throw new JsonException("null is not expected here.");
}
