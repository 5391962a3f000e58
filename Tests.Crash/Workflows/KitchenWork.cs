using System.Collections.Concurrent;
using Svom.Workflows;

namespace Svom.Crash;

/// <summary>The activity of scenarios. Each attempt leaves a line in the file of effects before it does anything else.</summary>
internal sealed class KitchenWork(EffectFile effects)
{
    [Activity("work")]
    public async Task<string> WorkAsync(Step step)
    {
        var context = ActivityExecutionContext.Current;
        var (info, stop) = (context.Info, context.CancellationToken);
        effects.Write(info.Workflow.WorkflowId, step.Name, context.IdempotencyKey, info.Attempt);
        if (info.Attempt <= step.Count)
        {
            throw new ApplicationFailureException($"{step.Name} fails", step.ErrorType, step.NonRetryable, nextRetryDelay: step.Act == Act.NextDelay ? TimeSpan.FromMilliseconds(5) : null);
        }

        switch (step.Act)
        {
            case Act.Hang:
                await Task.Delay(Timeout.InfiniteTimeSpan, stop);
                return "never";
            case Act.HangAndReturn:
                await Task.WhenAny(Task.Delay(Timeout.InfiniteTimeSpan, stop));
                return "stopped";
            case Act.Gate:
                await Places.GateAsync(info.Workflow.WorkflowId, step.Name);
                return step.Name;
            case Act.Elsewhere:
                effects.Keep(info.Workflow.WorkflowId, step.Name, info.TaskToken.ToArray());
                throw new CompleteAsyncException();
            case Act.Beat:
                for (var gate = Places.GateAsync(info.Workflow.WorkflowId, step.Name); !gate.IsCompleted; await Task.WhenAny(gate, Task.Delay(10, stop)))
                {
                    stop.ThrowIfCancellationRequested();
                    context.Heartbeat("alive");
                }

                return step.Name;
            case Act.BeatAndFail when context.HeartbeatDetailAt<string>(0) is not { } told:
                context.Heartbeat("half");
                throw new ApplicationFailureException("half done", "Half");
            case Act.BeatAndFail:
                return context.HeartbeatDetailAt<string>(0);
            case Act.Large:
                return new string('x', 200_000);
            default:
                return step.Name;
        }
    }
}

/// <summary>What scripts and the code of workflows share within one process.</summary>
internal static class Places
{
    private static readonly ConcurrentDictionary<(string, string), TaskCompletionSource> Gates = new();
    private static readonly ConcurrentDictionary<(string, string), bool> Repaired = new();

    public static ConcurrentDictionary<(string Workflow, string Activity), byte[]> Tokens { get; } = new();

    public static Task GateAsync(string workflow, string name) => Gate(workflow, name).Task;

    public static void Open(string workflow, string name) => Gate(workflow, name).TrySetResult();

    public static void Repair(string workflow, string name) => Repaired[(workflow, name)] = true;

    public static bool IsRepaired(string workflow, string name) => Repaired.ContainsKey((workflow, name));

    private static TaskCompletionSource Gate(string workflow, string name) =>
        Gates.GetOrAdd((workflow, name), static _ => new(TaskCreationOptions.RunContinuationsAsynchronously));
}
