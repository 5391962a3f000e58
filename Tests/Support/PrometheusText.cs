using System.Globalization;
using System.Text.RegularExpressions;

namespace Svom.Support;

/// <summary>One series of a scrape.</summary>
internal sealed record ScrapedSample(string Name, IReadOnlyDictionary<string, string> Labels, double Value)
{
    public string? this[string label] => Labels.GetValueOrDefault(label);
}

/// <summary>A family with its kind and what it is about.</summary>
internal sealed record ScrapedFamily(string Name, string Kind, List<ScrapedSample> Samples)
{
    public string? Help { get; set; }
}

/// <summary>Reads Prometheus' text format 0.0.4 by its rules and refuses what breaks them: written from the format's page, not from the exporter.</summary>
internal static partial class PrometheusText
{
    private static readonly string[] Kinds = ["counter", "gauge", "histogram", "summary", "untyped"];

    public static Dictionary<string, ScrapedFamily> Read(string text)
    {
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
        var families = new Dictionary<string, ScrapedFamily>(StringComparer.Ordinal);
        var help = new Dictionary<string, string>(StringComparer.Ordinal);
        var series = new HashSet<string>(StringComparer.Ordinal);
        ScrapedFamily? current = null;
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            switch (line.Split(' ', 4))
            {
                case ["#", "HELP", var name, var about]:
                    Assert.True(help.TryAdd(name, about), $"{name} has HELP twice.");
                    Assert.False(families.TryGetValue(name, out var begun) && begun.Samples.Count > 0, $"HELP of {name} comes after its series.");
                    break;
                case ["#", "TYPE", var name, var kind]:
                    Assert.Contains(kind, Kinds);
                    Assert.True(families.TryAdd(name, current = new(name, kind, [])), $"{name} has TYPE twice, or its series are not together.");
                    break;
                case ["#", ..]:
                    break;
                default:
                    var sample = Sample(line);
                    Assert.NotNull(current);
                    Assert.True(BelongsTo(current, sample.Name), $"{sample.Name} stands under {current.Name}.");
                    Assert.True(series.Add(line[..(line.LastIndexOf('}') + 1 is > 0 and var end ? end : line.IndexOf(' ', StringComparison.Ordinal))]), $"Twice: {line}");
                    current.Samples.Add(sample);
                    break;
            }
        }

        foreach (var (name, about) in help)
        {
            Assert.True(families.TryGetValue(name, out var family), $"HELP of {name}, but no TYPE.");
            family.Help = about;
        }

        foreach (var histogram in families.Values.Where(static family => family.Kind == "histogram"))
        {
            CheckBuckets(histogram);
        }

        return families;
    }

    /// <summary>Sum of the series that have these labels.</summary>
    public static double Sum(this Dictionary<string, ScrapedFamily> families, string family, string? sample = null, params (string Label, string Value)[] labels) =>
        families.TryGetValue(family, out var found)
            ? found.Samples.Where(one => one.Name == (sample ?? family) && labels.All(label => one[label.Label] == label.Value)).Sum(static one => one.Value) : 0;

    private static ScrapedSample Sample(string line)
    {
        var match = Line().Match(line);
        Assert.True(match.Success, $"Not a series: {line}");
        var labels = Label().Matches(match.Groups["labels"].Value).ToDictionary(static label => label.Groups["name"].Value, static label => label.Groups["value"].Value, StringComparer.Ordinal);
        return new(match.Groups["name"].Value, labels, match.Groups["value"].Value switch
        {
            "+Inf" => double.PositiveInfinity,
            "-Inf" => double.NegativeInfinity,
            "NaN" or "Nan" => double.NaN,
            var number => double.Parse(number, CultureInfo.InvariantCulture),
        });
    }

    private static bool BelongsTo(ScrapedFamily family, string name) =>
        name == family.Name || (family.Kind is "histogram" && (name == family.Name + "_bucket" || name == family.Name + "_sum" || name == family.Name + "_count"));

    /// <summary>Buckets count everything below their bound, the last one everything.</summary>
    private static void CheckBuckets(ScrapedFamily histogram)
    {
        foreach (var one in histogram.Samples.GroupBy(static sample => string.Join(',', sample.Labels.Where(static label => label.Key != "le").OrderBy(static label => label.Key, StringComparer.Ordinal)), StringComparer.Ordinal))
        {
            var buckets = one.Where(sample => sample.Name == histogram.Name + "_bucket").ToList();
            var bounds = buckets.Select(static bucket => bucket["le"] == "+Inf" ? double.PositiveInfinity : double.Parse(bucket["le"]!, CultureInfo.InvariantCulture)).ToList();
            Assert.Equal(bounds.Order(), bounds);
            Assert.Equal(bounds.Distinct(), bounds);
            Assert.Equal(double.PositiveInfinity, bounds[^1]);
            Assert.Equal(buckets.Select(static bucket => bucket.Value).Order(), buckets.Select(static bucket => bucket.Value));
            Assert.Equal(buckets[^1].Value, Assert.Single(one, sample => sample.Name == histogram.Name + "_count").Value);
            Assert.Single(one, sample => sample.Name == histogram.Name + "_sum");
        }
    }

    [GeneratedRegex(@"^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?<labels>([a-zA-Z_][a-zA-Z0-9_]*=""(\\[\\""n]|[^""\\])*"",?)*)\})? (?<value>\S+)( -?[0-9]+)?$", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex Line();

    [GeneratedRegex(@"(?<name>[a-zA-Z_][a-zA-Z0-9_]*)=""(?<value>(\\[\\""n]|[^""\\])*)""", RegexOptions.ExplicitCapture, 5_000)]
    private static partial Regex Label();
}
