using System.Reflection;

namespace Svom.Workflows;

/// <summary>An author's workflow, looked through once. Immutable; shared by all its runs.</summary>
public sealed class WorkflowDefinition
{
    private readonly Lazy<Func<object?[], object>> create;

    internal WorkflowDefinition(
        Type type, string name, ConstructorInfo constructor, bool takesInput, MethodInvoker run, IReadOnlyDictionary<string, MethodInvoker> signals, MethodInvoker? dynamicSignal,
        IReadOnlyDictionary<string, MethodInvoker> queries, IReadOnlyDictionary<string, UpdateHandler> updates)
    {
        (Type, Name, TakesInput, Run, Signals, DynamicSignal, Queries, Updates) = (type, name, takesInput, run, signals, dynamicSignal, queries, updates);
        create = new(() => MethodInvoker.Compile(constructor));
    }

    /// <summary>The author's class.</summary>
    public Type Type { get; }

    /// <summary>Name of the workflow type in histories.</summary>
    public string Name { get; }

    public IEnumerable<string> SignalNames => Signals.Keys;

    public IEnumerable<string> QueryNames => Queries.Keys;

    public IEnumerable<string> UpdateNames => Updates.Keys;

    /// <summary>True when the constructor takes the arguments of the run method.</summary>
    internal bool TakesInput { get; }

    internal MethodInvoker Run { get; }

    internal IReadOnlyDictionary<string, MethodInvoker> Signals { get; }

    internal MethodInvoker? DynamicSignal { get; }

    internal IReadOnlyDictionary<string, MethodInvoker> Queries { get; }

    internal IReadOnlyDictionary<string, UpdateHandler> Updates { get; }

    /// <exception cref="WorkflowDefinitionException">The class breaks a rule of workflows; the message says which.</exception>
    public static WorkflowDefinition Create(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return WorkflowDefinitionReader.Read(type);
    }

    /// <inheritdoc cref="Create(Type)"/>
    public static WorkflowDefinition Create<TWorkflow>() => Create(typeof(TWorkflow));

    internal object CreateInstance(object?[] input) => create.Value(TakesInput ? input : []);
}

/// <param name="Validator">Null: every update is accepted.</param>
internal sealed record UpdateHandler(MethodInvoker Handler, MethodInvoker? Validator);
