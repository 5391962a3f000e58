namespace Svom.Workflows;

/// <summary>The class, or an interface of it, is a workflow.</summary>
/// <param name="name">Name of its type in histories; null: the name of the class, without the leading I of an interface.</param>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Interface, Inherited = false)]
public sealed class WorkflowAttribute(string? name = null) : Attribute
{
    public string? Name { get; } = name;
}

/// <summary>This constructor takes the same arguments as the run method, so that handlers find them before it begins.</summary>
[AttributeUsage(AttributeTargets.Constructor)]
public sealed class WorkflowInitAttribute : Attribute;

/// <summary>The workflow itself: one method, which returns a task. When it ends, the run is over.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class WorkflowRunAttribute : Attribute;

/// <summary>Takes a message that has no answer. The method returns a task without a result.</summary>
/// <param name="name">Null: the name of the method without Async.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class WorkflowSignalAttribute(string? name = null) : Attribute
{
    public string? Name { get; } = name;

    /// <summary>True: it takes every signal that has no handler of its own, as (<see cref="string"/> name, <see cref="Payload"/>[] input).</summary>
    public bool Dynamic { get; set; }
}

/// <summary>Answers a question and changes nothing. A method with a result that is no task, or a property.</summary>
/// <param name="name">Null: the name of the method or property.</param>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Property)]
public sealed class WorkflowQueryAttribute(string? name = null) : Attribute
{
    public string? Name { get; } = name;
}

/// <summary>Answers a question and may change the workflow. The method returns a task.</summary>
/// <param name="name">Null: the name of the method without Async.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class WorkflowUpdateAttribute(string? name = null) : Attribute
{
    public string? Name { get; } = name;
}

/// <summary>Looks at an update before it is accepted; an exception rejects it. Takes the same parameters, returns nothing, changes nothing.</summary>
/// <param name="update">Name of the update's method, by <see langword="nameof"/>.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class WorkflowUpdateValidatorAttribute(string update) : Attribute
{
    public string Update { get; } = update;
}

/// <summary>The method is an activity: it may do anything, and may be run more than once.</summary>
/// <param name="name">Null: the name of the method without Async.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ActivityAttribute(string? name = null) : Attribute
{
    public string? Name { get; } = name;
}
