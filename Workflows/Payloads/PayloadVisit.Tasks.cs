using System.Collections.Immutable;

namespace Svom.Workflows;

/// <summary>What the code of a run is given, and what comes of running it.</summary>
internal partial struct PayloadVisit
{
    public bool Map(Command command, out Command mapped)
    {
        var own = command switch
        {
            CompleteWorkflow c => Map(c.Result, out var result) ? c with { Result = result } : c,
            FailWorkflow c => Map(c.Failure, out var failure) ? c with { Failure = failure! } : c,
            CancelWorkflow c => Map(c.Details, out var details) ? c with { Details = details } : c,
            ContinueAsNew c => Map(c.Input, out var input) | Map(c.Memo, out var memo) | Map(c.Headers, out var headers)
                ? c with { Input = input, Memo = memo, Headers = headers! } : c,
            ScheduleActivityTask c => Map(c.Input, out var input) | Map(c.Headers, out var headers) ? c with { Input = input, Headers = headers! } : c,
            StartChildWorkflow c => Map(c.Input, out var input) | Map(c.Memo, out var memo) | Map(c.Headers, out var headers)
                ? c with { Input = input, Memo = memo!, Headers = headers! } : c,
            SignalExternalWorkflow c => Map(c.Input, out var input) | Map(c.Headers, out var headers) ? c with { Input = input, Headers = headers! } : c,
            RecordMarker c => Map(c.Details, out var details) | Map(c.Headers, out var headers) | Map(c.Failure, out var failure)
                ? c with { Details = details, Headers = headers!, Failure = failure } : c,
            ModifyProperties c => MapUpserts(c.UpsertedMemo, out var memo) ? c with { UpsertedMemo = memo! } : c,
            _ => command, // The others have none of their own; a test holds this list against the types.
        };
        mapped = Map(command.UserMetadata, out var words) ? own with { UserMetadata = words } : own;
        return !ReferenceEquals(mapped, command);
    }

    public bool Map(TaskOutcome outcome, out TaskOutcome mapped)
    {
        mapped = outcome switch
        {
            TaskDone o => MapEach(o.Commands, static (ref PayloadVisit visit, Command command, out Command other) => visit.Map(command, out other), out var commands)
                | MapEach(o.Messages, static (ref PayloadVisit visit, UpdateMessage message, out UpdateMessage other) => visit.Map(message, out other), out var messages)
                ? o with { Commands = commands, Messages = messages } : o,
            TaskFailed o => Map(o.Failure, out var failure) ? o with { Failure = failure! } : o,
            _ => outcome,
        };
        return !ReferenceEquals(mapped, outcome);
    }

    public bool Map(UpdateMessage message, out UpdateMessage mapped)
    {
        mapped = message switch
        {
            UpdateRejected m => Map(m.Failure, out var failure) ? m with { Failure = failure! } : m,
            UpdateDone m => Map(m.Result, out var result) | Map(m.Failure, out var failure) ? m with { Result = result, Failure = failure } : m,
            _ => message,
        };
        return !ReferenceEquals(mapped, message);
    }

    public bool Map(UpdateRequest request, out UpdateRequest mapped)
    {
        var changed = Map(request.Input, out var input) | Map(request.Headers, out var headers);
        mapped = changed ? request with { Input = input, Headers = headers! } : request;
        return changed;
    }

    public bool Map(LocalStep step, out LocalStep mapped)
    {
        var changed = Map(step.Result, out var result) | Map(step.Failure, out var failure);
        mapped = changed ? step with { Result = result, Failure = failure } : step;
        return changed;
    }

    public bool Map(LocalActivityRequest request, out LocalActivityRequest mapped)
    {
        var changed = Map(request.Input, out var input) | Map(request.Headers, out var headers);
        mapped = changed ? request with { Input = input, Headers = headers! } : request;
        return changed;
    }

    public bool Map(QueryAnswer answer, out QueryAnswer mapped)
    {
        var changed = Map(answer.Result, out var result) | Map(answer.Failure, out var failure);
        mapped = changed ? new(result, failure) : answer;
        return changed;
    }

    public bool Map(TaskNews news, out TaskNews mapped)
    {
        var changed = MapEach(news.Events, static (ref PayloadVisit visit, HistoryEvent line, out HistoryEvent other) => visit.Map(line, out other), out var events)
            | MapEach(news.LocalSteps, static (ref PayloadVisit visit, LocalStep step, out LocalStep other) => visit.Map(step, out other), out var steps)
            | MapEach(news.Updates, static (ref PayloadVisit visit, UpdateRequest update, out UpdateRequest other) => visit.Map(update, out other), out var updates);
        mapped = changed ? news with { Events = events, LocalSteps = steps, Updates = updates } : news;
        return changed;
    }

    public bool Map(TaskTurn turn, out TaskTurn mapped)
    {
        var changed = MapEach(turn.ToRun, static (ref PayloadVisit visit, LocalActivityRequest request, out LocalActivityRequest other) => visit.Map(request, out other), out var toRun);
        var failed = turn.Failed;
        if (failed is not null && Map(failed.Failure, out var failure))
        {
            (failed, changed) = (failed with { Failure = failure! }, true);
        }

        mapped = changed ? turn with { ToRun = toRun, Failed = failed } : turn;
        return changed;
    }

    private delegate bool One<T>(ref PayloadVisit visit, T value, out T mapped);

    private bool MapEach<T>(ImmutableArray<T> values, One<T> map, out ImmutableArray<T> mapped)
    {
        ImmutableArray<T>.Builder? changed = null;
        for (var n = 0; !values.IsDefault && n < values.Length; n++)
        {
            if (map(ref this, values[n], out var other))
            {
                (changed ??= values.ToBuilder())[n] = other;
            }
        }

        mapped = changed?.MoveToImmutable() ?? values;
        return changed is not null;
    }

    // By place: an enumerator of an interface would be an allocation for every task.
    private bool MapEach<T>(IReadOnlyList<T> values, One<T> map, out IReadOnlyList<T> mapped)
    {
        T[]? changed = null;
        for (var n = 0; n < values.Count; n++)
        {
            if (map(ref this, values[n], out var other))
            {
                (changed ??= [.. values])[n] = other;
            }
        }

        mapped = changed ?? values;
        return changed is not null;
    }
}
