using System.Collections.Immutable;

namespace Svom.Workflows;

/// <summary>
/// One pass over a value: it looks for payloads that change, or puts their replacements in, or rewords failures. Every method says whether
/// what it gives out is another than what it was given; a value is copied only then.
/// </summary>
internal partial struct PayloadVisit
{
    private IPayloadTransform? _transform;
    private IReadOnlyDictionary<Payload, Payload>? _replacements;
    private FailureText _text;

    /// <summary>What a search found, in the order of the walk; null: nothing.</summary>
    public List<Payload>? Found { get; private set; }

    public static PayloadVisit Search(IPayloadTransform transform) => new() { _transform = transform };

    public static PayloadVisit Replace(IReadOnlyDictionary<Payload, Payload> replacements) => new() { _replacements = replacements };

    public static PayloadVisit Reword(FailureText text) => new() { _text = text };

    /// <summary>Anything that the walk knows.</summary>
    public bool Map(object value, out object mapped)
    {
        switch (value)
        {
            case HistoryEvent line: return Is(Map(line, out var newLine), newLine, out mapped);
            case EventAttributes attributes: return Is(Map(attributes, out var newAttributes), newAttributes, out mapped);
            case TaskNews news: return Is(Map(news, out var newNews), newNews, out mapped);
            case TaskTurn turn: return Is(Map(turn, out var newTurn), newTurn, out mapped);
            case TaskOutcome outcome: return Is(Map(outcome, out var newOutcome), newOutcome, out mapped);
            case Command command: return Is(Map(command, out var newCommand), newCommand, out mapped);
            case UpdateMessage message: return Is(Map(message, out var newMessage), newMessage, out mapped);
            case UpdateRequest update: return Is(Map(update, out var newUpdate), newUpdate, out mapped);
            case LocalStep step: return Is(Map(step, out var newStep), newStep, out mapped);
            case LocalActivityRequest local: return Is(Map(local, out var newLocal), newLocal, out mapped);
            case QueryAnswer answer: return Is(Map(answer, out var newAnswer), newAnswer, out mapped);
            case WorkflowInput input: return Is(Map(input, out var newInput), newInput, out mapped);
            case StartRequest start: return Is(Map(start, out var newStart), newStart, out mapped);
            case WorkflowRecord record: return Is(Map(record, out var newRecord), newRecord, out mapped);
            case WorkflowEffect effect: return Is(Map(effect, out var newEffect), newEffect, out mapped);
            case WorkflowMessage tell: return Is(Map(tell, out var newTell), newTell, out mapped);
            case Failure failure: return Is(Map(failure, out var newFailure), newFailure!, out mapped);
            case UserMetadata words: return Is(Map(words, out var newWords), newWords!, out mapped);
            case Payload payload: return Is(Map(payload, out var newPayload), newPayload!, out mapped);
            default: throw new ArgumentException($"The walk over payloads does not know {value.GetType().Name}.", nameof(value));
        }
    }

    public bool Map(Payload? payload, out Payload? mapped)
    {
        mapped = payload;
        if (payload is null)
        {
            return false;
        }

        if (_replacements is not null)
        {
            return _replacements.TryGetValue(payload, out var other) && !ReferenceEquals(mapped = other, payload);
        }

        if (_transform?.Changes(payload) == true)
        {
            (Found ??= []).Add(payload);
        }

        return false;
    }

    public bool Map(ImmutableArray<Payload> payloads, out ImmutableArray<Payload> mapped)
    {
        mapped = payloads;
        if (payloads.IsDefaultOrEmpty)
        {
            return false;
        }

        ImmutableArray<Payload>.Builder? changed = null;
        for (var n = 0; n < payloads.Length; n++)
        {
            if (Map(payloads[n], out var other))
            {
                (changed ??= payloads.ToBuilder())[n] = other!;
            }
        }

        mapped = changed?.MoveToImmutable() ?? payloads;
        return changed is not null;
    }

    public bool Map(ImmutableArray<Payload>? payloads, out ImmutableArray<Payload>? mapped)
    {
        mapped = payloads;
        if (payloads is not { } some || !Map(some, out var other))
        {
            return false;
        }

        mapped = other;
        return true;
    }

    public bool Map(ImmutableSortedDictionary<string, Payload>? payloads, out ImmutableSortedDictionary<string, Payload>? mapped) =>
        Map(payloads, keepsEmpty: false, out mapped);

    private static bool Is(bool changed, object other, out object mapped)
    {
        mapped = other;
        return changed;
    }

    /// <summary>A memo as it is modified: an entry without octets takes one away, and with a codec's octets it would not.</summary>
    private bool MapUpserts(ImmutableSortedDictionary<string, Payload> payloads, out ImmutableSortedDictionary<string, Payload>? mapped) =>
        Map(payloads, keepsEmpty: true, out mapped);

    private bool Map(ImmutableSortedDictionary<string, Payload>? payloads, bool keepsEmpty, out ImmutableSortedDictionary<string, Payload>? mapped)
    {
        mapped = payloads;
        if (payloads is null || payloads.IsEmpty)
        {
            return false;
        }

        ImmutableSortedDictionary<string, Payload>.Builder? changed = null;
        foreach (var (name, payload) in payloads)
        {
            if (!(keepsEmpty && payload.Data.IsEmpty) && Map(payload, out var other))
            {
                (changed ??= payloads.ToBuilder())[name] = other!;
            }
        }

        mapped = changed?.ToImmutable() ?? payloads;
        return changed is not null;
    }

    private bool Map(
        ImmutableSortedDictionary<string, ImmutableArray<Payload>> details, out ImmutableSortedDictionary<string, ImmutableArray<Payload>> mapped)
    {
        ImmutableSortedDictionary<string, ImmutableArray<Payload>>.Builder? changed = null;
        foreach (var (name, payloads) in details)
        {
            if (Map(payloads, out var other))
            {
                (changed ??= details.ToBuilder())[name] = other;
            }
        }

        mapped = changed?.ToImmutable() ?? details;
        return changed is not null;
    }

    private bool Map(UserMetadata? words, out UserMetadata? mapped)
    {
        mapped = words;
        if (words is null || !(Map(words.Summary, out var summary) | Map(words.Details, out var details)))
        {
            return false;
        }

        mapped = new(summary, details);
        return true;
    }
}
