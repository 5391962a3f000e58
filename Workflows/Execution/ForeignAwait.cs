using System.Reflection;

namespace Svom.Workflows;

/// <summary>
/// Says what a workflow's code awaits that no history keeps. Looks into the runtime's own objects, so it may find nothing: it serves
/// messages, and is asked only when a workflow is stuck.
/// </summary>
internal static class ForeignAwait
{
    private const BindingFlags Own = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;
    private const int Deepest = 50;

    /// <summary>Whose continuation came from elsewhere.</summary>
    public static string Continuation(object? state) =>
        state is Action { Target: { } target } && Machine(target.GetType()) is { } method ? $"'{method}' went on on a thread of its own" : "code went on on a thread of its own";

    /// <summary>The task at the end of the chain of awaits.</summary>
    /// <returns>Null when it can't be found out.</returns>
    public static object? Leaf(object task)
    {
        for (var depth = 0; depth < Deepest; depth++)
        {
            if (Machine(task.GetType()) is null)
            {
                return task;
            }

            if (Awaited(task) is not { } next)
            {
                return null;
            }

            task = next;
        }

        return null;
    }

    /// <summary>True for a task that surely ends outside the workflow; not for one that a handler's code may set.</summary>
    public static bool IsForeign(object? leaf) => leaf is not null && (IsDelay(leaf) || HasWork(leaf));

    public static string Describe(object? leaf) => leaf?.GetType().Name switch
    {
        null => "something that is no task (a custom awaiter, or ConfigureAwait(false))",
        _ when IsDelay(leaf) => "Task.Delay: use Workflow.DelayAsync",
        _ when HasWork(leaf) => "Task.Run or a task of its own: use Workflow.RunTaskAsync, or an activity",
        var name => $"a task ({name.Split('`')[0]}) that is no step of the workflow: I/O and other waits belong into activities",
    };

    private static bool IsDelay(object leaf) => leaf.GetType().Name.StartsWith("DelayPromise", StringComparison.Ordinal);

    private static bool HasWork(object leaf) =>
        leaf.GetType().Name.StartsWith("UnwrapPromise", StringComparison.Ordinal) || typeof(Task).GetField("m_action", Own)?.GetValue(leaf) is not null;

    /// <summary>Name of the async method whose state machine a task carries; null when it carries none.</summary>
    private static string? Machine(Type type)
    {
        for (var at = type; at is not null; at = at.BaseType)
        {
            if (at.IsGenericType && at.Name.StartsWith("AsyncStateMachineBox", StringComparison.Ordinal))
            {
                return Spoken(at.GetGenericArguments()[^1].Name);
            }
        }

        return null;
    }

    /// <summary>The author's name of a method, out of the compiler's: <c>&lt;Run&gt;d__3</c>, <c>&lt;&lt;Run&gt;g__Local|1_0&gt;d</c>, <c>&lt;&lt;Run&gt;b__9_0&gt;d</c>.</summary>
    private static string Spoken(string machine)
    {
        if (machine.IndexOf("g__", StringComparison.Ordinal) is var local and > 0 && machine.IndexOf('|', local) is var bar and > 0)
        {
            return machine[(local + 3)..bar];
        }

        var name = machine.TrimStart('<');
        return name.IndexOf('>', StringComparison.Ordinal) is var end and > 0 ? name[..end] : machine;
    }

    private static object? Awaited(object task)
    {
        if (task.GetType().GetField("StateMachine", Own)?.GetValue(task) is not { } machine)
        {
            return null;
        }

        foreach (var field in machine.GetType().GetFields(Own))
        {
            if (field.Name.StartsWith("<>u__", StringComparison.Ordinal) && field.GetValue(machine) is { } awaiter && OfAwaiter(awaiter) is Task { IsCompleted: false } awaited)
            {
                return awaited;
            }
        }

        return null;
    }

    private static object? OfAwaiter(object awaiter)
    {
        var type = awaiter.GetType();
        if (type.GetField("m_task", Own)?.GetValue(awaiter) is Task task)
        {
            return task;
        }

        return type.GetField("m_configuredTaskAwaiter", Own)?.GetValue(awaiter) is { } inner ? OfAwaiter(inner) : null;
    }
}
