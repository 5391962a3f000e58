namespace Svom.Hosting;

/// <summary>The folder that holds everything the platform keeps.</summary>
public static class DataPath
{
    private const string Variable = "SVOM_DATA";
    private const string SolutionFile = "Svom.Orleans.sln";

    /// <summary><c>--data</c>, else <c>SVOM_DATA</c>, else <c>data/</c> beside the solution file, else <c>data/</c> in the caller's folder.</summary>
    public static string Resolve(string? option)
    {
        var chosen = option ?? Environment.GetEnvironmentVariable(Variable);
        return Path.GetFullPath(string.IsNullOrWhiteSpace(chosen) ? Path.Combine(SolutionFolder() ?? Environment.CurrentDirectory, "data") : chosen);
    }

    /// <summary>Makes the folder, for its owner alone.</summary>
    public static void Create(string folder)
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(folder);
            }
            else
            {
                Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CannotStartException($"The data folder {folder} cannot be made ({failure.Message}). Choose another with --data or {Variable}.", failure);
        }
    }

    private static string? SolutionFolder()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, SolutionFile)))
            {
                return folder.FullName;
            }
        }

        return null;
    }
}
