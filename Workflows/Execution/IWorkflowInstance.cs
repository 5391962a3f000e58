using System.Collections.Immutable;

namespace Svom.Workflows;

/// <summary>
/// The code of one run, warm in memory. Not thread-safe; every call runs the code as far as it comes and returns. It has no clock,
/// no I/O and no storage: what it wants done comes out as commands, what was done comes in as events.
/// </summary>
public interface IWorkflowInstance : IDisposable
{
    /// <summary>Number of the next event that it has not seen.</summary>
    long NextEventId { get; }

    /// <summary>True when something came from another thread: the next task fails, so begin one though there is no news.</summary>
    bool IsBlamed { get; }

    /// <summary>Called from whichever thread it was, as soon as <see cref="IsBlamed"/> is true: the code may wait for that very thing, and for nothing else.</summary>
    Action? WhenBlamed { get; set; }

    /// <summary>Runs the code on the news of a task.</summary>
    TaskTurn Begin(TaskNews news);

    /// <summary>A local activity ended, and its end is durable.</summary>
    TaskTurn EndLocalStep(LocalStep step);

    /// <summary>Ends the task with what the code wants so far. Local activities may still be open: then <see cref="TaskDone.LocalWork"/> is true.</summary>
    TaskDone Finish();

    /// <summary>Asks the code as it stands; changes nothing.</summary>
    QueryAnswer Query(string name, ImmutableArray<Payload> input, ImmutableSortedDictionary<string, Payload> headers);
}
