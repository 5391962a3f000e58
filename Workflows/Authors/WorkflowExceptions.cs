namespace Svom.Workflows;

/// <summary>Thrown out of a workflow's run method, it lets the work go on in a new run. Made by <see cref="Workflow.CreateContinueAsNewException(string, IReadOnlyList{object?}, ContinueAsNewOptions?)"/>.</summary>
public sealed class ContinueAsNewException : Exception
{
    internal ContinueAsNewException(ContinueAsNew command) : base($"The workflow continues as a new run of '{command.WorkflowType}'.") => Command = command;

    internal ContinueAsNew Command { get; }
}

/// <summary>The code asks for something else than its history holds: it was changed without a patch, or it is not deterministic.</summary>
public sealed class WorkflowNonDeterminismException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>A workflow's code waits for something that no history keeps: a task, a thread, I/O or the clock of the machine.</summary>
public sealed class ForeignAwaitException(string message) : Exception(message);

/// <summary>An author's class or method breaks a rule of workflows or activities; the message says which.</summary>
public sealed class WorkflowDefinitionException(string message) : Exception(message);
