using System.Linq.Expressions;
using System.Reflection;

namespace Svom.Workflows;

/// <summary>A call that an author wrote as an expression, with its arguments evaluated.</summary>
public sealed record ExpressionCall(MethodInfo Method, IReadOnlyList<object?> Arguments);

/// <summary>Reads what is to be called, and with what, out of lambdas such as <c>(SkyMapActivities make) => make.SkyMapAsync(burst)</c>. Nothing is called.</summary>
public static class ExpressionCalls
{
    /// <exception cref="ArgumentException">The lambda is something else than one call of a method of its parameter, or of a static method.</exception>
    public static ExpressionCall Of(LambdaExpression lambda)
    {
        ArgumentNullException.ThrowIfNull(lambda);
        if (Plain(lambda.Body) is not MethodCallExpression call)
        {
            throw new ArgumentException($"'{lambda}' must be one method call and nothing else.", nameof(lambda));
        }

        if (call.Object is not null && (lambda.Parameters.Count != 1 || Plain(call.Object) != lambda.Parameters[0]))
        {
            throw new ArgumentException($"'{lambda}' must call a method of its own parameter, or a static one.", nameof(lambda));
        }

        var arguments = new object?[call.Arguments.Count];
        for (var i = 0; i < arguments.Length; i++)
        {
            arguments[i] = Value(call.Arguments[i], lambda);
        }

        return new(call.Method, arguments);
    }

    /// <summary>A query: a call as above, or a property of the parameter.</summary>
    /// <exception cref="ArgumentException">The lambda is neither.</exception>
    public static (MemberInfo Member, IReadOnlyList<object?> Arguments) OfQuery(LambdaExpression lambda)
    {
        ArgumentNullException.ThrowIfNull(lambda);
        if (Plain(lambda.Body) is MemberExpression { Member: PropertyInfo property, Expression: { } owner } && lambda.Parameters.Count == 1 && Plain(owner) == lambda.Parameters[0])
        {
            return (property, []);
        }

        var call = Of(lambda);
        return (call.Method, call.Arguments);
    }

    private static Expression Plain(Expression expression) =>
        expression is UnaryExpression { NodeType: ExpressionType.Convert or ExpressionType.TypeAs } unary ? Plain(unary.Operand) : expression;

    private static object? Value(Expression expression, LambdaExpression lambda)
    {
        if (TryRead(expression, out var value))
        {
            return value;
        }

        try
        {
            // Costs more, and is rare: arguments are mostly constants, locals and their members.
            return Expression.Lambda<Func<object?>>(Expression.Convert(expression, typeof(object))).Compile(preferInterpretation: true)();
        }
        catch (InvalidOperationException exception)
        {
            throw new ArgumentException($"The argument '{expression}' of '{lambda}' can't be known before the call.", nameof(lambda), exception);
        }
    }

    private static bool TryRead(Expression? expression, out object? value)
    {
        switch (expression)
        {
            case null:
                value = null;
                return true;
            case ConstantExpression constant:
                value = constant.Value;
                return true;
            case MemberExpression { Member: FieldInfo field } member when TryRead(member.Expression, out var owner) && (field.IsStatic || owner is not null):
                value = field.GetValue(owner);
                return true;
            case MemberExpression { Member: PropertyInfo { GetMethod: { } getter } } member when TryRead(member.Expression, out var owner) && (getter.IsStatic || owner is not null):
                value = getter.Invoke(owner, BindingFlags.DoNotWrapExceptions, null, null, null);
                return true;
            case UnaryExpression { NodeType: ExpressionType.Convert, Method: null } unary when unary.Type.IsAssignableFrom(unary.Operand.Type):
                return TryRead(unary.Operand, out value);
            default:
                value = null;
                return false;
        }
    }
}
