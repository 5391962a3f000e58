namespace Svom.Workflows;

/// <content>Gives news to whoever waits for it.</content>
public sealed partial class WorkflowInstance
{
    private object? target;
    private object?[] input = [];
    private Task? main;
    private WorkflowInfo? info;
    private DateTimeOffset now;

    /// <summary>The author's class, for messages.</summary>
    private string Author => $"Workflow '{definition.Name}' ({identity.Run.WorkflowId})";

    private void Begin(DateTimeOffset time, long startedEventId, long historySize, bool suggestContinueAsNew) =>
        (now, HistoryLength, HistorySize, ContinueAsNewSuggested) = (time, startedEventId, historySize, suggestContinueAsNew);

    private void Apply(HistoryEvent news)
    {
        switch (news.Attributes)
        {
            case WorkflowExecutionStarted first:
                CreateTarget(news.Time, first);
                break;
            case WorkflowExecutionSignaled signal:
                TakeSignal(signal);
                break;
            case WorkflowExecutionCancelRequested:
                cancellation.Cancel();
                break;
            case ActivityTaskStarted activity:
                Tell(activity.ScheduledEventId, news, ends: false);
                break;
            case ActivityTaskCompleted activity:
                Tell(activity.ScheduledEventId, news);
                break;
            case ActivityTaskFailed activity:
                Tell(activity.ScheduledEventId, news);
                break;
            case ActivityTaskTimedOut activity:
                Tell(activity.ScheduledEventId, news);
                break;
            case ActivityTaskCanceled activity:
                Tell(activity.ScheduledEventId, news);
                break;
            case TimerFired timer:
                Tell(timer.StartedEventId, news);
                break;
            default:
                ApplyOfOthers(news);
                break;
        }
    }

    private void ApplyOfOthers(HistoryEvent news)
    {
        switch (news.Attributes)
        {
            case ChildWorkflowExecutionStarted child:
                Tell(child.InitiatedEventId, news, ends: false);
                break;
            case StartChildWorkflowExecutionFailed child:
                Tell(child.InitiatedEventId, news);
                break;
            case ChildWorkflowExecutionCompleted child:
                Tell(child.InitiatedEventId, news);
                break;
            case ChildWorkflowExecutionFailed child:
                Tell(child.InitiatedEventId, news);
                break;
            case ChildWorkflowExecutionCanceled child:
                Tell(child.InitiatedEventId, news);
                break;
            case ChildWorkflowExecutionTimedOut child:
                Tell(child.InitiatedEventId, news);
                break;
            case ChildWorkflowExecutionTerminated child:
                Tell(child.InitiatedEventId, news);
                break;
            case ExternalWorkflowExecutionSignaled other:
                Tell(other.InitiatedEventId, news);
                break;
            case SignalExternalWorkflowExecutionFailed other:
                Tell(other.InitiatedEventId, news);
                break;
            case ExternalWorkflowExecutionCancelRequested other:
                Tell(other.InitiatedEventId, news);
                break;
            case RequestCancelExternalWorkflowExecutionFailed other:
                Tell(other.InitiatedEventId, news);
                break;
            case WorkflowExecutionTerminated or WorkflowExecutionTimedOut:
                closed = true;
                break;
            default:
                break; // The code has nothing to do with it.
        }
    }

    private void Tell(long eventId, HistoryEvent news, bool ends = true)
    {
        if (!open.TryGetValue(eventId, out var operation))
        {
            throw new WorkflowNonDeterminismException(
                $"{Author}: history has {IssuedCommand.Describe(news.Attributes)} as event {news.Id}, for event {eventId}, which the code did not ask for.");
        }

        if (ends)
        {
            open.Remove(eventId);
        }

        operation.Apply(news.Attributes);
    }

    private void CreateTarget(DateTimeOffset at, WorkflowExecutionStarted first)
    {
        info = WorkflowInfo.Of(identity, first, at);
        (memo, searchAttributes) = (first.Memo, first.SearchAttributes);
        input = definition.Run.Parameters.Bind(first.Input, Converter);
        using (Silence("A constructor"))
        {
            target = definition.CreateInstance(input);
        }
    }

    private async Task RunMainAsync()
    {
        try
        {
            var result = await Watched(definition.Run.InvokeAsync(target, input));
            Close(new CompleteWorkflow(definition.Run.HasResult ? [Converter.ToPayload(result)] : []));
        }
        catch (Exception exception)
        {
            CloseWith(exception);
        }
    }

    private Task<object?> Watched(Task<object?> code)
    {
        author = code;
        return code;
    }

    private void Close(Command command)
    {
        if (!closed)
        {
            Issue(command);
            closed = true;
        }
    }

    /// <summary>An exception left the run method or a signal's handler.</summary>
    private void CloseWith(Exception exception)
    {
        switch (exception)
        {
            case ContinueAsNewException next:
                Close(next.Command);
                break;
            case var _ when cancellation.IsCancellationRequested && Workflow.IsCanceled(exception):
                Close(new CancelWorkflow(exception is CanceledFailureException canceled && FailureConverter.ToFailure(canceled, Converter) is CancelledFailure failure ? failure.Details : []));
                break;
            case FailureException or OperationCanceledException:
                Close(new FailWorkflow(FailureConverter.ToFailure(exception, Converter)));
                break;
            default:
                Blame(exception);
                break;
        }
    }
}
