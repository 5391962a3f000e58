namespace Svom.Tests.Support;

/// <summary>A stored file is a promise to subscribers: changing it is a decision to review. SVOM_UPDATE_GOLDEN=1 writes it anew.</summary>
public static class GoldenFile
{
    public static void Matches(string name, string text)
    {
        var path = Path.Combine(Samples.Solution, "Tests", "Golden", name);
        if (Environment.GetEnvironmentVariable("SVOM_UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(path, text);
        }

        Assert.Equal(File.ReadAllText(path), text);
    }
}
