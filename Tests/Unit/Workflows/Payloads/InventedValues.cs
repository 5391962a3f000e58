using System.Collections;
using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using System.Text;

namespace Svom.Workflows;

/// <summary>Values of any type of the engine with a payload in every place that can hold one, made and read by reflection.</summary>
internal static class InventedValues
{
    private const int DeepestCause = 2;

    // Where a contract says "any of these", one of them that has payloads.
    private static readonly Dictionary<Type, Type> Chosen = new()
    {
        [typeof(EventAttributes)] = typeof(WorkflowExecutionSignaled),
        [typeof(Failure)] = typeof(ApplicationFailure),
        [typeof(Command)] = typeof(ScheduleActivityTask),
        [typeof(UpdateMessage)] = typeof(UpdateDone),
        [typeof(TaskOutcome)] = typeof(TaskDone),
        [typeof(WorkflowInput)] = typeof(Signal),
        [typeof(WorkflowMessage)] = typeof(InputMessage),
        [typeof(WorkflowRecord)] = typeof(LocalStepEnded),
        [typeof(WorkflowEffect)] = typeof(UpdateAnswered),
    };

    public static T Of<T>(int octets = 0) => (T)Of(typeof(T), octets);

    /// <param name="type">Any type of the engine.</param>
    /// <param name="octets">Least octets of each payload's data.</param>
    public static object Of(Type type, int octets = 0)
    {
        var made = 0;
        return Make(type, ref made, octets, causes: 0)!;
    }

    /// <summary>Every payload inside a value with the names of the properties that lead to it.</summary>
    public static IEnumerable<(string Path, Payload Payload)> Payloads(object? value, string path = "") => value switch
    {
        null or string => [],
        Payload payload => [(path, payload)],
        IDictionary table => table.Keys.Cast<object>().SelectMany(key => Payloads(table[key], $"{path}[{key}]")),
        IEnumerable list => list.Cast<object?>().SelectMany((item, n) => Payloads(item, $"{path}[{n}]")),
        _ when IsOurs(value.GetType()) => Said(value.GetType()).SelectMany(said => Payloads(said.GetValue(value), $"{path}.{said.Name}")),
        _ => [],
    };

    /// <summary>Every single thing that a value says, as lines of text: two values that say the same have the same lines.</summary>
    public static IEnumerable<string> Lines(object? value, string path = "") => value switch
    {
        null => [$"{path}: nothing"],
        string text => [$"{path}: {text}"],
        ReadOnlyMemory<byte> octets => [$"{path}: {Convert.ToHexString(octets.Span)}"],
        IDictionary table => table.Keys.Cast<object>().SelectMany(key => Lines(table[key], $"{path}[{key}]")).Prepend($"{path}: {table.Count} entries"),
        IEnumerable list => list.Cast<object?>().SelectMany((item, n) => Lines(item, $"{path}[{n}]")),
        _ when IsOurs(value.GetType()) => Said(value.GetType()).SelectMany(said => Lines(said.GetValue(value), $"{path}.{said.Name}")).Prepend($"{path}: {value.GetType().Name}"),
        _ => [string.Create(CultureInfo.InvariantCulture, $"{path}: {value}")],
    };

    /// <summary>True when nothing was waited for.</summary>
    public static bool IsDone<T>(ValueTask<T> task) => task.IsCompletedSuccessfully;

    public static void AssertSame(object expected, object actual) => Assert.Equal(Lines(expected), Lines(actual));

    /// <summary>True when a value of the type may have a payload in it.</summary>
    public static bool MayCarry(Type type) => MayCarry(type, []);

    private static bool MayCarry(Type type, HashSet<Type> seen) =>
        type == typeof(Payload)
        || (seen.Add(type) && ((type.IsGenericType && type.GetGenericArguments().Any(argument => MayCarry(argument, seen)))
            || (IsOurs(type)
                && (Said(type).Any(said => MayCarry(said.PropertyType, seen)) || (type.IsAbstract && Chosen.TryGetValue(type, out var one) && MayCarry(one, seen))))));

    private static bool IsOurs(Type type) => type.Assembly == typeof(Payload).Assembly && !type.IsEnum;

    private static IEnumerable<PropertyInfo> Said(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(static property => property.SetMethod is not null && property.GetIndexParameters().Length == 0);

    private static object? Make(Type type, ref int made, int octets, int causes)
    {
        made++;
        var inner = Nullable.GetUnderlyingType(type) ?? type;
        if (inner == typeof(Payload))
        {
            var data = new byte[octets + 8];
            Encoding.ASCII.GetBytes(made.ToString("D8", CultureInfo.InvariantCulture), data);
            return new Payload(ImmutableSortedDictionary<string, ReadOnlyMemory<byte>>.Empty.Add("encoding", "json/plain"u8.ToArray()), data);
        }

        return inner == typeof(string) ? $"text {made}"
            : inner == typeof(bool) ? true
            : inner == typeof(ReadOnlyMemory<byte>) ? new ReadOnlyMemory<byte>([1, 2])
            : inner == typeof(DateTimeOffset) ? DateTimeOffset.UnixEpoch.AddSeconds(made)
            : inner == typeof(TimeSpan) ? TimeSpan.FromSeconds(made)
            : inner.IsEnum ? Enum.GetValues(inner).GetValue(0)
            : inner.IsPrimitive ? Convert.ChangeType(made, inner, CultureInfo.InvariantCulture)
            : inner.IsGenericType ? MakeMany(inner, ref made, octets, causes)
            : MakeRecord(inner, ref made, octets, causes);
    }

    private static object MakeMany(Type type, ref int made, int octets, int causes)
    {
        var arguments = type.GetGenericArguments();
        if (arguments.Length == 2)
        {
            dynamic table = type.GetField("Empty")!.GetValue(null)!;
            for (var n = 0; n < 2; n++)
            {
                table = table.Add($"name {n}", (dynamic)Make(arguments[1], ref made, octets, causes)!);
            }

            return table;
        }

        var items = Array.CreateInstance(arguments[0], 2);
        items.SetValue(Make(arguments[0], ref made, octets, causes), 0);
        items.SetValue(Make(arguments[0], ref made, octets, causes), 1);
        return type.GetGenericTypeDefinition() == typeof(ImmutableArray<>)
            ? typeof(ImmutableArray).GetMethods().Single(static method => method.Name == nameof(ImmutableArray.Create) && method.GetParameters() is [{ ParameterType.IsArray: true }])
                .MakeGenericMethod(arguments[0]).Invoke(null, [items])!
            : items; // A read-only list.
    }

    private static object? MakeRecord(Type type, ref int made, int octets, int causes)
    {
        if (typeof(Failure).IsAssignableFrom(type) && causes++ > DeepestCause)
        {
            return null;
        }

        var constructor = Chosen.GetValueOrDefault(type, type).GetConstructors().MaxBy(static one => one.GetParameters().Length)!;
        var arguments = new List<object?>();
        foreach (var parameter in constructor.GetParameters())
        {
            arguments.Add(Make(parameter.ParameterType, ref made, octets, causes));
        }

        var value = constructor.Invoke([.. arguments]);
        foreach (var said in Said(value.GetType()).Where(said => MayCarry(said.PropertyType) && !constructor.GetParameters().Any(parameter => parameter.Name == said.Name)))
        {
            said.SetValue(value, Make(said.PropertyType, ref made, octets, causes)); // Such as words for people on a command that rarely has some.
        }

        return value;
    }
}
