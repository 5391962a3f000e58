using System.Collections.Immutable;
using System.Reflection;

namespace Svom.Workflows;

/// <summary>An author's activity. Immutable; shared by all its attempts.</summary>
public sealed class ActivityDefinition
{
    private const BindingFlags Own = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static;

    private readonly MethodInvoker invoker;
    private readonly Type owner;
    private readonly Func<Type, object>? resolve;

    private ActivityDefinition(string name, MethodInvoker invoker, Type owner, Func<Type, object>? resolve) =>
        (Name, this.invoker, this.owner, this.resolve) = (name, invoker, owner, resolve);

    /// <summary>Name of the activity type in histories.</summary>
    public string Name { get; }

    public MethodInfo Method => invoker.Method;

    /// <summary>All activities of a class.</summary>
    /// <param name="type">Its methods with [Activity], static or not.</param>
    /// <param name="resolve">Gives the object to call when the class is needed; null: it is given at each call.</param>
    /// <exception cref="WorkflowDefinitionException">The class has none, or one breaks a rule; the message says which.</exception>
    public static ImmutableArray<ActivityDefinition> CreateAll(Type type, Func<Type, object>? resolve = null)
    {
        ArgumentNullException.ThrowIfNull(type);
        if (type.ContainsGenericParameters)
        {
            throw new WorkflowDefinitionException($"{type.Name} must not be open generic.");
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        var activities = ImmutableArray.CreateBuilder<ActivityDefinition>();
        foreach (var method in type.GetMethods(Own))
        {
            if (method.GetCustomAttribute<ActivityAttribute>(inherit: true) is null)
            {
                continue;
            }

            var name = Check(method);
            activities.Add(names.Add(name)
                ? new(name, new(method), type, resolve)
                : throw new WorkflowDefinitionException($"{WorkflowNames.Full(method)} is a second activity '{name}'."));
        }

        return activities.Count > 0 ? activities.ToImmutable() : throw new WorkflowDefinitionException($"{type.Name} has no method with [Activity].");
    }

    /// <summary>All activities of an object, which is shared by all attempts.</summary>
    public static ImmutableArray<ActivityDefinition> CreateAll(object instance)
    {
        ArgumentNullException.ThrowIfNull(instance);
        return CreateAll(instance.GetType(), _ => instance);
    }

    /// <summary>Runs one attempt. Its context is <see cref="ActivityExecutionContext.Current"/>, which the caller has set.</summary>
    /// <param name="with">Gives the object to call; null: as said when the definition was made.</param>
    /// <exception cref="PayloadException">The input can't be read, or the result can't be written.</exception>
    public async Task<ImmutableArray<Payload>> RunAsync(ImmutableArray<Payload> input, IPayloadConverter converter, Func<Type, object>? with = null)
    {
        ArgumentNullException.ThrowIfNull(converter);
        var arguments = invoker.Parameters.Bind(input, converter);
        var target = Method.IsStatic ? null
            : (with ?? resolve ?? throw new InvalidOperationException($"Nobody gives the object that activity '{Name}' is called on."))(owner);
        var result = await invoker.InvokeAsync(target, arguments);
        return invoker.HasResult ? [converter.ToPayload(result)] : [];
    }

    private static string Check(MethodInfo method)
    {
        var name = WorkflowNames.Activity(method);
        var fault = !method.IsPublic ? "must be public."
            : method.ContainsGenericParameters ? "can't be generic."
            : Array.Exists(method.GetParameters(), static parameter => parameter.ParameterType.IsByRef) ? "can't take parameters by reference."
            : method.ReturnType == typeof(ValueTask) || (method.ReturnType.IsGenericType && method.ReturnType.GetGenericTypeDefinition() == typeof(ValueTask<>))
                ? "must return a Task, a value or nothing, but no ValueTask."
            : name.Length == 0 ? "has an empty name."
            : null;
        return fault is null ? name : throw new WorkflowDefinitionException($"{WorkflowNames.Full(method)} has [Activity] and {fault}");
    }
}
