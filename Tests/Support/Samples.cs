namespace Svom.Support;

/// <summary>
/// Real data that are not part of the project: <c>SVOM_SAMPLES</c>, else <c>../shared/samples</c> beside the folder that holds the
/// solution. A test that needs them is skipped, with that reason, where they are not.
/// </summary>
public static class Samples
{
    /// <summary>The folder of samples; null when this machine has none.</summary>
    public static string? Folder { get; } = Find();

    /// <summary>A path below the samples; skips the test when they are not here.</summary>
    public static string Require(params string[] path)
    {
        Assert.SkipWhen(Folder is null, "no samples: set SVOM_SAMPLES, or put them in ../shared/samples beside the solution's folder");
        return Path.Combine([Folder!, .. path]);
    }

    private static string? Find() =>
        new[] { Environment.GetEnvironmentVariable("SVOM_SAMPLES"), Path.Combine(SolutionFolder.Path, "..", "shared", "samples") }
            .FirstOrDefault(static folder => folder is not null && Directory.Exists(folder));
}
