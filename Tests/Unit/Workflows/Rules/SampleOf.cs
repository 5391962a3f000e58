using System.Collections;
using System.Collections.Immutable;
using System.Reflection;

namespace Svom.Workflows;

/// <summary>Makes one of each kind of record, by its constructor, with everything said; and compares two by content, part by part.</summary>
internal static class SampleOf
{
    /// <summary>The concrete kinds below a base.</summary>
    public static IEnumerable<Type> Kinds(Type root) => root.Assembly.GetTypes().Where(type => !type.IsAbstract && type.IsSubclassOf(root)).OrderBy(static type => type.Name, StringComparer.Ordinal);

    /// <param name="bare">True: what may be left out is.</param>
    public static object Make(Type type, bool bare, int depth = 0)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        if (plain == typeof(string))
        {
            return "text ✓ <\"&>";
        }

        if (plain == typeof(bool))
        {
            return true;
        }

        if (plain == typeof(int) || plain == typeof(long))
        {
            return Convert.ChangeType(7, plain, System.Globalization.CultureInfo.InvariantCulture);
        }

        if (plain == typeof(TimeSpan))
        {
            return TimeSpan.FromTicks(123_456_789_012);
        }

        if (plain == typeof(DateTimeOffset))
        {
            return new DateTimeOffset(2026, 4, 21, 12, 0, 0, TimeSpan.Zero).AddTicks(1_234_567);
        }

        if (plain == typeof(ReadOnlyMemory<byte>))
        {
            return new ReadOnlyMemory<byte>([0, 8, 255]);
        }

        if (plain.IsEnum)
        {
            return Enum.GetValues(plain).GetValue(Enum.GetValues(plain).Length - 1)!;
        }

        if (plain == typeof(Payload))
        {
            return Ask.Payload("octets");
        }

        if (plain == typeof(RetryPolicy))
        {
            return new RetryPolicy { InitialInterval = TimeSpan.FromSeconds(3), MaximumInterval = TimeSpan.FromSeconds(9), MaximumAttempts = 4, NonRetryableErrorTypes = ["Final"] };
        }

        if (plain.IsGenericType)
        {
            return Many(plain, bare, depth);
        }

        if (plain.IsAbstract)
        {
            return Make(plain == typeof(Failure) && depth > 2 ? typeof(TerminatedFailure) : Kinds(plain).First(), bare || depth > 3, depth + 1);
        }

        return Record(plain, bare, depth);
    }

    public static void Same(object? one, object? other, string path)
    {
        if (one is null || other is null)
        {
            Assert.True(one is null && other is null, $"{path}: {one ?? "null"} and {other ?? "null"}");
            return;
        }

        Assert.True(one.GetType() == other.GetType(), $"{path}: {one.GetType().Name} and {other.GetType().Name}");
        if (one is ReadOnlyMemory<byte> octets)
        {
            Assert.True(octets.Span.SequenceEqual(((ReadOnlyMemory<byte>)other).Span), path);
        }
        else if (one is string || one.GetType().IsPrimitive || one.GetType().IsEnum || one is TimeSpan or DateTimeOffset)
        {
            Assert.True(one.Equals(other), $"{path}: {one} and {other}");
        }
        else if (one is IEnumerable many)
        {
            var (left, right) = (many.Cast<object>().ToArray(), ((IEnumerable)other).Cast<object>().ToArray());
            Assert.True(left.Length == right.Length, $"{path}: {left.Length} and {right.Length} parts");
            for (var i = 0; i < left.Length; i++)
            {
                Same(left[i], right[i], $"{path}[{i}]");
            }
        }
        else
        {
            foreach (var property in one.GetType().GetProperties().Where(static property => property.GetIndexParameters().Length == 0 && property.Name is not "Root" and not "Span"))
            {
                Same(property.GetValue(one), property.GetValue(other), $"{path}.{property.Name}");
            }
        }
    }

    private static object Record(Type type, bool bare, int depth)
    {
        var made = type.GetConstructors().OrderByDescending(static one => one.GetParameters().Length).First();
        var nullability = new NullabilityInfoContext();
        return made.Invoke([.. made.GetParameters().Select(parameter =>
        {
            var mayBeNull = nullability.Create(parameter).ReadState == NullabilityState.Nullable || (parameter.HasDefaultValue && parameter.DefaultValue is null && !parameter.ParameterType.IsValueType);
            return mayBeNull && (bare || depth > 4) ? null : Make(parameter.ParameterType, bare, depth + 1);
        })]);
    }

    private static object Many(Type type, bool bare, int depth)
    {
        var arguments = type.GetGenericArguments();
        if (type.GetGenericTypeDefinition() == typeof(ImmutableArray<>))
        {
            var items = Array.CreateInstance(arguments[0], bare ? 0 : 2);
            for (var i = 0; i < items.Length; i++)
            {
                items.SetValue(Make(arguments[0], bare, depth + 1), i);
            }

            var create = typeof(ImmutableArray).GetMethods().First(static one => one.Name == nameof(ImmutableArray.Create) && one.GetParameters() is [{ ParameterType.IsArray: true }]);
            return create.MakeGenericMethod(arguments[0]).Invoke(null, [items])!;
        }

        var empty = type.GetField(nameof(ImmutableSortedDictionary<,>.Empty))!.GetValue(null)!;
        return bare ? empty : type.GetMethod(nameof(ImmutableSortedDictionary<,>.Add))!.Invoke(empty, [Make(arguments[0], bare, depth + 1), Make(arguments[1], bare, depth + 1)])!;
    }
}
