namespace Svom.Support;

/// <summary>Where the sources are, for tests that read them.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Svom.Orleans.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("Svom.Orleans.sln is in no folder above the tests.");
    }
}
