using System.Collections.Immutable;

namespace Svom.Workflows;

/// <summary>
/// What a workflow's code may use: time, identifiers, randomness, waits and everything outside come from here alone, so that its
/// history replays. Every member but <see cref="InWorkflow"/> throws <see cref="InvalidOperationException"/> outside a workflow's code.
/// </summary>
public static partial class Workflow
{
    public static bool InWorkflow => SynchronizationContext.Current is WorkflowPump;

    public static WorkflowInfo Info => Run.Info;

    /// <summary>When the task began that runs the code, UTC. Stands still within it.</summary>
    public static DateTime UtcNow => Run.Now.UtcDateTime;

    /// <summary>Random numbers that a replay draws again.</summary>
    public static Random Random => Run.Random;

    /// <summary>Stops when somebody asks the workflow to stop. What is awaited without another token stops with it.</summary>
    public static CancellationToken CancellationToken => Run.CancellationToken;

    public static IPayloadConverter PayloadConverter => Run.Converter;

    /// <summary>Events of the history when the task began.</summary>
    public static long CurrentHistoryLength => Run.HistoryLength;

    /// <summary>Octets of the history when the task began.</summary>
    public static long CurrentHistorySize => Run.HistorySize;

    /// <summary>True when the history is long: time to continue as new at the next good moment.</summary>
    public static bool ContinueAsNewSuggested => Run.ContinueAsNewSuggested;

    /// <summary>True when no handler of a signal or update is under way.</summary>
    public static bool AllHandlersFinished => Run.AllHandlersFinished;

    /// <summary>The update whose handler this is; null elsewhere.</summary>
    public static UpdateInfo? CurrentUpdateInfo => Run is not null ? WorkflowInstance.CurrentUpdate : null;

    public static ImmutableSortedDictionary<string, Payload> Memo => Run.Memo;

    public static ImmutableSortedDictionary<string, Payload> SearchAttributes => Run.SearchAttributes;

    private static WorkflowInstance Run => (SynchronizationContext.Current as WorkflowPump)?.Instance ?? throw new InvalidOperationException(
        "This is no code of a workflow, or it has left the workflow's own context: through ConfigureAwait(false), Task.Run or a thread of its own.");

    /// <summary>An identifier that a replay draws again.</summary>
    public static Guid NewGuid() => Run.Random.NextGuid();

    /// <param name="cancellationToken">Null: the workflow's own.</param>
    /// <exception cref="OperationCanceledException">The token stopped it.</exception>
    public static Task DelayAsync(TimeSpan delay, CancellationToken? cancellationToken = null, string? summary = null)
    {
        var token = cancellationToken ?? Run.CancellationToken;
        return token.IsCancellationRequested ? Task.FromCanceled(token) : Run.StartTimer(delay, summary, token).Task;
    }

    /// <param name="milliseconds">-1: without end.</param>
    /// <inheritdoc cref="DelayAsync(TimeSpan, CancellationToken?, string?)"/>
    public static Task DelayAsync(int milliseconds, CancellationToken? cancellationToken = null) => DelayAsync(TimeSpan.FromMilliseconds(milliseconds), cancellationToken);

    /// <summary>Waits until the condition holds. It is asked whenever other code of the workflow has run; it looks at fields and changes nothing.</summary>
    /// <param name="cancellationToken">Null: the workflow's own.</param>
    /// <exception cref="OperationCanceledException">The token stopped it.</exception>
    public static Task WaitConditionAsync(Func<bool> condition, CancellationToken? cancellationToken = null)
    {
        ArgumentNullException.ThrowIfNull(condition);
        return Run.WaitAsync(condition, null, cancellationToken ?? Run.CancellationToken);
    }

    /// <returns><see langword="false"/> when the time ran out first.</returns>
    /// <inheritdoc cref="WaitConditionAsync(Func{bool}, CancellationToken?)"/>
    public static Task<bool> WaitConditionAsync(Func<bool> condition, TimeSpan timeout, CancellationToken? cancellationToken = null)
    {
        ArgumentNullException.ThrowIfNull(condition);
        return Run.WaitAsync(condition, timeout, cancellationToken ?? Run.CancellationToken);
    }

    /// <summary>Runs code of the workflow beside this, in its turn; there is never more than one piece at a time.</summary>
    public static async Task RunTaskAsync(Func<Task> code)
    {
        ArgumentNullException.ThrowIfNull(code);
        _ = Run;
        await Task.Yield(); // Through the pump, for that is the context here.
        await code();
    }

    /// <inheritdoc cref="RunTaskAsync(Func{Task})"/>
    public static async Task<T> RunTaskAsync<T>(Func<Task<T>> code)
    {
        ArgumentNullException.ThrowIfNull(code);
        _ = Run;
        await Task.Yield();
        return await code();
    }

    public static Task WhenAllAsync(params IEnumerable<Task> tasks)
    {
        _ = Run;
        return Task.WhenAll(tasks);
    }

    public static Task<T[]> WhenAllAsync<T>(params IEnumerable<Task<T>> tasks)
    {
        _ = Run;
        return Task.WhenAll(tasks);
    }

    public static Task<Task> WhenAnyAsync(params IEnumerable<Task> tasks)
    {
        _ = Run;
        return Task.WhenAny(tasks);
    }

    public static Task<Task<T>> WhenAnyAsync<T>(params IEnumerable<Task<T>> tasks)
    {
        _ = Run;
        return Task.WhenAny(tasks);
    }

    /// <summary>Runs the function once in the life of the run; a replay takes its result from the history. For something short that may differ: a setting, a clock.</summary>
    public static T SideEffect<T>(Func<T> effect)
    {
        ArgumentNullException.ThrowIfNull(effect);
        return Run.SideEffect(effect);
    }

    /// <summary>True for a run that comes here for the first time with the new code; false for one whose history took the old way.</summary>
    public static bool Patched(string patchId)
    {
        ArgumentException.ThrowIfNullOrEmpty(patchId);
        return Run.Patched(patchId, deprecated: false);
    }

    /// <summary>The old way is gone, but histories with the patch may still be open. Later, this call may go as well.</summary>
    public static void DeprecatePatch(string patchId)
    {
        ArgumentException.ThrowIfNullOrEmpty(patchId);
        Run.Patched(patchId, deprecated: true);
    }

    /// <param name="entries">A null value takes the entry away.</param>
    public static void UpsertMemo(IReadOnlyDictionary<string, object?> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        Run.UpsertMemo(entries);
    }

    /// <param name="entries">A null value takes the entry away.</param>
    public static void UpsertSearchAttributes(IReadOnlyDictionary<string, object?> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        Run.UpsertSearchAttributes(entries);
    }

    /// <summary>True when the exception says that somebody asked to stop: itself, or through an activity or child. Works everywhere.</summary>
    public static bool IsCanceled(Exception exception) => exception switch
    {
        OperationCanceledException or CanceledFailureException => true,
        ActivityFailureException { InnerException: { } inner } => IsCanceled(inner),
        ChildWorkflowFailureException { InnerException: { } inner } => IsCanceled(inner),
        _ => false,
    };

    /// <summary>What a workflow may look at but not decide by.</summary>
    public static class Unsafe
    {
        /// <summary>True while the code only repeats what its history holds.</summary>
        public static bool IsReplaying => Run.IsReplaying;
    }
}
