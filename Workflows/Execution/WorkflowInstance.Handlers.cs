using System.Collections.Immutable;

namespace Svom.Workflows;

/// <content>Signals, updates and queries.</content>
public sealed partial class WorkflowInstance
{
    private static readonly AsyncLocal<UpdateInfo?> UpdateOfFlow = new();
    private readonly List<Task> waiting = [];
    private int handlers;
    private bool accepted;

    internal static UpdateInfo? CurrentUpdate => UpdateOfFlow.Value;

    internal bool AllHandlersFinished => handlers == 0;

    public QueryAnswer Query(string name, ImmutableArray<Payload> input, ImmutableSortedDictionary<string, Payload> headers)
    {
        EnsureUsable();
        return Pump.Run(static (run, asked) => run.Answer(asked.Name, asked.Input), (Name: name, Input: input));
    }

    private QueryAnswer Answer(string name, ImmutableArray<Payload> question)
    {
        using var silence = Silence($"Query '{name}'");
        try
        {
            var handler = definition.Queries.GetValueOrDefault(name) ?? throw new ApplicationFailureException(
                $"Workflow '{definition.Name}' has no query '{name}'. Known are: {Names(definition.QueryNames)}.", "QueryNotFound", nonRetryable: true);
            if (target is null)
            {
                throw new ApplicationFailureException("The workflow has not begun yet.", "NotBegun");
            }

            var result = handler.InvokeNow(target, handler.Parameters.Bind(question, Converter));
            return Pump.Count == 0 ? new([Converter.ToPayload(result)], null)
                : throw new InvalidOperationException($"Query '{name}' set something that other code waits for; a query changes nothing.");
        }
        catch (Exception exception)
        {
            return new([], FailureConverter.ToFailure(exception, Converter));
        }
        finally
        {
            Pump.Clear();
        }
    }

    private static string Names(IEnumerable<string> names)
    {
        var known = string.Join(", ", names.Order(StringComparer.Ordinal));
        return known.Length > 0 ? known : "none";
    }

    private void TakeSignal(WorkflowExecutionSignaled signal)
    {
        if (definition.Signals.TryGetValue(signal.SignalName, out var handler))
        {
            _ = RunSignalAsync(handler, handler.Parameters.Bind(signal.Input, Converter));
        }
        else if (definition.DynamicSignal is { } dynamic)
        {
            _ = RunSignalAsync(dynamic, [signal.SignalName, signal.Input.IsDefault ? [] : signal.Input.ToArray()]);
        }
    }

    private async Task RunSignalAsync(MethodInvoker handler, object?[] arguments)
    {
        handlers++;
        try
        {
            await FollowedAsync(handler.InvokeAsync(target, arguments));
        }
        catch (Exception exception)
        {
            CloseWith(exception);
        }
        finally
        {
            handlers--;
        }
    }

    /// <summary>Keeps in mind what a handler awaits, for the case that nothing will ever wake it.</summary>
    private async Task<object?> FollowedAsync(Task<object?> code)
    {
        if (code.IsCompleted)
        {
            return await code;
        }

        waiting.Add(code);
        try
        {
            return await code;
        }
        finally
        {
            waiting.Remove(code);
        }
    }

    private void StartUpdate(UpdateRequest update, bool validates)
    {
        UpdateOfFlow.Value = new(update.UpdateId, update.Name);
        try
        {
            if (Admit(update, validates) is not var (handler, arguments))
            {
                return;
            }

            accepted = true;
            Say(new UpdateAccepted($"{update.UpdateId}/accept", update.UpdateId, HistoryLength - 1));
            _ = RunUpdateAsync(update, handler, arguments);
        }
        finally
        {
            UpdateOfFlow.Value = null;
        }
    }

    /// <returns>Null when it was rejected.</returns>
    private (MethodInvoker Handler, object?[] Arguments)? Admit(UpdateRequest update, bool validates)
    {
        if (!definition.Updates.TryGetValue(update.Name, out var handler))
        {
            if (!validates)
            {
                throw new WorkflowNonDeterminismException($"{Author}: history accepted update '{update.Name}', which the code no longer has.");
            }

            Reject(update, new ApplicationFailureException(
                $"Workflow '{definition.Name}' has no update '{update.Name}'. Known are: {Names(definition.UpdateNames)}.", "UpdateNotFound", nonRetryable: true));
            return null;
        }

        if (!validates)
        {
            return (handler.Handler, handler.Handler.Parameters.Bind(update.Input, Converter));
        }

        try
        {
            var arguments = handler.Handler.Parameters.Bind(update.Input, Converter);
            using (Silence($"The validator of update '{update.Name}'"))
            {
                handler.Validator?.InvokeNow(target, arguments);
            }

            return (handler.Handler, arguments);
        }
        catch (Exception exception) // Any exception is a no.
        {
            Reject(update, exception);
            return null;
        }
    }

    private void Reject(UpdateRequest update, Exception why) =>
        messages.Add(new UpdateRejected($"{update.UpdateId}/reject", update.UpdateId, FailureConverter.ToFailure(why, Converter)));

    private async Task RunUpdateAsync(UpdateRequest update, MethodInvoker handler, object?[] arguments)
    {
        handlers++;
        try
        {
            var result = await FollowedAsync(handler.InvokeAsync(target, arguments));
            Answer(update, handler.HasResult ? [Converter.ToPayload(result)] : [], null);
        }
        catch (Exception exception) when (exception is FailureException or OperationCanceledException)
        {
            Answer(update, null, FailureConverter.ToFailure(exception, Converter));
        }
        catch (Exception exception)
        {
            Blame(exception);
        }
        finally
        {
            handlers--;
        }
    }

    private void Answer(UpdateRequest update, ImmutableArray<Payload>? result, Failure? failure) =>
        Say(new UpdateDone($"{update.UpdateId}/complete", update.UpdateId, result, failure));

    private void Say(UpdateMessage message)
    {
        if (!closed)
        {
            messages.Add(message);
            issued.Add(new(new PlaceMessage(message.MessageId), null, message));
        }
    }
}
