namespace Svom.Workflows;

/// <summary>What goes into the rules and what comes out of them.</summary>
internal partial struct PayloadVisit
{
    public bool Map(WorkflowInput input, out WorkflowInput mapped)
    {
        mapped = input switch
        {
            Start i => MapStart(i),
            Signal i => MapSignal(i),
            Terminate i => Map(i.Details, out var details) ? i with { Details = details } : i,
            FinishTask i => Map(i.Outcome, out var outcome)
                | MapEach(i.Asked, static (ref PayloadVisit visit, UpdateRequest update, out UpdateRequest other) => visit.Map(update, out other), out var asked)
                ? i with { Outcome = outcome, Asked = asked } : i,
            KeepTask i => MapEach(i.Asked, static (ref PayloadVisit visit, UpdateRequest update, out UpdateRequest other) => visit.Map(update, out other), out var kept)
                ? i with { Asked = kept }
                : i,
            EndLocalStep i => Map(i.Step, out var step) ? i with { Step = step } : i,
            AttemptSucceeded i => Map(i.Result, out var result) ? i with { Result = result } : i,
            AttemptFailed i => Map(i.Failure, out var failure) | Map(i.LastHeartbeat, out var beat) ? i with { Failure = failure!, LastHeartbeat = beat } : i,
            AttemptCanceled i => Map(i.Details, out var details) ? i with { Details = details } : i,
            AttemptBeat i => Map(i.Details, out var details) ? i with { Details = details } : i,
            ChildClosed i => Map(i.Outcome, out var outcome) ? i with { Outcome = outcome } : i,
            _ => input, // The others have no payloads; a test holds this list against the types.
        };
        return !ReferenceEquals(mapped, input);
    }

    public bool Map(StartRequest request, out StartRequest mapped)
    {
        var changed = Map(request.Input, out var input) | Map(request.Memo, out var memo) | Map(request.Headers, out var headers) | Map(request.UserMetadata, out var words);
        mapped = changed ? request with { Input = input, Memo = memo!, Headers = headers!, UserMetadata = words } : request;
        return changed;
    }

    public bool Map(WorkflowRecord record, out WorkflowRecord mapped)
    {
        mapped = record switch
        {
            EventRecorded r => Map(r.Event, out var line) ? r with { Event = line } : r,
            EventBuffered r => Map(r.Attributes, out var attributes) ? r with { Attributes = attributes } : r,
            UpdatesAsked r => MapEach(r.Requests, static (ref PayloadVisit visit, UpdateRequest update, out UpdateRequest other) => visit.Map(update, out other), out var requests)
                ? r with { Requests = requests }
                : r,
            LocalStepEnded r => Map(r.Step, out var step) ? r with { Step = step } : r,
            AttemptRetried r => Map(r.Failure, out var failure) ? r with { Failure = failure! } : r,
            AttemptBeaten r => Map(r.Details, out var details) ? r with { Details = details } : r,
            _ => record, // As above.
        };
        return !ReferenceEquals(mapped, record);
    }

    public bool Map(WorkflowEffect effect, out WorkflowEffect mapped)
    {
        mapped = effect switch
        {
            Tell e => Map(e.Message, out var message) ? e with { Message = message } : e,
            UpdateAnswered e => Map(e.Result, out var result) | Map(e.Failure, out var failure) ? e with { Result = result, Failure = failure } : e,
            RunClosed e => Map(e.Outcome, out var outcome) ? e with { Outcome = outcome } : e,
            _ => effect, // As above.
        };
        return !ReferenceEquals(mapped, effect);
    }

    public bool Map(WorkflowMessage message, out WorkflowMessage mapped)
    {
        mapped = message switch
        {
            StartChildMessage m => Map(m.Request, out var request) ? m with { Request = request } : m,
            InputMessage m => Map(m.Input, out var input) ? m with { Input = input } : m,
            _ => message, // As above.
        };
        return !ReferenceEquals(mapped, message);
    }

    private Start MapStart(Start start)
    {
        var signal = start.Signal;
        var changed = Map(start.Request, out var request);
        if (signal is not null)
        {
            var other = MapSignal(signal);
            (changed, signal) = (changed | !ReferenceEquals(other, signal), other);
        }

        return changed ? start with { Request = request, Signal = signal } : start;
    }

    private Signal MapSignal(Signal signal) =>
        Map(signal.Input, out var input) | Map(signal.Headers, out var headers) ? signal with { Input = input, Headers = headers! } : signal;
}
