namespace Svom.Tests.Support;

/// <summary>Real public data, kept outside the project: SVOM_SAMPLES, else ../shared/samples beside the folder of the solution.</summary>
public static class Samples
{
    /// <summary>Folder of the samples; null where there are none.</summary>
    public static string? Folder { get; } = Find();

    /// <summary>Folder of the solution.</summary>
    public static string Solution { get; } = SolutionFolder();

    /// <summary>The folder or file below the samples, or skips the test and says why.</summary>
    public static string Require(string relative)
    {
        var path = Folder is null ? null : Path.Combine(Folder, relative);
        if (path is null || !(Directory.Exists(path) || File.Exists(path)))
        {
            Assert.Skip($"Real samples are not here ({relative}): set SVOM_SAMPLES to their folder.");
        }

        return path;
    }

    private static string? Find()
    {
        var named = Environment.GetEnvironmentVariable("SVOM_SAMPLES");
        var beside = Path.Combine(SolutionFolder(), "..", "shared", "samples");
        return named is { Length: > 0 } && Directory.Exists(named) ? named : Directory.Exists(beside) ? Path.GetFullPath(beside) : null;
    }

    private static string SolutionFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Svom.Orleans.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException("The tests run outside the folder of the solution.");
    }
}
