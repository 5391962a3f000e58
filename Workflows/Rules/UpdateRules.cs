using System.Collections.Immutable;

namespace Svom.Workflows;

/// <summary>What a task's code says of updates. An acceptance and an answer become events; a rejection leaves none, only its caller hears of it.</summary>
internal sealed class UpdateRules
{
    private readonly DecisionRun run;
    private readonly TaskDone done;
    private readonly ImmutableArray<UpdateRequest> asked;
    private readonly HashSet<string> taken = new(StringComparer.Ordinal);
    private readonly HashSet<string> answered = new(StringComparer.Ordinal);

    public UpdateRules(DecisionRun run, TaskDone done, ImmutableArray<UpdateRequest> asked) => (this.run, this.done, this.asked) = (run, done, asked);

    /// <summary>Whether the run's code may be asked. Past the limit it isn't: an acceptance, once the code gave it, can't be taken back.</summary>
    public static WorkflowRefusal? MayAsk(WorkflowState state, UpdateRequest request, string? runId, int waiting, WorkflowLimits limits) =>
        state.Run is not { } run || (runId is not null && !string.Equals(runId, run.RunId, StringComparison.Ordinal)) ? new(WorkflowRefusalCode.NotFound, "No such run is open.")
        : run.Updates.ContainsKey(request.UpdateId) ? null
        : !run.IsOpen ? new(WorkflowRefusalCode.NotFound, "The run is closed.")
        : string.IsNullOrEmpty(request.UpdateId) || string.IsNullOrEmpty(request.Name) ? new(WorkflowRefusalCode.Invalid, "An update needs an id and a name.")
        : run.Updates.Count + waiting >= limits.Updates ? new(WorkflowRefusalCode.LimitExceeded, $"The run has accepted {run.Updates.Count} updates.")
        : null;

    /// <summary>The answers of a task that says nothing else than no.</summary>
    public static TaskFault? Answer(DecisionRun run, TaskDone done, ImmutableArray<UpdateRequest> asked) => new UpdateRules(run, done, asked).TakeRest();

    /// <summary>A command places a message.</summary>
    public TaskFault? Place(string messageId)
    {
        foreach (var message in done.Messages)
        {
            if (string.Equals(message.MessageId, messageId, StringComparison.Ordinal))
            {
                return Take(message);
            }
        }

        return Bad($"No message {messageId} came with the command that places it.");
    }

    /// <summary>The messages that no command places, and those who were asked about without an answer.</summary>
    public TaskFault? TakeRest()
    {
        foreach (var message in done.Messages)
        {
            if (!taken.Contains(message.MessageId) && Take(message) is { } fault)
            {
                return fault;
            }
        }

        foreach (var request in asked)
        {
            if (!answered.Contains(request.UpdateId) && !run.Run.Updates.ContainsKey(request.UpdateId))
            {
                run.Then(new UpdateAnswered(
                    request.UpdateId, false, null, new ApplicationFailure("The workflow's code did not answer the update.", "UnhandledUpdate", NonRetryable: true, [])));
            }
        }

        return null;
    }

    private TaskFault? Take(UpdateMessage message)
    {
        if (!taken.Add(message.MessageId))
        {
            return Bad($"The message {message.MessageId} comes twice.");
        }

        answered.Add(message.UpdateId);
        return message switch
        {
            UpdateAccepted accepted => Accept(accepted),
            UpdateRejected rejected => Reject(rejected),
            UpdateDone over => Complete(over),
            _ => Bad("The rules know no such message."),
        };
    }

    private TaskFault? Accept(UpdateAccepted message)
    {
        var request = asked.FirstOrDefault(one => string.Equals(one.UpdateId, message.UpdateId, StringComparison.Ordinal));
        if (request is null || run.Run.Updates.ContainsKey(message.UpdateId))
        {
            return Bad($"Nobody asks for the update {message.UpdateId}, or it is accepted already.");
        }

        run.Record(new WorkflowExecutionUpdateAccepted(message.UpdateId, $"{message.UpdateId}/request", message.SequencingEventId, request));
        run.Then(new UpdateAnswered(message.UpdateId, true, null, null));
        return null;
    }

    private TaskFault? Reject(UpdateRejected message)
    {
        if (run.Run.Updates.ContainsKey(message.UpdateId))
        {
            return Bad($"The update {message.UpdateId} is accepted already.");
        }

        run.Then(new UpdateAnswered(message.UpdateId, false, null, message.Failure));
        return null;
    }

    private TaskFault? Complete(UpdateDone message)
    {
        if (!run.Run.Updates.TryGetValue(message.UpdateId, out var update) || update.Completed is not null)
        {
            return Bad($"The update {message.UpdateId} isn't accepted, or it is answered already.");
        }

        run.Record(new WorkflowExecutionUpdateCompleted(message.UpdateId, done.Identity, update.AcceptedEventId, message.Result, message.Failure));
        run.Then(new UpdateAnswered(message.UpdateId, true, message.Result, message.Failure));
        return null;
    }

    private static TaskFault Bad(string detail) => new(WorkflowTaskFailedCause.BadUpdateWorkflowExecutionMessage, detail);
}
