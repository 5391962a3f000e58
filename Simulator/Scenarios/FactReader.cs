using System.Globalization;
using System.Text.Json;

namespace Svom.Simulation;

/// <summary>Reads one object of a scenario, remembers which keys were asked for, and refuses the others with their path.</summary>
internal sealed class FactReader
{
    // The range of on-board time, kept clear of its ends so that defaults and shifts stay inside.
    private static readonly DateTimeOffset Earliest = new(2017, 1, 2, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Latest = new(2150, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly JsonElement _object;
    private readonly string _path;
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);

    public FactReader(JsonElement element, string path)
    {
        (_object, _path) = (element, path);
        if (element.ValueKind is not JsonValueKind.Object)
        {
            throw new ScenarioException(path.Length == 0 ? "scenario" : path, "must be an object");
        }
    }

    /// <summary>Path of a key of this object.</summary>
    public string At(string key) => _path.Length == 0 ? key : $"{_path}.{key}";

    public ScenarioException Fault(string key, string fault) => new(At(key), fault);

    /// <summary>True when the key stands there and says null: not the same as absent, where a contract says so.</summary>
    public bool IsNull(string key) => Find(key) is { ValueKind: JsonValueKind.Null };

    public bool Has(string key) => Find(key) is { ValueKind: not JsonValueKind.Null };

    public FactReader? Object(string key) => Has(key) ? new(Find(key)!.Value, At(key)) : null;

    public IEnumerable<FactReader> Objects(string key) => Elements(key).Select((element, n) => new FactReader(element, $"{At(key)}[{n}]"));

    public double? Number(string key, double min, double max)
    {
        if (!Has(key))
        {
            return null;
        }

        return Find(key) is { ValueKind: JsonValueKind.Number } element && element.TryGetDouble(out var number) && number >= min && number <= max
            ? number
            : throw Fault(key, string.Create(CultureInfo.InvariantCulture, $"must be a number from {min} to {max}"));
    }

    public int? Whole(string key, int min, int max) => Number(key, min, max) is not { } number ? null
        : number == Math.Floor(number) ? (int)number : throw Fault(key, "must be a whole number");

    public bool? Flag(string key) => !Has(key) ? null : Find(key)!.Value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Fault(key, "must be true or false"),
    };

    public string? Text(string key)
    {
        if (!Has(key))
        {
            return null;
        }

        return Find(key) is { ValueKind: JsonValueKind.String } element && element.GetString() is { Length: > 0 and <= 1000 } text
            ? text
            : throw Fault(key, "must be a text of 1 to 1000 characters");
    }

    /// <summary>A time, UTC, with its Z.</summary>
    public DateTimeOffset? Time(string key)
    {
        if (!Has(key))
        {
            return null;
        }

        return Find(key) is { ValueKind: JsonValueKind.String } element
            && DateTimeOffset.TryParseExact(element.GetString(), "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            && time >= Earliest && time <= Latest
            ? time
            : throw Fault(key, "must be a time like 2026-03-01T04:13:22.000Z, with its Z, between 2017 and 2150");
    }

    public IReadOnlyList<string>? Texts(string key) => !Has(key) ? null
        : [.. Elements(key).Select((element, n) => element is { ValueKind: JsonValueKind.String } && element.GetString() is { Length: > 0 and <= 100 } text
            ? text
            : throw new ScenarioException($"{At(key)}[{n}]", "must be a text"))];

    public IReadOnlyList<double>? Numbers(string key) => !Has(key) ? null
        : [.. Elements(key).Select((element, n) => element is { ValueKind: JsonValueKind.Number } && element.TryGetDouble(out var number)
            ? number
            : throw new ScenarioException($"{At(key)}[{n}]", "must be a number"))];

    /// <summary>Refuses every key that was not asked for.</summary>
    public void RefuseOthers()
    {
        foreach (var property in _object.EnumerateObject())
        {
            if (!_asked.Contains(property.Name))
            {
                throw Fault(property.Name, "unknown key");
            }
        }
    }

    private List<JsonElement> Elements(string key)
    {
        if (!Has(key))
        {
            return [];
        }

        return Find(key) is { ValueKind: JsonValueKind.Array } array ? [.. array.EnumerateArray()] : throw Fault(key, "must be a list");
    }

    private JsonElement? Find(string key)
    {
        _asked.Add(key);
        return _object.TryGetProperty(key, out var element) ? element : null;
    }
}
