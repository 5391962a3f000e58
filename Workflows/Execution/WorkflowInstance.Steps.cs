using System.Collections.Immutable;
using System.Globalization;

namespace Svom.Workflows;

/// <content>What an author's code asks for; called through <see cref="Workflow"/>.</content>
public sealed partial class WorkflowInstance
{
    private readonly DeterministicRandom random;
    private readonly Dictionary<string, bool> patchAnswers = new(StringComparer.Ordinal);
    private ImmutableSortedDictionary<string, Payload> memo = WorkflowMarkers.NoPayloads;
    private ImmutableSortedDictionary<string, Payload> searchAttributes = WorkflowMarkers.NoPayloads;
    private int lastActivity;
    private int lastTimer;
    private int lastChild;
    private int lastSideEffect;

    internal WorkflowInfo Info => info!;

    internal DateTimeOffset Now => now;

    internal long HistoryLength { get; private set; }

    internal long HistorySize { get; private set; }

    internal bool ContinueAsNewSuggested { get; private set; }

    internal bool IsReplaying => replaying;

    internal CancellationToken CancellationToken => cancellation.Token;

    internal ImmutableSortedDictionary<string, Payload> Memo => memo;

    internal ImmutableSortedDictionary<string, Payload> SearchAttributes => searchAttributes;

    internal DeterministicRandom Random
    {
        get
        {
            EnsureMayAsk();
            return random;
        }
    }

    /// <summary>Takes a command; after the closing one, nothing more goes out.</summary>
    internal void Issue(Command command, DurableOperation? operation = null)
    {
        EnsureMayAsk();
        if (closed)
        {
            return;
        }

        var entry = new IssuedCommand(command, operation, null);
        issued.Add(entry);
        if (operation is not null)
        {
            operation.Issued = entry;
        }
    }

