using System.Reflection;

namespace Svom.Workflows;

/// <summary>Looks an author's class through and refuses it with a reason where it breaks a rule.</summary>
internal sealed class WorkflowDefinitionReader
{
    private const BindingFlags Own = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;

    private readonly Type type;
    private readonly Dictionary<string, MethodInvoker> signals = new(StringComparer.Ordinal);
    private readonly Dictionary<string, MethodInvoker> queries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, UpdateHandler> updates = new(StringComparer.Ordinal);
    private readonly Dictionary<string, MethodInvoker> validators = new(StringComparer.Ordinal);
    private MethodInvoker? run;
    private MethodInvoker? dynamicSignal;

    private WorkflowDefinitionReader(Type type) => this.type = type;

    public static WorkflowDefinition Read(Type type) => new WorkflowDefinitionReader(type).Read();

    private WorkflowDefinition Read()
    {
        var name = NameOfClass();
        foreach (var method in type.GetMethods(Own))
        {
            ReadMethod(method);
        }

        foreach (var property in type.GetProperties(Own))
        {
            ReadProperty(property);
        }

        if (run is null)
        {
            throw Wrong("has no method with [WorkflowRun].");
        }

        foreach (var (update, validator) in validators)
        {
            AddValidator(update, validator);
        }

        var (constructor, takesInput) = Constructor(run);
        return new(type, name, constructor, takesInput, run, signals, dynamicSignal, queries, updates);
    }

    private string NameOfClass()
    {
        if (!type.IsClass || type.IsAbstract || type.ContainsGenericParameters)
        {
            throw Wrong("must be a class that is neither abstract, static nor open generic.");
        }

        var named = type.GetCustomAttribute<WorkflowAttribute>() is not null
            ? type
            : Array.Find(type.GetInterfaces(), static candidate => candidate.GetCustomAttribute<WorkflowAttribute>() is not null) ?? throw Wrong("has no [Workflow].");
        return WorkflowNames.Workflow(named);
    }

    private void ReadMethod(MethodInfo method)
    {
        var kinds = 0;
        if (Has<WorkflowRunAttribute>(method))
        {
            kinds++;
            Check(method, "WorkflowRun");
            Require(ReturnsTask(method), method, "has [WorkflowRun] and must return a Task or Task<T>.");
            Require(run is null, method, $"is a second method with [WorkflowRun], beside {run?.Method.Name}.");
            run = new(method);
        }

        if (method.GetCustomAttribute<WorkflowSignalAttribute>() is { } signal)
        {
            kinds++;
            ReadSignal(method, signal);
        }

        if (Has<WorkflowQueryAttribute>(method))
        {
            kinds++;
            Check(method, "WorkflowQuery");
            Require(method.ReturnType != typeof(void) && !IsAwaitable(method.ReturnType), method, "has [WorkflowQuery] and must return a value at once: no task, not nothing.");
            Add(queries, WorkflowNames.Query(method), new(method), method, "query");
        }

        if (Has<WorkflowUpdateAttribute>(method))
        {
            kinds++;
            Check(method, "WorkflowUpdate");
            Require(ReturnsTask(method), method, "has [WorkflowUpdate] and must return a Task or Task<T>.");
            Add(updates, WorkflowNames.Update(method), new(new(method), null), method, "update");
        }

        if (method.GetCustomAttribute<WorkflowUpdateValidatorAttribute>() is { } validator)
        {
            kinds++;
            Check(method, "WorkflowUpdateValidator");
            Require(method.ReturnType == typeof(void), method, "has [WorkflowUpdateValidator] and must return nothing: it throws to reject.");
            Add(validators, validator.Update, new(method), method, "validator of");
        }

        Require(kinds <= 1, method, "has more than one workflow attribute.");
    }

