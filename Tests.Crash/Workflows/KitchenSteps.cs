using System.Globalization;
using Svom.Workflows;

namespace Svom.Crash;

/// <summary>Steps that need nothing of the workflow's own fields.</summary>
internal static class KitchenSteps
{
    public static async Task<string> DoAsync(Step step, CancellationToken token)
    {
        switch (step.Kind)
        {
            case StepKind.Activity:
                return await Workflow.ExecuteActivityAsync<string>("work", [step], Options(step, token, step.Name));
            case StepKind.Local:
                return await Workflow.ExecuteLocalActivityAsync<string>("work", [step], new()
                {
                    ScheduleToCloseTimeout = Span(step.ScheduleToClose),
                    StartToCloseTimeout = Span(step.StartToClose),
                    RetryPolicy = Policy(step),
                    CancellationType = (ActivityCancellationType)step.Cancel,
                    CancellationToken = token,
                });
            case StepKind.Timer:
                await Workflow.DelayAsync(TimeSpan.FromMilliseconds(step.Ms ?? 0), token, summary: step.Name.Length > 0 ? step.Name : null);
                return "t";
            case StepKind.SideEffect:
                // What it drew becomes an id in the history: a replay that drew again would not fit.
                return await DrawnAsync(step, Workflow.SideEffect(Guid.NewGuid), token);
            case StepKind.Draw:
                return await DrawnAsync(step, Workflow.NewGuid(), token);
            case StepKind.Deprecate:
                Workflow.DeprecatePatch(step.Name);
                return "";
            case StepKind.Child:
                return await ChildAsync(step, token);
            case StepKind.Fail:
                throw new ApplicationFailureException(step.Name, step.ErrorType, step.NonRetryable);
            case StepKind.Break:
                return Places.IsRepaired(Workflow.Info.WorkflowId, step.Name) ? "mended" : throw new InvalidOperationException($"{step.Name} is broken");
            case StepKind.Memo:
                Workflow.UpsertMemo(Entry(step));
                return "";
            case StepKind.Search:
                Workflow.UpsertSearchAttributes(Entry(step));
                return "";
            case StepKind.SignalOther:
                var (signal, value) = step.Text.Split('=') is [var name, var said] ? (name, said) : (step.Text, "");
                await Workflow.GetExternalWorkflowHandle(step.Name).SignalAsync("say", [signal, value], token);
                return "sent";
            case StepKind.CancelOther:
                await Workflow.GetExternalWorkflowHandle(step.Name).CancelAsync();
                return "asked";
            case StepKind.Say:
                return step.Name;
            case StepKind.Info:
                return Info(step.Name);
            default:
                return await ForeignAsync(step);
        }
    }

    public static ContinueAsNewOptions Continuation(Step step) => new()
    {
        Backoff = Span(step.Ms),
        Memo = step.Text.Length > 0 ? Entry(step) : null,
    };

    private static async Task<string> DrawnAsync(Step step, Guid drawn, CancellationToken token)
    {
        await Workflow.ExecuteActivityAsync<string>("work", [step with { Kind = StepKind.Activity, Name = "drawn" }], Options(step, token, drawn.ToString()));
        return "drawn";
    }

    private static async Task<string> ChildAsync(Step step, CancellationToken token)
    {
        var id = step.Name.StartsWith('/') ? Workflow.Info.WorkflowId + step.Name : step.Name;
        var child = await Workflow.StartChildWorkflowAsync<string>("Kitchen", [Do.Seq(step.Steps)], new()
        {
            Id = id,
            ParentClosePolicy = (ParentClosePolicy)step.ParentClose,
            CancellationType = (ChildWorkflowCancellationType)step.Cancel,
            IdReusePolicy = (WorkflowIdReusePolicy)step.Reuse,
            RunTimeout = Span(step.StartToClose),
            CancellationToken = token,
            RetryPolicy = step.Attempts > 0 ? Policy(step) : null,
            Summary = step.ErrorType,
        });
        if (step.Text.Split('=') is [var signal, var value])
        {
            await child.SignalAsync("say", [signal, value], token);
        }

        return step.StartOnly ? "begun" : $"<{await child.GetResultAsync()}>";
    }

    private static ActivityOptions Options(Step step, CancellationToken token, string id) => new()
    {
        ActivityId = id,
        ScheduleToCloseTimeout = Span(step.ScheduleToClose),
        ScheduleToStartTimeout = Span(step.ScheduleToStart),
        StartToCloseTimeout = Span(step.StartToClose) ?? (step.ScheduleToClose is null ? TimeSpan.FromMinutes(5) : null),
        HeartbeatTimeout = Span(step.Heartbeat),
        RetryPolicy = Policy(step),
        CancellationType = (ActivityCancellationType)step.Cancel,
        CancellationToken = token,
        TaskQueue = step.Queue,
    };

    private static RetryPolicy Policy(Step step) => new()
    {
        InitialInterval = TimeSpan.FromMilliseconds(step.Pause),
        BackoffCoefficient = 1,
        MaximumAttempts = step.Attempts,
        NonRetryableErrorTypes = [.. step.NonRetryableTypes],
    };

    private static Dictionary<string, object?> Entry(Step step) => new(StringComparer.Ordinal) { [step.Name] = step.Text.Length > 0 ? step.Text : null };

    private static TimeSpan? Span(int? ms) => ms is { } some ? TimeSpan.FromMilliseconds(some) : null;

    private static string Info(string what) => what switch
    {
        "attempt" => Workflow.Info.Attempt.ToString(CultureInfo.InvariantCulture),
        "continued" => Workflow.Info.ContinuedRunId is null ? "first" : "continued",
        "parent" => Workflow.Info.Parent?.Run.WorkflowId ?? "none",
        "lastFailure" => Workflow.Info.LastFailure?.Message ?? "none",
        "suggested" => Workflow.ContinueAsNewSuggested ? "long" : "short",
        "memo" => string.Join(',', Workflow.Memo.Select(static pair => $"{pair.Key}={Workflow.PayloadConverter.ToValue<string>(pair.Value)}")),
        "search" => string.Join(',', Workflow.SearchAttributes.Select(static pair => $"{pair.Key}={Workflow.PayloadConverter.ToValue<string>(pair.Value)}")),
        "clock" => Workflow.UtcNow == Workflow.UtcNow && Workflow.UtcNow.Kind == DateTimeKind.Utc ? "still" : "moves",
        _ => Workflow.Info.WorkflowType,
    };

    private static async Task<string> ForeignAsync(Step step)
    {
        switch (step.Name)
        {
            case "delay":
#pragma warning disable RS0030 // The very thing that the engine has to find.
                await Task.Delay(1);
#pragma warning restore RS0030
                return "slept";
            case "cancel":
                var stop = new CancellationTokenSource();
                var timer = Workflow.DelayAsync(TimeSpan.FromMinutes(10), stop.Token);
                await stop.CancelAsync(); // Cancels on a thread of its own.
                await timer;
                return "never";
            default:
                await Task.Run(static () => { });
                return "ran";
        }
    }
}