    internal TimerOperation StartTimer(TimeSpan length, string? summary, CancellationToken token)
    {
        EnsureMayAsk();
        if (length == Timeout.InfiniteTimeSpan)
        {
            var never = new TimerOperation(this, "", token);
            Watch(never, token);
            return never;
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(length, TimeSpan.Zero);
        var operation = new TimerOperation(this, (++lastTimer).ToString(CultureInfo.InvariantCulture), token);
        var shortest = TimeSpan.FromMilliseconds(1); // A timer of no length is none.
        Issue(new StartTimer(operation.Id, length < shortest ? shortest : length, Words(summary)), operation);
        Watch(operation, token);
        return operation;
    }

    internal Task<ImmutableArray<Payload>> RunActivity(string type, ImmutableArray<Payload> arguments, ActivityOptions options)
    {
        var timeouts = new ActivityTimeouts(options.ScheduleToCloseTimeout, options.ScheduleToStartTimeout, options.StartToCloseTimeout, options.HeartbeatTimeout);
        var fault = timeouts.Fault() ?? options.RetryPolicy?.Fault();
        if (fault is not null)
        {
            throw new ArgumentException($"Options of activity '{type}': {fault}", nameof(options));
        }

        var token = Begin(options.CancellationToken);
        var id = options.ActivityId ?? (++lastActivity).ToString(CultureInfo.InvariantCulture);
        var operation = new ActivityOperation(this, id, type, options.CancellationType);
        Issue(new ScheduleActivityTask(
            id, type, options.TaskQueue ?? "", arguments, timeouts, options.RetryPolicy, WorkflowMarkers.NoPayloads, Words(options.Summary)), operation);
        Watch(operation, token);
        return operation.Task;
    }

    internal ChildOperation StartChild(string type, ImmutableArray<Payload> arguments, ChildWorkflowOptions options)
    {
        if (options.RetryPolicy?.Fault() is { } fault)
        {
            throw new ArgumentException($"Options of child workflow '{type}': {fault}", nameof(options));
        }

        var token = Begin(options.CancellationToken);

        // With the run in it: a run that goes on as new may not meet the children of the one before.
        var runId = identity.Run.RunId;
        var id = options.Id ?? string.Create(CultureInfo.InvariantCulture, $"{identity.Run.WorkflowId}_{(runId.Length > 8 ? runId[..8] : runId)}_{++lastChild}");
        var command = new StartChildWorkflow(
            "", id, type, options.TaskQueue ?? "", arguments, options.ExecutionTimeout, options.RunTimeout, options.TaskTimeout, options.ParentClosePolicy,
            options.IdReusePolicy, options.RetryPolicy, Payloads(options.Memo), Payloads(options.SearchAttributes), WorkflowMarkers.NoPayloads, Words(options.Summary));
        var operation = new ChildOperation(this, command, options.CancellationType);
        Issue(command, operation);
        Watch(operation, token);
        return operation;
    }

    internal Task Signal(string workflowId, string? runId, string signal, ImmutableArray<Payload> arguments, bool childOnly, CancellationToken? cancels)
    {
        var token = Begin(cancels);
        var operation = new ExternalOperation(this, $"signal '{signal}' to workflow '{workflowId}'");
        Issue(new SignalExternalWorkflow("", workflowId, runId, signal, arguments, childOnly, WorkflowMarkers.NoPayloads), operation);
        Watch(operation, token);
        return operation.Task;
    }

    internal Task CancelOther(string workflowId, string? runId)
    {
        EnsureMayAsk();
        var operation = new ExternalOperation(this, $"request to cancel workflow '{workflowId}'");
        Issue(new RequestCancelExternalWorkflow("", workflowId, runId, ChildOnly: false, $"Workflow '{identity.Run.WorkflowId}' asks."), operation);
        Watch(operation, default);
        return operation.Task;
    }

    internal T SideEffect<T>(Func<T> effect)
    {
        EnsureMayAsk();
        var sequence = ++lastSideEffect;
        Payload result;
        if (replaying)
        {
            result = RecordedSideEffect(sequence) ?? throw Unrecorded($"side effect {sequence}");
        }
        else
        {
            using (Silence("A side effect"))
            {
                result = Converter.ToPayload(effect());
            }
        }

        Issue(WorkflowMarkers.OfSideEffect(sequence, result));
        return Converter.ToValue<T>(result); // The same way live as in a replay.
    }

    internal bool Patched(string id, bool deprecated)
    {
        if (patchAnswers.TryGetValue(id, out var answer))
        {
            return answer;
        }

        EnsureMayAsk();
        answer = !replaying || RecordedPatch(id);
        patchAnswers.Add(id, answer);
        if (answer)
        {
            Issue(WorkflowMarkers.OfPatch(id, deprecated));
        }

        return answer;
    }

    internal void UpsertMemo(IReadOnlyDictionary<string, object?> entries)
    {
        var upserted = Payloads(entries);
        Issue(new ModifyProperties(upserted));
        foreach (var (name, payload) in upserted)
        {
            memo = payload.Data.IsEmpty ? memo.Remove(name) : memo.SetItem(name, payload);
        }
    }

    internal void UpsertSearchAttributes(IReadOnlyDictionary<string, object?> entries)
    {
        var upserted = Payloads(entries);
        Issue(new UpsertSearchAttributes(upserted));
        foreach (var (name, payload) in upserted)
        {
            searchAttributes = payload.Data.IsEmpty ? searchAttributes.Remove(name) : searchAttributes.SetItem(name, payload);
        }
    }

    internal ContinueAsNew Continuation(string type, ImmutableArray<Payload> arguments, ContinueAsNewOptions? options) => new(
        type, options?.TaskQueue ?? "", arguments, options?.RunTimeout, options?.TaskTimeout, options?.Backoff, options?.RetryPolicy,
        options?.Memo is { } entries ? Payloads(entries) : null, options?.SearchAttributes is { } attributes ? Payloads(attributes) : null, WorkflowMarkers.NoPayloads);

    private CancellationToken Begin(CancellationToken? token)
    {
        EnsureMayAsk();
        var cancels = token ?? cancellation.Token;
        return cancels.IsCancellationRequested ? throw new CanceledFailureException("Canceled before it was asked for.") : cancels;
    }

    private void Watch(DurableOperation operation, CancellationToken token)
    {
        Waiting++;
        operation.Watch(token);
    }

    private ImmutableSortedDictionary<string, Payload> Payloads(IReadOnlyDictionary<string, object?> entries)
    {
        var payloads = WorkflowMarkers.NoPayloads;
        foreach (var (name, value) in entries)
        {
            payloads = payloads.SetItem(name, Converter.ToPayload(value));
        }

        return payloads;
    }

    private UserMetadata? Words(string? summary) => summary is null ? null : new(Converter.ToPayload(summary), null);

    private WorkflowNonDeterminismException Unrecorded(string what)
    {
        var exception = new WorkflowNonDeterminismException($"{Author}: history has no {what} in the task of event {HistoryLength} where the code now asks for it.");
        Blame(exception);
        return exception;
    }
}
