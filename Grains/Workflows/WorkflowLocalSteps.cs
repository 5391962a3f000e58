namespace Svom.Workflows;

/// <summary>The local activities of a run that are being run in this silo.</summary>
internal sealed class WorkflowLocalSteps(WorkflowServices services, WorkflowAddress address, Func<WorkflowItem, Task<ItemAnswer>> put, CancellationToken gone)
{
    private readonly Dictionary<(string RunId, int Sequence), CancellationTokenSource> running = [];

    public bool Any => running.Count > 0;

    /// <summary>Begins and stops what a durable turn says. One that runs already is not begun again: the code was only replayed.</summary>
    public void Begin(WorkflowTurn turn)
    {
        if (running.Count == 0 && turn.LocalToRun.Count == 0)
        {
            return;
        }

        var run = turn.State.Run!;
        foreach (var request in turn.LocalToRun.Where(_ => run.IsOpen))
        {
            var key = (run.RunId, request.Sequence);
            if (!running.ContainsKey(key))
            {
                var stop = CancellationTokenSource.CreateLinkedTokenSource(gone);
                running.Add(key, stop);
                _ = RunAsync(key, run, request, stop);
            }
        }

        foreach (var (key, stop) in running.ToArray())
        {
            if (!run.IsOpen || key.RunId != run.RunId || turn.LocalToStop.Contains(key.Sequence))
            {
                stop.Cancel();
            }
        }
    }

    private async Task RunAsync((string RunId, int Sequence) key, RunState run, LocalActivityRequest request, CancellationTokenSource stop)
    {
        try
        {
            var step = await services.Runner.RunLocalAsync(address, run, request, stop.Token);
            gone.ThrowIfCancellationRequested(); // It may have stopped for that alone, and the code must not take it for an end.
            var encoded = await services.Payloads.OutgoingAsync(step, gone);
            running.Remove(key);
            gone.ThrowIfCancellationRequested(); // It stopped since the silo goes, not since the code asked.
            await put(new LocalStepItem(key.RunId, step, encoded));
        }
        catch (OperationCanceledException) when (gone.IsCancellationRequested)
        {
            // The workflow leaves this silo: whoever takes it up runs the activity again.
        }
        catch (Exception failure)
        {
            services.Logger.LogLost(address, $"local activity {request.ActivityType}", failure);
        }
        finally
        {
            running.Remove(key);
            stop.Dispose();
        }
    }
}
