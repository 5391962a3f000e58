namespace Svom.Simulation;

/// <summary>Where the platform keeps its data, and in them the operator's token.</summary>
internal static class DataFolder
{
    private const string SolutionFile = "Svom.Orleans.sln";

    /// <summary>The folder given, else <c>SVOM_DATA</c>, else <c>data/</c> beside the solution file.</summary>
    public static string Find(string? given)
    {
        if (given is not null)
        {
            return given;
        }

        if (Environment.GetEnvironmentVariable("SVOM_DATA") is { Length: > 0 } set)
        {
            return set;
        }

        foreach (var start in new[] { Directory.GetCurrentDirectory(), AppContext.BaseDirectory })
        {
            for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            {
                if (File.Exists(Path.Combine(folder.FullName, SolutionFile)))
                {
                    return Path.Combine(folder.FullName, "data");
                }
            }
        }

        return Path.Combine(Directory.GetCurrentDirectory(), "data");
    }

    /// <summary>The operator's token.</summary>
    /// <exception cref="PlatformException">There is none; the sentence names the settings.</exception>
    public static string ReadToken(string? tokenFile, string? data)
    {
        var file = tokenFile ?? Path.Combine(Find(data), "operator.token");
        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new PlatformException($"No token at {file}: start the platform first, or name its data folder with --data or a token with --token-file.", error);
        }
    }
}
