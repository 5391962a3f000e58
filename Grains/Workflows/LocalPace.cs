namespace Svom.Workflows;

/// <summary>
/// Where the local activities of one type run: a type that has never held its caller for long runs within the workflow's turn, since two
/// changes of thread would cost more than it does; any other on the pool, so that a workflow hears of signals and cancellation meanwhile.
/// </summary>
internal sealed class LocalPace(TimeProvider time)
{
    private static readonly TimeSpan Quick = TimeSpan.FromMicroseconds(200);
    private const int Trials = 16;
    private const int Doubt = 1_000;

    // Quick runs in a row; below zero after a slow one. Runs at once may lose a count, which only delays the trust.
    private int quickRuns;

    public async Task<T> RunAsync<T>(Func<Task<T>> run)
    {
        return await (Volatile.Read(ref quickRuns) >= Trials ? Here(Timed) : Task.Run(Timed));

        Task<T> Timed()
        {
            var began = time.GetTimestamp();
            try
            {
                return run();
            }
            finally
            {
                var held = time.GetElapsedTime(began);
                Volatile.Write(ref quickRuns, held > Quick ? -Doubt : Math.Min(quickRuns + 1, Trials));
            }
        }
    }

    /// <summary>Runs on this thread, but not on the grain's scheduler: what the author awaits goes on in the pool.</summary>
    private static Task<T> Here<T>(Func<Task<T>> run)
    {
        var task = new Task<Task<T>>(run);
        task.RunSynchronously(TaskScheduler.Default);
        return task.Unwrap();
    }
}
