using System.Diagnostics.Metrics;
using Svom.Monitoring;

namespace Svom.Workflows;

/// <summary>Figures of the workflow engine, meter <c>Svom.Workflows</c>. Counted once what they say is durable.</summary>
internal sealed class WorkflowMetrics
{
    public const string MeterName = "Svom.Workflows";

    private readonly WorkflowRegistry registry;
    private readonly Counter<long> started;
    private readonly Counter<long> closed;
    private readonly Counter<long> tasks;
    private readonly Counter<long> activities;

    public WorkflowMetrics(IMeterFactory meters, WorkflowRegistry registry, WarmWorkflows warm, ActivityPool pool)
    {
        this.registry = registry;
        var meter = meters.Create(MeterName);
        started = meter.CreateCounter<long>("svom.workflows.started", "{run}", "Runs that began.");
        closed = meter.CreateCounter<long>("svom.workflows.closed", "{run}", "Runs that ended, by how.");
        tasks = meter.CreateCounter<long>("svom.workflow.tasks", "{task}", "Workflow tasks by outcome.");
        activities = meter.CreateCounter<long>("svom.workflow.activities", "{activity}", "Activities by outcome; retried counts attempts that another follows.");
        meter.CreateObservableGauge("svom.workflows.warm", () => warm.Count, "{workflow}", "Workflows in memory.");
        meter.CreateObservableGauge("svom.workflow.activities.running", () => pool.Running, "{activity}", "Attempts of activities that run in this process.");
    }

    public void Landed(WorkflowTurn turn)
    {
        if (!started.Enabled)
        {
            return;
        }

        foreach (var record in turn.Records)
        {
            switch (record)
            {
                case EventRecorded { Event.Attributes: var written }:
                    Count(turn, written);
                    break;
                case AttemptRetried:
                    Activity("retried");
                    break;
                case LocalStepEnded { Step.Failure: var failure }:
                    activities.Add(1, Outcome(failure is null ? "completed" : "failed"), new("kind", "local"));
                    break;
            }
        }
    }

    private void Count(WorkflowTurn turn, EventAttributes written)
    {
        switch (written)
        {
            case WorkflowExecutionStarted begun:
                started.Add(1, Type(begun.WorkflowType));
                break;
            case WorkflowTaskCompleted:
                tasks.Add(1, Outcome("completed"));
                break;
            case WorkflowTaskFailed:
                tasks.Add(1, Outcome("failed"));
                break;
            case WorkflowTaskTimedOut:
                tasks.Add(1, Outcome("timed-out"));
                break;
            case ActivityTaskCompleted:
                Activity("completed");
                break;
            case ActivityTaskFailed:
                Activity("failed");
                break;
            case ActivityTaskTimedOut:
                Activity("timed-out");
                break;
            case ActivityTaskCanceled:
                Activity("canceled");
                break;
            default:
                if (End(written) is { } how)
                {
                    closed.Add(1, Type(turn.State.Run?.Started.WorkflowType), new("status", how));
                }

                break;
        }
    }

    private static string? End(EventAttributes written) => written switch
    {
        WorkflowExecutionCompleted => "completed",
        WorkflowExecutionFailed => "failed",
        WorkflowExecutionTimedOut => "timed-out",
        WorkflowExecutionCanceled => "canceled",
        WorkflowExecutionTerminated => "terminated",
        WorkflowExecutionContinuedAsNew => "continued-as-new",
        _ => null,
    };

    private void Activity(string outcome) => activities.Add(1, Outcome(outcome), new("kind", "activity"));

    private static KeyValuePair<string, object?> Outcome(string word) => new("outcome", word);

    // Anybody may ask for a workflow of any type.
    private KeyValuePair<string, object?> Type(string? type) => new("type", type is not null && registry.Workflow(type) is not null ? type : LabelWords.Other);
}
