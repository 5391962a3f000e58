namespace Svom.Simulation;

/// <summary>Scenarios that come with the simulator: facts of public bursts.</summary>
public static class BundledScenarios
{
    private const string Prefix = "Svom.Simulation.Scenarios.";
    private const string Suffix = ".json";

    /// <summary>Their names, in order.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. typeof(BundledScenarios).Assembly.GetManifestResourceNames()
            .Where(static name => name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith(Suffix, StringComparison.Ordinal))
            .Select(static name => name[Prefix.Length..^Suffix.Length]).Order(StringComparer.Ordinal),
    ];

    /// <summary>Reads one by name; null when there is none of this name.</summary>
    public static byte[]? Find(string name)
    {
        using var stream = typeof(BundledScenarios).Assembly.GetManifestResourceStream(Prefix + name + Suffix);
        if (stream is null)
        {
            return null;
        }

        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
