using System.Collections.Immutable;

namespace Svom.Workflows;

/// <content>Local activities.</content>
public sealed partial class WorkflowInstance
{
    private readonly Dictionary<int, LocalActivityOperation> locals = [];
    private readonly List<int> localsToRun = [];
    private readonly List<int> localsToStop = [];
    private int lastLocal;

    internal Task<ImmutableArray<Payload>> RunLocal(string type, ImmutableArray<Payload> arguments, LocalActivityOptions options)
    {
        if ((Times.Fault(options.ScheduleToCloseTimeout, options.StartToCloseTimeout) ?? options.RetryPolicy?.Fault()) is { } fault)
        {
            throw new ArgumentException($"Options of local activity '{type}': {fault}", nameof(options));
        }

        var token = Begin(options.CancellationToken);
        var request = new LocalActivityRequest(
            ++lastLocal, type, arguments, options.ScheduleToCloseTimeout, options.StartToCloseTimeout, options.RetryPolicy, WorkflowMarkers.NoPayloads);
        var operation = new LocalActivityOperation(this, request, options.CancellationType);
        locals.Add(request.Sequence, operation);
        localsToRun.Add(request.Sequence);
        Watch(operation, token);
        return operation.Task;
    }

    /// <param name="waits">The code waits for its end: where nobody runs it, it is run all the same, and stopped at once.</param>
    internal void StopLocal(LocalActivityOperation operation, bool waits)
    {
        if (operation.Given || waits)
        {
            localsToStop.Add(operation.Request.Sequence);
        }
        else
        {
            localsToRun.Remove(operation.Request.Sequence);
        }
    }

    private bool HasOpenLocals()
    {
        foreach (var local in locals.Values)
        {
            if (local.IsOpen)
            {
                return true;
            }
        }

        return false;
    }

    private void EndLocal(LocalStep step)
    {
        if (!locals.Remove(step.Sequence, out var operation))
        {
            throw new WorkflowNonDeterminismException(
                $"{Author}: local activity {step.Sequence} '{step.ActivityType}' ended, which the code did not ask for; it asked for {lastLocal} so far.");
        }

        if (!string.Equals(operation.Request.ActivityType, step.ActivityType, StringComparison.Ordinal))
        {
            throw new WorkflowNonDeterminismException(
                $"{Author}: history has local activity {step.Sequence} '{step.ActivityType}' where the code now asks for local activity '{operation.Request.ActivityType}'.");
        }

        localsToRun.Remove(step.Sequence);
        localsToStop.Remove(step.Sequence);
        if (closed || !operation.IsOpen)
        {
            return; // The code went on without it.
        }

        issued.Add(new(WorkflowMarkers.Of(step), null, null));
        operation.End(step);
        Drain();
    }

    private (ImmutableArray<LocalActivityRequest> ToRun, ImmutableArray<int> ToStop) TakeLocals()
    {
        if (closed)
        {
            return ([], AllGivenLocals());
        }

        if (localsToRun.Count == 0 && localsToStop.Count == 0)
        {
            return ([], []);
        }

        var toRun = ImmutableArray.CreateBuilder<LocalActivityRequest>(localsToRun.Count);
        foreach (var sequence in localsToRun)
        {
            var operation = locals[sequence];
            operation.Given = true;
            toRun.Add(operation.Request);
        }

        ImmutableArray<int> toStop = [.. localsToStop];
        localsToRun.Clear();
        localsToStop.Clear();
        return (toRun.MoveToImmutable(), toStop);
    }

    private ImmutableArray<int> AllGivenLocals()
    {
        var given = ImmutableArray.CreateBuilder<int>();
        foreach (var local in locals.Values)
        {
            if (local.Given)
            {
                given.Add(local.Request.Sequence);
            }
        }

        given.Sort();
        return given.ToImmutable();
    }
}
