using System.Collections.Immutable;
using System.Linq.Expressions;
using System.Reflection;

namespace Svom.Workflows;

/// <summary>Calls a method through a delegate compiled once, whatever it returns.</summary>
internal sealed class MethodInvoker
{
    private static readonly Task<object?> Nothing = Task.FromResult<object?>(null);
    private readonly Lazy<Func<object?, object?[], Task<object?>>> call;
    private readonly Lazy<Func<object?, object?[], object?>> callNow;

    public MethodInvoker(MethodInfo method)
    {
        Method = method;
        Parameters = new(method);
        call = new(() => Compile<Task<object?>>(method, Boxed));
        callNow = new(() => Compile<object?>(method, AtOnce));
    }

    public MethodInfo Method { get; }

    public ParameterList Parameters { get; }

    /// <summary>False when the method returns nothing, or a task of nothing.</summary>
    public bool HasResult => Method.ReturnType != typeof(void) && Method.ReturnType != typeof(Task);

    /// <returns>The result; null for a method without one.</returns>
    public Task<object?> InvokeAsync(object? target, object?[] arguments) => call.Value(target, arguments);

    /// <summary>For a method that returns no task.</summary>
    public object? InvokeNow(object? target, object?[] arguments) => callNow.Value(target, arguments);

    private static Func<object?, object?[], T> Compile<T>(MethodInfo method, Func<Expression, Type, Expression> shape)
    {
        var target = Expression.Parameter(typeof(object));
        var arguments = Expression.Parameter(typeof(object?[]));
        var invoked = Expression.Call(
            method.IsStatic ? null : Expression.Convert(target, method.DeclaringType!), method, Convert(method.GetParameters(), arguments));
        return Expression.Lambda<Func<object?, object?[], T>>(shape(invoked, method.ReturnType), target, arguments).Compile();
    }

    public static Func<object?[], object> Compile(ConstructorInfo constructor)
    {
        var arguments = Expression.Parameter(typeof(object?[]));
        return Expression.Lambda<Func<object?[], object>>(Expression.New(constructor, Convert(constructor.GetParameters(), arguments)), arguments).Compile();
    }

    private static IEnumerable<Expression> Convert(ParameterInfo[] parameters, ParameterExpression arguments) =>
        parameters.Select((parameter, index) => Expression.Convert(Expression.ArrayIndex(arguments, Expression.Constant(index)), parameter.ParameterType));

    private static Expression Boxed(Expression invoked, Type type)
    {
        if (type == typeof(void))
        {
            return Expression.Block(invoked, Expression.Constant(Nothing));
        }

        if (type == typeof(Task))
        {
            return Expression.Call(typeof(MethodInvoker), nameof(BoxAsync), null, invoked);
        }

        return type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Task<>)
            ? Expression.Call(typeof(MethodInvoker), nameof(BoxResultAsync), type.GetGenericArguments(), invoked)
            : Expression.Call(typeof(Task), nameof(Task.FromResult), [typeof(object)], Expression.Convert(invoked, typeof(object)));
    }

    private static Expression AtOnce(Expression invoked, Type type) =>
        type == typeof(void) ? Expression.Block(invoked, Expression.Constant(null)) : Expression.Convert(invoked, typeof(object));

    private static async Task<object?> BoxAsync(Task task)
    {
        await task;
        return null;
    }

    private static async Task<object?> BoxResultAsync<T>(Task<T> task) => await task;
}

/// <summary>What a method takes.</summary>
internal sealed class ParameterList
{
    private readonly string owner;
    private readonly ParameterInfo[] parameters;

    public ParameterList(MethodBase method)
    {
        owner = WorkflowNames.Full(method);
        parameters = method.GetParameters();
    }

    public int Count => parameters.Length;

    public bool SameAs(ParameterList other)
    {
        if (Count != other.Count)
        {
            return false;
        }

        for (var i = 0; i < Count; i++)
        {
            if (parameters[i].ParameterType != other.parameters[i].ParameterType)
            {
                return false;
            }
        }

        return true;
    }

    public bool Are(params ReadOnlySpan<Type> types)
    {
        if (types.Length != Count)
        {
            return false;
        }

        for (var i = 0; i < Count; i++)
        {
            if (parameters[i].ParameterType != types[i])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The arguments. Too many payloads do no harm, too few only where parameters have no default: callers and code change at different times.</summary>
    /// <exception cref="PayloadException">They can't be read.</exception>
    public object?[] Bind(ImmutableArray<Payload> input, IPayloadConverter converter)
    {
        if (parameters.Length == 0)
        {
            return [];
        }

        var given = input.IsDefault ? 0 : input.Length;
        var arguments = new object?[parameters.Length];
        for (var i = 0; i < arguments.Length; i++)
        {
            arguments[i] = i < given ? Read(input[i], parameters[i], converter)
                : parameters[i].HasDefaultValue ? parameters[i].DefaultValue ?? Default(parameters[i].ParameterType)
                : throw new PayloadException($"{owner} takes {Count} arguments and got {given}: '{parameters[i].Name}' is missing.");
        }

        return arguments;
    }

    private static object? Default(Type type) => type.IsValueType ? Activator.CreateInstance(type) : null;

    private object? Read(Payload payload, ParameterInfo parameter, IPayloadConverter converter)
    {
        try
        {
            var value = converter.ToValue(payload, parameter.ParameterType);
            return value is null && parameter.ParameterType.IsValueType && Nullable.GetUnderlyingType(parameter.ParameterType) is null
                ? throw new PayloadException($"The payload is null, which is no {parameter.ParameterType}.")
                : value;
        }
        catch (PayloadException exception)
        {
            throw new PayloadException($"'{parameter.Name}' of {owner}: {exception.Message}", exception);
        }
    }
}
