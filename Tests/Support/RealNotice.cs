using System.Globalization;
using Svom.VoEvent;

namespace Svom.Support;

/// <summary>A notice read back for comparison: ours or a real one.</summary>
public sealed class RealNotice
{
    private readonly Dictionary<string, VoEventParam> parameters = new(StringComparer.Ordinal);

    public RealNotice(VoEventDocument document, string name)
    {
        Document = document;
        Name = name;
        foreach (var param in document.Params)
        {
            Add(param.Name, param);
        }

        foreach (var group in document.Groups)
        {
            Order.Add(group.Name);
            group.Params.ToList().ForEach(p => Add($"{group.Name}.{p.Name}", p));
        }
    }

    public VoEventDocument Document { get; }

    public string Name { get; }

    /// <summary>Groups and Params as they follow each other.</summary>
    public List<string> Order { get; } = [];

    public string Burst => Document.Ivorn.Split('#')[1].Split('_')[0];

    /// <summary>Type with quality.</summary>
    public string Type => Document.Ivorn.Split('#')[1].Split('_', 2)[1];

    public IReadOnlyDictionary<string, VoEventParam> Params => parameters;

    public IReadOnlyList<string> Cited => [.. (Document.Citations?.Events ?? []).Select(static c => c.Ivorn.Split('_', 2)[1])];

    public DateTimeOffset Date => Time(Document.Who.Date);

    public string? this[string key] => parameters.TryGetValue(key, out var param) ? param.Value : null;

    public static RealNotice Load(string path)
    {
        using var stream = File.OpenRead(path);
        return Load(stream, Path.GetFileName(path));
    }

    public static RealNotice Load(Stream stream, string name) =>
        VoEventReader.TryRead(stream, out var document) ? new(document!, name) : throw new InvalidDataException($"{name} is no VOEvent.");

    public static DateTimeOffset Time(string text) =>
        DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal);

    public double Number(string key) => double.Parse(this[key]!, CultureInfo.InvariantCulture);

    public decimal Exact(string key) => decimal.Parse(this[key]!, CultureInfo.InvariantCulture);

    private void Add(string key, VoEventParam param)
    {
        parameters[key] = param;
        Order.Add(param.Name);
    }
}
