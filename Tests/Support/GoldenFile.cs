namespace Svom.Support;

/// <summary>A stored file is a promise to subscribers: changing it is a decision to review. SVOM_UPDATE_GOLDEN=1 writes it anew.</summary>
public static class GoldenFile
{
    /// <summary>Holds a text against a file of Tests/Golden.</summary>
    public static void Matches(string name, string text) => IsAt(Path.Combine("Tests", "Golden", name), text);

    /// <summary>Holds a text against a file of the project, for documents that are written from the code.</summary>
    public static void IsAt(string pathInSolution, string text)
    {
        var path = Path.Combine(SolutionFolder.Path, pathInSolution);
        if (Environment.GetEnvironmentVariable("SVOM_UPDATE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }

        Assert.Equal(File.Exists(path) ? File.ReadAllText(path) : $"{pathInSolution} is missing", text);
    }
}
