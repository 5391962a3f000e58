namespace Svom.Workflows;

/// <summary>
/// Pauses before further attempts of a workflow task: 1 s, 2 s, 4 s, … up to a minute. Code that fails on its history mostly fails
/// until somebody ships a mended version; a minute after that it goes on.
/// </summary>
internal static class TaskBackoff
{
    private const int Longest = 60;

    /// <param name="attempt">The attempt that failed: 1, 2, 3, …</param>
    public static TimeSpan PauseAfter(int attempt) => TimeSpan.FromSeconds(attempt > 6 ? Longest : Math.Min(Longest, 1 << (attempt - 1)));
}
