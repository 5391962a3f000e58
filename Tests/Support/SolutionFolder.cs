namespace Svom.Support;

/// <summary>The folder that holds the solution, found upwards from where the tests run.</summary>
public static class SolutionFolder
{
    public static string Path { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Svom.Orleans.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException("Svom.Orleans.sln lies in no folder above the tests.");
    }
}