    private void ReadSignal(MethodInfo method, WorkflowSignalAttribute signal)
    {
        Check(method, "WorkflowSignal");
        Require(method.ReturnType == typeof(Task), method, "has [WorkflowSignal] and must return a Task without a result.");
        var invoker = new MethodInvoker(method);
        if (!signal.Dynamic)
        {
            Add(signals, WorkflowNames.Signal(method), invoker, method, "signal");
            return;
        }

        Require(signal.Name is null, method, "is a dynamic signal and can't have a name.");
        Require(invoker.Parameters.Are(typeof(string), typeof(Payload[])), method, "is a dynamic signal and must take (string name, Payload[] input).");
        Require(dynamicSignal is null, method, $"is a second dynamic signal, beside {dynamicSignal?.Method.Name}.");
        dynamicSignal = invoker;
    }

    private void ReadProperty(PropertyInfo property)
    {
        if (!Has<WorkflowQueryAttribute>(property))
        {
            return;
        }

        var getter = property.GetMethod ?? throw Wrong($"{property.Name} has [WorkflowQuery] and must have a getter.");
        Check(getter, "WorkflowQuery");
        Require(!IsAwaitable(property.PropertyType), property, "has [WorkflowQuery] and must give a value at once: no task.");
        Add(queries, WorkflowNames.Query(property), new(getter), property, "query");
    }

    private void AddValidator(string update, MethodInvoker validator)
    {
        var (name, handler) = updates.FirstOrDefault(entry => string.Equals(entry.Value.Handler.Method.Name, update, StringComparison.Ordinal));
        Require(name is not null, validator.Method, $"validates '{update}', which is no method with [WorkflowUpdate].");
        Require(validator.Parameters.SameAs(handler.Handler.Parameters), validator.Method, $"must take the same parameters as {update}.");
        updates[name!] = handler with { Validator = validator };
    }

    private (ConstructorInfo Constructor, bool TakesInput) Constructor(MethodInvoker method)
    {
        var constructors = type.GetConstructors(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance);
        var marked = Array.FindAll(constructors, Has<WorkflowInitAttribute>);
        if (marked.Length > 1)
        {
            throw Wrong("has more than one constructor with [WorkflowInit].");
        }

        if (marked is [var init])
        {
            return new ParameterList(init).SameAs(method.Parameters)
                ? (init, true)
                : throw Wrong($"has a constructor with [WorkflowInit], which must take the same parameters as {method.Method.Name}.");
        }

        return (Array.Find(constructors, static constructor => constructor.GetParameters().Length == 0)
            ?? throw Wrong("must have a constructor without parameters, or one with [WorkflowInit]: a workflow gets nothing injected."), false);
    }

    private void Check(MethodInfo method, string attribute)
    {
        Require(method.IsPublic, method, $"has [{attribute}] and must be public.");
        Require(!method.IsStatic, method, $"has [{attribute}] and can't be static.");
        Require(!method.ContainsGenericParameters, method, $"has [{attribute}] and can't be generic.");
        Require(!Array.Exists(method.GetParameters(), static parameter => parameter.ParameterType.IsByRef), method, $"has [{attribute}] and can't take parameters by reference.");
    }

    private void Add<T>(Dictionary<string, T> known, string name, T handler, MemberInfo member, string kind) =>
        Require(known.TryAdd(name, handler), member, $"is a second {kind} '{name}'.");

    private void Require(bool holds, MemberInfo member, string rule)
    {
        if (!holds)
        {
            throw Wrong($"{member.Name} {rule}", dot: true);
        }
    }

    private WorkflowDefinitionException Wrong(string rule, bool dot = false) => new(dot ? $"{type.Name}.{rule}" : $"{type.Name} {rule}");

    private static bool Has<T>(MemberInfo member) where T : Attribute => member.GetCustomAttribute<T>(inherit: true) is not null;

    private static bool ReturnsTask(MethodInfo method) =>
        method.ReturnType == typeof(Task) || (method.ReturnType.IsGenericType && method.ReturnType.GetGenericTypeDefinition() == typeof(Task<>));

    private static bool IsAwaitable(Type type) =>
        typeof(Task).IsAssignableFrom(type) || type == typeof(ValueTask) || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ValueTask<>));
}
